#include "campaign_log.h"

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "candor/align/divergence.h"
#include "model_options.h"

namespace candor::app {
namespace {

using Json = nlohmann::json;

constexpr std::size_t divergence_prompts = 32;

std::size_t round_of(const align::Metrics& record) {
  return static_cast<std::size_t>(record.find("round").value_or(0.0));
}

Json number_or_null(std::optional<double> value) {
  return value && std::isfinite(*value) ? Json(*value) : Json();
}

std::vector<std::vector<policy::Token>> prompts_of(std::span<const campaign::SlotState> slots) {
  std::vector<std::vector<policy::Token>> prompts;
  for (const campaign::SlotState& slot : slots) {
    if (prompts.size() == divergence_prompts) break;
    const auto prompt = slot.sequence[0].prompt();
    prompts.emplace_back(prompt.begin(), prompt.end());
  }
  return prompts;
}

double share_of_equals(std::span<const campaign::SlotState> slots) {
  std::size_t same = 0;
  for (const campaign::SlotState& slot : slots)
    same += slot.sequence[0].tokens == slot.sequence[1].tokens ? 1U : 0U;
  return static_cast<double>(same) / static_cast<double>(slots.size());
}

// P(the current policy's answer was better), of the slots whose outcome is known.
std::vector<double> outcomes_of(std::span<const campaign::SlotState> slots) {
  std::vector<double> outcomes;
  for (const campaign::SlotState& slot : slots)
    if (!slot.outcome.empty()) outcomes.push_back(slot.outcome[0]);
  return outcomes;
}

bool belongs_to_rounds(const std::string& name) {
  return name == "kl" || name == "win_rate" || name == "same_answers";
}

// Every name that occurs, in the order of first occurrence.
std::vector<std::string> names_in(const std::vector<align::Metrics>& records) {
  std::vector<std::string> names;
  for (const align::Metrics& record : records)
    for (const align::Metric& metric : record.values)
      if (std::find(names.begin(), names.end(), metric.name) == names.end())
        names.push_back(metric.name);
  return names;
}

}  // namespace

Result<std::unique_ptr<CampaignLog>> CampaignLog::open(const std::string& folder,
                                                       const campaign::CampaignOptions& options) {
  const std::string path = folder + "/log";
  std::vector<align::Metrics> before;
  if (std::filesystem::exists(path + "/metrics.jsonl")) {
    CANDOR_TRY(before, align::read_metrics(path + "/metrics.jsonl"));
  }
  CANDOR_TRY(align::MetricsLog log, align::MetricsLog::open(path));
  return std::unique_ptr<CampaignLog>(
      new CampaignLog(path, std::move(log), std::move(before), options));
}

std::uint64_t CampaignLog::steps_before(std::size_t round) const {
  std::uint64_t steps = 0;
  for (const align::Metrics& record : before_)
    if (round_of(record) < round) steps = std::max(steps, record.step);
  return steps;
}

Status CampaignLog::on_step(std::size_t round, const align::Metrics& metrics) {
  align::Metrics record = metrics;
  record.step += steps_before(round);
  record.values.push_back({"round", static_cast<double>(round)});
  record.values.insert(record.values.end(), of_round_.begin(), of_round_.end());
  of_round_.clear();
  if (!before_.empty() && before_.back().step >= record.step) {
    CANDOR_CHECK(log_.truncate_after(record.step - 1));
    std::erase_if(before_, [&](const align::Metrics& old) { return old.step >= record.step; });
  }
  before_.push_back(record);
  return log_.write(record);
}

Status CampaignLog::on_collected(std::size_t round, std::span<const campaign::SlotState> slots,
                                 policy::Policy& current, policy::Policy& initial) {
  policy::GenerateOptions plain;
  plain.max_tokens = options_.generate.max_tokens;
  plain.stop = options_.generate.stop;
  CANDOR_TRY(const align::Estimate kl,
             align::divergence(current, initial, prompts_of(slots), plain, options_.seed + round));
  of_round_ = {{"kl", kl.mean}, {"same_answers", share_of_equals(slots)}};
  const std::vector<double> outcomes = outcomes_of(slots);
  if (options_.opponent == campaign::Opponent::current || outcomes.empty()) return {};
  CANDOR_TRY(const align::Estimate wins, align::estimate(outcomes));
  of_round_.push_back({"win_rate", wins.mean});
  return {};
}

Status CampaignLog::on_published(std::uint32_t version, policy::Policy&) {
  note("version " + std::to_string(version) + " is published");
  return {};
}

Json metrics_json(const std::vector<align::Metrics>& records) {
  Json steps = Json::array();
  Json ends = Json::array();
  for (std::size_t i = 0; i < records.size(); ++i) {
    steps.push_back(records[i].step);
    if (i + 1 == records.size() || round_of(records[i + 1]) != round_of(records[i]))
      ends.push_back(records[i].step);
  }
  Json series = Json::array();
  for (const std::string& name : names_in(records)) {
    if (name == "round" || belongs_to_rounds(name)) continue;
    Json values = Json::array();
    for (const align::Metrics& record : records)
      values.push_back(number_or_null(record.find(name)));
    series.push_back({{"name", name}, {"value", values}});
  }
  return {{"step", steps}, {"round_ends", ends}, {"series", series}};
}

Json rounds_json(const std::vector<align::Metrics>& records) {
  std::vector<align::Metrics> first;  // of each round
  for (const align::Metrics& record : records)
    if (record.find("kl") && (first.empty() || round_of(first.back()) != round_of(record)))
      first.push_back(record);
  Json rounds = Json::array();
  for (const align::Metrics& record : first) rounds.push_back(round_of(record));
  Json series = Json::array();
  for (const char* name : {"kl", "win_rate", "same_answers"}) {
    Json values = Json::array();
    bool any = false;
    for (const align::Metrics& record : first) {
      values.push_back(number_or_null(record.find(name)));
      any = any || record.find(name);
    }
    if (any) series.push_back({{"name", name}, {"value", values}});
  }
  return {{"round", rounds}, {"series", series}};
}

}  // namespace candor::app
