#include "candor/evaluation/result_json.h"

#include <fmt/format.h>

namespace candor::evaluation {
namespace {

using Json = nlohmann::json;

constexpr std::size_t shown_each_end = 1000;

Json json_of(const std::optional<double>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json method_json(const MethodResult& method) {
  Json json{{"name", method.name},
            {"brier", json_of(method.score.brier())},
            {"log_loss", json_of(method.score.mean_log_loss())},
            {"accuracy", json_of(method.score.accuracy())},
            {"regret", json_of(method.regret)},
            {"bound", json_of(method.bound)},
            {"slots", method.score.slots},
            {"whole_file", method.whole_file}};
  if (method.drawn_loss) json["drawn_loss"] = *method.drawn_loss;
  return json;
}

Json worker_json(const WorkerResult& worker) {
  Json json{{"worker", worker.worker},
            {"weight", worker.weight},
            {"slots", worker.slots},
            {"loss", json_of(worker.loss)}};
  if (worker.paid_micro) json["paid_micro"] = *worker.paid_micro;
  return json;
}

Json reliability_json(const MethodResult& method) {
  Json bins = Json::array();
  for (const Reliability::Bin& bin : method.reliability.bins) {
    if (bin.count == 0) continue;
    const auto count = static_cast<double>(bin.count);
    bins.push_back({{"predicted", bin.predicted / count},
                    {"observed", bin.observed / count},
                    {"count", bin.count}});
  }
  return {{"name", method.name}, {"bins", bins}};
}

bool has_bound(const Curve& curve) {
  for (const auto& value : curve.bound)
    if (value) return true;
  return false;
}

Json regret_curves_json(const ReplayResult& result) {
  Json series = Json::array();
  for (const Curve& curve : result.regret_curves) {
    Json one{{"name", curve.name}, {"regret", json_list(curve.value)}};
    if (has_bound(curve)) one["bound"] = json_list(curve.bound);
    series.push_back(std::move(one));
  }
  return {{"t", result.sample_slots}, {"series", series}};
}

Json weight_curves_json(const ReplayResult& result) {
  Json series = Json::array();
  for (const Curve& curve : result.weight_curves)
    series.push_back({{"worker", curve.name}, {"weight", json_list(curve.value)}});
  return {{"t", result.sample_slots}, {"series", series}};
}

// A page cannot hold a hundred thousand rows; people look at both ends.
void keep_both_ends(Json& weights) {
  if (weights.size() <= 2 * shown_each_end) return;
  const auto from = weights.begin() + shown_each_end;
  weights.erase(from, weights.end() - shown_each_end);
}

}  // namespace

Json json_list(const std::vector<std::optional<double>>& values) {
  Json list = Json::array();
  for (const auto& value : values) list.push_back(json_of(value));
  return list;
}

namespace {

std::string describe_asking(const mechanism::MechanismSpec& spec) {
  std::string text = spec.asking.asks == 0 ? std::string(", asks everyone")
                                           : fmt::format(", asks {} a slot", spec.asking.asks);
  text += fmt::format(", step size {:.4g}", spec.asking.step_size);
  if (spec.asking.exploration > 0.0)
    text += fmt::format(", exploration {:.4g}", spec.asking.exploration);
  return text;
}

std::string describe_errors(const std::vector<double>& errors) {
  std::string text;
  for (const double rate : errors)
    text += fmt::format("{}{:.4g}", text.empty() ? ", outcome errors " : "/", rate);
  return text;
}

}  // namespace

std::string describe(const mechanism::MechanismSpec& spec) {
  std::string text = spec.weight_rule + " x ";
  text += spec.output == mechanism::Output::drawn ? "drawn" : spec.label;
  text += spec.slot_budget_micro > 0 ? " x pay-" + spec.payment : " x no pay";
  text += describe_errors(spec.outcome_errors);
  if (mechanism::is_asking_rule(spec.weight_rule)) return text + describe_asking(spec);
  if (spec.weight_rule != "weighted-score") return text;
  text += fmt::format(", step size {:.4g}", spec.weighted_score.step_size);
  if (spec.weighted_score.doubling) text += " (doubling)";
  if (spec.weighted_score.share > 0.0)
    text += fmt::format(", share {:.4g}", spec.weighted_score.share);
  return text;
}

Json to_json(const ReplayResult& result) {
  Json json{{"kind", result.kind},
            {"answers", result.answers},
            {"workers", result.workers},
            {"slots", result.slots},
            {"settled", result.settled},
            {"reports", result.reports},
            {"reports_read", result.reports_read},
            {"unpaid_slots", result.unpaid_slots},
            {"duplicates", result.duplicates},
            {"mechanism", describe(result.spec)},
            {"step_size", result.spec.weight_rule == "weighted-score"
                              ? Json(result.spec.weighted_score.step_size)
                              : Json(nullptr)},
            {"min_reports", result.min_reports},
            {"methods", Json::array()},
            {"weights", Json::array()}};
  for (const MethodResult& method : result.methods) json["methods"].push_back(method_json(method));
  for (const WorkerResult& worker : result.weights) json["weights"].push_back(worker_json(worker));
  return json;
}

Json report_json(const ReplayResult& result, const std::string& title, const std::string& command) {
  Json json = to_json(result);
  keep_both_ends(json["weights"]);
  json["kind_of_report"] = "replay";
  json["title"] = title;
  json["version"] = CANDOR_VERSION;
  json["command"] = command;
  json["regret_curves"] = regret_curves_json(result);
  json["weight_curves"] = weight_curves_json(result);
  json["reliability"] = Json::array();
  for (const MethodResult& method : result.methods)
    if (method.score.slots > 0) json["reliability"].push_back(reliability_json(method));
  return json;
}

}  // namespace candor::evaluation
