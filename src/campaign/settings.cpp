#include "campaign/settings.h"

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "candor/base/file.h"
#include "candor/event/chain.h"
#include "candor/event/codec.h"

namespace candor::campaign {
namespace {

using Json = nlohmann::ordered_json;

std::string json_of(const event::CampaignOpened& opening) {
  std::string text;
  event::encode(opening, text);
  return text;
}

Json json_of(const policy::GenerateOptions& generate) {
  return {{"max_tokens", generate.max_tokens},
          {"temperature", generate.temperature},
          {"top_k", generate.top_k},
          {"top_p", generate.top_p},
          {"stop", generate.stop}};
}

Json json_of(const align::ObjectiveOptions& options) {
  return {{"beta", options.beta ? Json(*options.beta) : Json()},
          {"ipo_tau", options.ipo_tau},
          {"flip_rate", options.flip_rate},
          {"clip", options.clip},
          {"simpo_margin", options.simpo_margin},
          {"eta", options.eta},
          {"inpo_tau", options.inpo_tau},
          {"samples", options.samples}};
}

Json json_of(const align::TrainerOptions& train) {
  return {{"batch", train.batch},
          {"epochs", train.epochs},
          {"steps", train.steps},
          {"learning_rate", train.step.learning_rate},
          {"weight_decay", train.step.weight_decay},
          {"beta1", train.step.beta1},
          {"beta2", train.step.beta2},
          {"epsilon", train.step.epsilon},
          {"max_gradient_norm", train.step.max_gradient_norm},
          {"piece", train.piece},
          {"schedule", align::name_of(train.schedule.kind)},
          {"warmup_steps", train.schedule.warmup_steps},
          {"final_share", train.schedule.final_share}};
}

// BLAKE2b-256 over all prompts, each with its end.
std::string digest_of_prompts(const Task& task) {
  event::HashChain chain;
  std::string digest;
  for (std::size_t i = 0; i < task.prompts(); ++i) digest = chain.extend(task.prompt(i));
  return digest;
}

std::string read_text(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// "learning_rate": the first member in which two settings differ.
std::string first_difference(const Json& a, const Json& b) {
  const auto flat_a = a.flatten();
  const auto flat_b = b.flatten();
  for (const auto& [path, value] : flat_b.items())
    if (!flat_a.contains(path) || flat_a.at(path) != value)
      return path.substr(1) + " = " + value.dump();
  return "fewer settings";
}

}  // namespace

std::string settings_text(const CampaignOptions& options, const Task& task) {
  const event::CampaignOpened opening{options.name, {"A", "B"}, options.mechanism};
  const Json json{{"opening", Json::parse(json_of(opening))},
                  {"label", static_cast<int>(options.label)},
                  {"slots_per_round", options.slots_per_round},
                  {"outcome_lag", options.outcome_lag},
                  {"opponent", static_cast<int>(options.opponent)},
                  {"reference", static_cast<int>(options.reference)},
                  {"prompts", task.prompts()},
                  {"prompts_digest", digest_of_prompts(task)},
                  {"about", options.about},
                  {"chat_template", options.chat_template},
                  {"generate", json_of(options.generate)},
                  {"objective", options.objective},
                  {"objective_options", json_of(options.objective_options)},
                  {"train", json_of(options.train)},
                  {"rounds_remembered", options.rounds_remembered},
                  {"seed", options.seed}};
  return json.dump(2) + "\n";
}

Status keep_settings(const CampaignOptions& options, const Task& task) {
  const std::string path = options.folder + "/settings.json";
  const std::string wanted = settings_text(options, task);
  const bool begun = std::filesystem::exists(options.folder + "/ledger.jsonl");
  if (!begun || !std::filesystem::exists(path)) return write_file(path, wanted);
  const std::string kept = read_text(path);
  if (kept == wanted) return {};
  const Json found = Json::parse(kept, nullptr, false);
  if (found.is_discarded()) {
    return Error{ErrorCode::malformed, "text that is not JSON"}
        .in_file(path)
        .expecting("the settings that the campaign was begun with")
        .way("restore the file from a copy");
  }
  return Error{ErrorCode::conflict, first_difference(found, Json::parse(wanted))}
      .in_file(path)
      .expecting("the settings that the campaign was begun with")
      .way("go on with those, or begin another campaign in another folder");
}

Status check_same_opening(const event::CampaignOpened& in_ledger,
                          const event::CampaignOpened& wanted, const std::string& ledger) {
  if (json_of(in_ledger) == json_of(wanted)) return {};
  return Error{ErrorCode::conflict, "another campaign or mechanism"}
      .at_row(ledger, 1)
      .expecting("the campaign that the settings describe")
      .way("begin the campaign in another folder");
}

}  // namespace candor::campaign
