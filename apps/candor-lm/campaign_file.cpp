#include "campaign_file.h"

#include <filesystem>
#include <memory>

#include "candor/checkpoint/json_nesting.h"
#include "json_lines.h"
#include "strict_object.h"

namespace candor::app {
namespace {

using Json = nlohmann::json;

// Each reads one object of the file into its part of the settings.
Status read_model(StrictObject object, CampaignFile& file) {
  object.read("path", file.model);
  object.read("tokenizer", file.tokenizer);
  object.read("chat_template", file.options.chat_template);
  object.read("device", file.model_options.device);
  object.read("precision", file.model_options.precision);
  object.read("threads", file.model_options.threads);
  object.read("activation_checkpointing", file.model_options.activation_checkpointing);
  if (const Json* json = object.object("adapter")) {
    lm::AdapterOptions adapter;
    StrictObject inner = object.inside("adapter", *json);
    inner.read("rank", adapter.rank);
    inner.read("alpha", adapter.alpha);
    inner.read("targets", adapter.targets);
    object.adopt(inner.finish());
    file.model_options.adapter = adapter;
  }
  return object.finish();
}

Status read_workers(StrictObject object, CrowdChoice& crowd) {
  using campaign::Conduct;
  campaign::JudgedWorkers& workers = crowd.workers.emplace_back();
  object.read("count", workers.count);
  object.read("accuracy", workers.accuracy);
  object.choose<Conduct>("conduct", workers.conduct,
                         {{"honest", Conduct::honest},
                          {"contrarian", Conduct::contrarian},
                          {"always-a", Conduct::always_a}});
  return object.finish();
}

Status read_crowd(StrictObject object, CrowdChoice& crowd) {
  object.read("reports", crowd.reports);
  object.read("reports_a_slot", crowd.reports_a_slot);
  object.read("judge", crowd.judge);
  if (const Json* list = object.list("workers"))
    for (const Json& workers : *list)
      object.adopt(read_workers(object.inside("workers", workers), crowd));
  return object.finish();
}

Status read_mechanism(StrictObject object, mechanism::MechanismSpec& spec) {
  object.read("weight_rule", spec.weight_rule);
  object.read("step_size", spec.weighted_score.step_size);
  object.read("share", spec.weighted_score.share);
  object.read("asks", spec.asking.asks);
  object.read("asking_step_size", spec.asking.step_size);
  object.read("exploration", spec.asking.exploration);
  object.read("label", spec.label);
  object.choose<mechanism::Output>(
      "output", spec.output,
      {{"pooled", mechanism::Output::pooled}, {"drawn", mechanism::Output::drawn}});
  return object.finish();
}

Status read_generate(StrictObject object, policy::GenerateOptions& generate) {
  object.read("max_tokens", generate.max_tokens);
  object.read("temperature", generate.temperature);
  object.read("top_k", generate.top_k);
  object.read("top_p", generate.top_p);
  return object.finish();
}

Status read_objective(StrictObject object, campaign::CampaignOptions& options) {
  align::ObjectiveOptions& numbers = options.objective_options;
  object.read("name", options.objective);
  object.read("beta", numbers.beta);
  object.read("ipo_tau", numbers.ipo_tau);
  object.read("flip_rate", numbers.flip_rate);
  object.read("clip", numbers.clip);
  object.read("simpo_margin", numbers.simpo_margin);
  object.read("eta", numbers.eta);
  object.read("inpo_tau", numbers.inpo_tau);
  object.read("samples", numbers.samples);
  return object.finish();
}

Status read_training(StrictObject object, align::TrainerOptions& train) {
  object.read("batch", train.batch);
  object.read("piece", train.piece);
  object.read("epochs", train.epochs);
  object.read("learning_rate", train.step.learning_rate);
  object.read("weight_decay", train.step.weight_decay);
  object.read("max_gradient_norm", train.step.max_gradient_norm);
  object.read("save_every", train.save_every);
  object.choose<align::Schedule::Kind>("schedule", train.schedule.kind,
                                       {{"constant", align::Schedule::Kind::constant},
                                        {"linear", align::Schedule::Kind::linear},
                                        {"cosine", align::Schedule::Kind::cosine}});
  object.read("warmup_steps", train.schedule.warmup_steps);
  return object.finish();
}

void read_lag(StrictObject& object, std::size_t& lag) {
  std::size_t number = 0;
  const bool has_lag = object.has("outcome_lag");
  object.read("outcome_lag", number);
  if (has_lag) lag = number;
}

void read_loop(StrictObject& object, campaign::CampaignOptions& options) {
  using campaign::LabelSource;
  using campaign::Opponent;
  using campaign::Reference;
  object.read("name", options.name);
  object.read("rounds", options.rounds);
  object.read("slots_per_round", options.slots_per_round);
  object.read("rounds_remembered", options.rounds_remembered);
  object.read("seed", options.seed);
  read_lag(object, options.outcome_lag);
  object.choose<LabelSource>("label", options.label,
                             {{"mechanism", LabelSource::mechanism},
                              {"dawid-skene", LabelSource::dawid_skene},
                              {"outcome", LabelSource::outcome}});
  object.choose<Opponent>("opponent", options.opponent,
                          {{"current", Opponent::current},
                           {"previous", Opponent::previous},
                           {"initial", Opponent::initial}});
  object.choose<Reference>("reference", options.reference,
                           {{"initial", Reference::initial}, {"previous", Reference::previous}});
}

void read_parts(StrictObject& object, CampaignFile& file) {
  const auto part = [&](const char* name, auto read, auto& target) {
    if (const Json* json = object.object(name))
      object.adopt(read(object.inside(name, *json), target));
  };
  part("model", &read_model, file);
  part("crowd", &read_crowd, file.crowd);
  part("mechanism", &read_mechanism, file.options.mechanism);
  part("generate", &read_generate, file.options.generate);
  part("objective", &read_objective, file.options);
  part("training", &read_training, file.options.train);
}

Status check_complete(const CampaignFile& file, const std::string& path) {
  const auto missing = [&](const char* field, const char* expected) {
    return Error{ErrorCode::malformed, "nothing"}
        .in_file(path)
        .in_field(field)
        .expecting(expected)
        .way("add it; docs/align.md has an example");
  };
  if (file.model.empty()) return missing("model.path", "a model folder or a .gguf file");
  if (file.prompts.empty()) return missing("prompts", "a file of prompts");
  if (file.crowd.reports.empty() && file.crowd.judge.empty())
    return missing("crowd",
                   "reports (a table that people fill in), or a judge and simulated workers");
  return {};
}

// A path in the file, as seen from where the program runs.
void anchor(std::string& path, const std::string& folder) {
  if (!path.empty() && std::filesystem::path(path).is_relative()) path = folder + "/" + path;
}

void anchor_paths(CampaignFile& file, const std::string& folder) {
  anchor(file.model, folder);
  anchor(file.tokenizer, folder);
  anchor(file.prompts, folder);
  anchor(file.crowd.reports, folder);
  if (file.crowd.judge != "longer" && file.crowd.judge != "shorter")
    anchor(file.crowd.judge, folder);
}

}  // namespace

Result<CampaignFile> read_campaign_file(const std::string& folder) {
  const std::string path = folder + "/campaign.json";
  CANDOR_TRY(const std::string text, read_bytes(path));
  CANDOR_CHECK(checkpoint::check_nesting(text, path));
  const Json json = Json::parse(text, nullptr, false);
  // On the heap: g++ 12 sees uninitialised members in the moved-from value that are not.
  const auto made = std::make_unique<CampaignFile>();
  CampaignFile& file = *made;
  StrictObject object(json, path);
  if (json.is_discarded()) object.fail("", "text that is not JSON", "an object of settings");
  object.read("prompts", file.prompts);
  read_loop(object, file.options);
  read_parts(object, file);
  CANDOR_CHECK(object.finish());
  CANDOR_CHECK(check_complete(file, path));
  anchor_paths(file, folder);
  file.options.folder = folder;
  return std::move(file);
}

}  // namespace candor::app
