#include <nlohmann/json.hpp>

#include "candor/arguments/experiment_result.h"

namespace candor::arguments {
namespace {

using Json = nlohmann::ordered_json;

void put(Json& json, const std::string& name, const Interval& interval) {
  json[name] = interval.mean;
  json[name + "_ci"] = {interval.low, interval.high};
}

void put(Json& json, const CrowdSummary& summary, const std::string& ending) {
  put(json, "value" + ending, summary.reward_accuracy);
  put(json, "policy_accuracy" + ending, summary.policy_accuracy);
  put(json, "label_accuracy" + ending, summary.label_accuracy);
  put(json, "label_brier" + ending, summary.label_brier);
  json["by_seed" + ending] = summary.reward_by_seed;
  json["policy_by_seed" + ending] = summary.policy_by_seed;
}

Json json_of(const MethodSummary& method) {
  Json json{{"name", method.name}};
  put(json, method.honest, "");
  put(json, method.strategic, "_strategic");
  put(json, "lost", method.lost);
  return json;
}

Json setting_of(const ArgumentsResult& result) {
  return {{"workers", result.workers},
          {"strategic_workers", result.strategic_workers},
          {"votes", result.votes},
          {"pairs", result.pairs},
          {"training_pairs", result.training_pairs},
          {"held_out_debates", result.held_out_debates},
          {"test_pairs", result.test_pairs},
          {"max_tokens", result.max_tokens},
          {"strategic", result.strategic}};
}

}  // namespace

std::string arguments_json(const ArgumentsResult& result) {
  Json json{{"kind_of_report", "alignment-experiment"},
            {"title", "Which argument is more convincing?"},
            {"data", result.source},
            {"generated", result.generated},
            {"seeds", result.seeds},
            {"measure", {{"name", "reward accuracy"}, {"better", "higher"}, {"unit", ""}}},
            {"setting", setting_of(result)}};
  put(json, "longer_wins", result.longer_wins);
  json["warm_up_loss"] = result.warm_up_loss;
  json["methods"] = Json::array();
  for (const MethodSummary& method : result.methods) json["methods"].push_back(json_of(method));
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace candor::arguments
