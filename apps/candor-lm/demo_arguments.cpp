#include <fmt/format.h>

#include <cstdlib>

#include "candor/arguments/experiment.h"
#include "candor/base/file.h"
#include "candor/lm/reward_model.h"
#include "candor/report/report.h"
#include "candor/tokenizer/bpe_trainer.h"
#include "demo_command.h"
#include "demo_tables.h"
#include "model_options.h"

namespace candor::app {
namespace {

struct ArgumentsDemo {
  std::string data;
  std::string model;  // a pretrained one, with an adapter, instead of a small new one
  std::size_t rank = 8;
  arguments::ArgumentsOptions experiment;
  std::string report;
  bool json = false;
  MachineOptions machine;
};

// What a run of the experiment is made of; text and tokenizer live as long as the run.
struct Parts {
  std::shared_ptr<const tokenizer::Tokenizer> tokenizer;
  arguments::ModelFactories models;
};

constexpr std::size_t vocabulary = 2048;

checkpoint::ModelConfig small_reader(const tokenizer::Tokenizer& tokenizer, std::size_t context) {
  checkpoint::ModelConfig config;
  config.architecture = checkpoint::Architecture::llama;
  config.vocabulary = tokenizer.vocabulary();
  config.context = context;
  config.width = 128;
  config.layers = 4;
  config.heads = 4;
  config.kv_heads = 4;
  config.head_width = 32;
  config.hidden = 344;
  config.tied_embeddings = true;
  if (tokenizer.end()) config.end_tokens = {*tokenizer.end()};
  return config;
}

Result<arguments::CrowdText> read_debates(const ArgumentsDemo& demo) {
  const char* folder = std::getenv("CANDOR_DATA");
  const std::string path =
      demo.data.empty()
          ? std::string(folder != nullptr ? folder : "../shared/data") + "/ukp_convarg1"
          : demo.data;
  auto text = arguments::read_crowd_text(path);
  if (text.ok()) {
    note("debates: " + text->source);
    return text;
  }
  if (!demo.data.empty() || text.error().code != ErrorCode::not_found) return text;
  note("no debates at hand (CANDOR_DATA): made-up ones stand in for them");
  return arguments::generated_crowd_text(demo.experiment.seed);
}

Result<Parts> new_models(const ArgumentsDemo& demo, const arguments::CrowdText& text) {
  tokenizer::BpeTrainingOptions options;
  options.vocabulary = vocabulary;
  CANDOR_TRY(auto trained, tokenizer::train_bpe(arguments::corpus_for_vocabulary(text), options));
  Parts parts{std::move(trained), {}};
  const checkpoint::ModelConfig config = small_reader(*parts.tokenizer, demo.experiment.max_tokens);
  const lm::ModelOptions machine = demo.machine.model_options();
  parts.models.policy = [config, machine](std::uint64_t seed) {
    return lm::create_policy(config, seed, machine);
  };
  parts.models.reward = [machine](std::uint64_t, const std::string& base) {
    return lm::load_reward_model(base, machine);
  };
  return parts;
}

Result<Parts> pretrained_models(const ArgumentsDemo& demo) {
  CANDOR_TRY(auto tokenizer, read_tokenizer(demo.model, ""));
  Parts parts{std::move(tokenizer), {}};
  lm::ModelOptions machine = demo.machine.model_options();
  machine.adapter = lm::AdapterOptions{};
  machine.adapter->rank = demo.rank;
  machine.adapter->alpha = 2.0 * static_cast<double>(demo.rank);
  const std::string model = demo.model;
  parts.models.policy = [model, machine](std::uint64_t) { return lm::load_policy(model, machine); };
  parts.models.reward = [model, machine](std::uint64_t, const std::string&) {
    return lm::load_reward_model(model, machine);
  };
  return parts;
}

Status debate(const ArgumentsDemo& demo) {
  CANDOR_TRY(const arguments::CrowdText text, read_debates(demo));
  CANDOR_CHECK(note_machine(demo.machine));
  CANDOR_TRY(const Parts parts,
             demo.model.empty() ? new_models(demo, text) : pretrained_models(demo));
  arguments::ArgumentsOptions experiment = demo.experiment;
  if (!demo.model.empty()) experiment.warm_up_epochs = 0;
  CANDOR_TRY(const arguments::ArgumentsResult result,
             arguments::run_arguments(text, *parts.tokenizer, parts.models, experiment, &note));
  const std::string json = arguments::arguments_json(result);
  if (!demo.report.empty())
    CANDOR_CHECK(write_file(demo.report, report::render_report(nlohmann::json::parse(json))));
  fmt::print("{}", demo.json ? json + "\n" : arguments_table(result));
  return {};
}

}  // namespace

void add_arguments_demo(CLI::App& demo, Action& action) {
  const auto options = std::make_shared<ArgumentsDemo>();
  arguments::ArgumentsOptions& experiment = options->experiment;
  experiment.folder = "candor-demo/arguments";
  CLI::App& verb =
      *demo.add_subcommand("arguments",
                           "84,445 votes on which of two arguments convinces: language and reward "
                           "models trained on what "
                           "each way of pooling makes of them, with and without strategic workers");
  verb.add_option(
          "--data", options->data,
          "The folder of UKPConvArg1; without it, the one in CANDOR_DATA, or made-up debates")
      ->type_name("FOLDER");
  verb.add_option(
          "--model", options->model,
          "A pretrained model (folder or .gguf), trained with an adapter, instead of a small "
          "one made on the spot")
      ->type_name("PATH");
  verb.add_option("--methods", experiment.methods, "Which to compare")
      ->delimiter(',')
      ->type_name("NAME,...");
  const auto count = [&](const char* name, std::size_t& target, const char* text) {
    verb.add_option(name, target, text)->check(whole_number_from(1))->capture_default_str();
  };
  count("--seeds", experiment.seeds, "Repetitions, for the intervals");
  count("--pairs", experiment.training_pairs, "Training pairs");
  count("--max-tokens", experiment.max_tokens, "Tokens of an argument that models see");
  verb.add_option("--seed", experiment.seed, "The first of the seeds")
      ->check(whole_number_from(0))
      ->capture_default_str();
  verb.add_option("--report", options->report, "Write the result as an HTML page")
      ->type_name("FILE");
  verb.add_flag("--json", options->json, "Print the result as JSON");
  options->machine.add_to(verb);
  verb.callback([options, &action] { action = [options] { return debate(*options); }; });
}

}  // namespace candor::app
