#include "demo_command.h"

#include <fmt/format.h>

#include "candor/base/file.h"
#include "candor/navigation/experiment.h"
#include "candor/navigation/forecast_tokenizer.h"
#include "candor/report/report.h"
#include "demo_tables.h"
#include "model_options.h"

namespace candor::app {
namespace {

constexpr const char* traffic_file = "/metro-traffic/Metro_Interstate_Traffic_Volume.csv.gz";

struct DemoOptions {
  std::string data;
  navigation::ExperimentOptions experiment;
  bool honest = false;
  std::string report;
  std::string out = "candor-demo";
  bool json = false;
  MachineOptions machine;
};

// Small enough to be trained dozens of times in minutes, large enough to learn the week.
checkpoint::ModelConfig forecaster(const tokenizer::Tokenizer& tokenizer) {
  checkpoint::ModelConfig config;
  config.architecture = checkpoint::Architecture::llama;
  config.vocabulary = tokenizer.vocabulary();
  config.context = 48;
  config.width = 64;
  config.layers = 2;
  config.heads = 4;
  config.kv_heads = 4;
  config.head_width = 16;
  config.hidden = 172;
  config.tied_embeddings = true;
  if (tokenizer.end()) config.end_tokens = {*tokenizer.end()};
  return config;
}

std::string data_path(const DemoOptions& options) {
  if (!options.data.empty()) return options.data;
  const char* folder = std::getenv("CANDOR_DATA");
  return std::string(folder != nullptr ? folder : "../shared/data") + traffic_file;
}

Status show(const DemoOptions& options, const checkpoint::ModelConfig& config,
            const navigation::ExperimentResult& result) {
  if (!options.report.empty())
    CANDOR_CHECK(write_file(
        options.report,
        report::render_report(navigation_report_json(
            result, fmt::format("llama, {} parameters", count_text(config.parameters()))))));
  if (options.json) {
    fmt::print("{}\n", navigation::experiment_json(result));
  } else {
    fmt::print("{}", navigation_table(result));
  }
  return {};
}

Status navigate(const DemoOptions& options) {
  CANDOR_TRY(const navigation::TrafficSeries series,
             options.data.empty()
                 ? navigation::read_or_generate(data_path(options), options.experiment.seed)
                 : navigation::read_traffic(options.data));
  note(series.generated()
           ? "no traffic data at hand (CANDOR_DATA): a made-up series stands in for it"
           : "traffic: " + series.source());
  CANDOR_CHECK(note_machine(options.machine));
  const std::string vocabulary = options.out + "/tokenizer";
  CANDOR_CHECK(navigation::write_forecast_tokenizer(vocabulary));
  CANDOR_TRY(const auto tokenizer, read_tokenizer(vocabulary, ""));
  const checkpoint::ModelConfig config = forecaster(*tokenizer);
  lm::ModelOptions one_thread = options.machine.model_options();
  one_thread.threads = 1;  // seeds run side by side, and the model is too small to be shared out
  const auto factory = [&](std::uint64_t seed) {
    return lm::create_policy(config, seed, one_thread);
  };
  navigation::ExperimentOptions experiment = options.experiment;
  experiment.folder = options.out;
  experiment.threads = options.machine.threads;
  if (options.honest) experiment.crowd = navigation::honest_crowd();
  CANDOR_TRY(const navigation::ExperimentResult result,
             navigation::run_experiment(series, *tokenizer, factory, experiment, &note));
  return show(options, config, result);
}

void add_navigation(CLI::App& demo, Action& action) {
  const auto options = std::make_shared<DemoOptions>();
  navigation::ExperimentOptions& experiment = options->experiment;
  CLI::App& verb = *demo.add_subcommand(
      "navigation",
      "A model writes traffic forecasts, drivers of whom a majority lies judge them, nine ways of "
      "pooling what they say train it");
  verb.add_option(
          "--data", options->data,
          "The traffic table; without it, the one in the folder CANDOR_DATA, or a made-up series")
      ->type_name("FILE");
  verb.add_option("--methods", experiment.methods, "Which to compare")
      ->delimiter(',')
      ->type_name("NAME,...");
  const auto count = [&](const char* name, std::size_t& target, const char* text) {
    verb.add_option(name, target, text)->check(whole_number_from(1))->capture_default_str();
  };
  count("--seeds", experiment.seeds, "Repetitions, for the intervals");
  count("--rounds", experiment.rounds, "Rounds of collecting and training");
  count("--slots", experiment.slots, "Pairs of forecasts a round");
  verb.add_option("--seed", experiment.seed, "The first of the seeds")
      ->check(whole_number_from(0))
      ->capture_default_str();
  verb.add_flag("--honest", options->honest, "The same drivers, and nobody lies");
  verb.add_option("--out", options->out, "Where models and the tokenizer go")
      ->type_name("FOLDER")
      ->capture_default_str();
  verb.add_flag("--keep-campaigns", experiment.keep_campaigns,
                "Keep each campaign's ledger and policies in the folder, for candor verify");
  verb.add_option("--report", options->report, "Write the result as an HTML page")
      ->type_name("FILE");
  verb.add_flag("--json", options->json, "Print the result as JSON");
  options->machine.add_to(verb);
  verb.callback([options, &action] { action = [options] { return navigate(*options); }; });
}

}  // namespace

void add_demo(CLI::App& program, Action& action) {
  CLI::App& demo = *program.add_subcommand(
      "demo", "The experiments on real data, with models trained on the spot");
  demo.require_subcommand(1);
  add_navigation(demo, action);
  add_arguments_demo(demo, action);
}

}  // namespace candor::app
