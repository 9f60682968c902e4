#include <nlohmann/json.hpp>

#include "candor/navigation/experiment_result.h"

namespace candor::navigation {
namespace {

using Json = nlohmann::ordered_json;

void put(Json& json, const std::string& name, const Interval& interval) {
  json[name] = interval.mean;
  json[name + "_ci"] = {interval.low, interval.high};
}

void put(Json& json, const ErrorSummary& summary) {
  put(json, "forecast_error", summary.forecast_error);
  json["malformed"] = summary.malformed;
  json["by_seed"] = summary.by_seed;
}

Json json_of(const MethodSummary& method) {
  Json json{{"name", method.name}};
  put(json, "regret", method.regret);
  put(json, "label_loss", method.label_loss);
  json["best_drivers"] = method.best_drivers;
  put(json, method.after);
  put(json, "change", method.change);
  put(json, "less_average", method.less_average);
  put(json, "win_rate", method.win_rate);
  json["curve"] = method.curve;
  return json;
}

Json json_of(const ForecastSample& sample, const std::vector<MethodSummary>& methods) {
  Json after = Json::object();
  for (std::size_t m = 0; m < sample.after.size(); ++m) after[methods[m].name] = sample.after[m];
  return {{"prompt", sample.prompt},
          {"measured", sample.measured},
          {"before", sample.before},
          {"after", after}};
}

}  // namespace

std::string experiment_json(const ExperimentResult& result) {
  Json json;
  json["data"] = {{"source", result.source},
                  {"generated", result.generated},
                  {"evaluation_begins", result.evaluation_begins},
                  {"evaluation_hours", result.evaluation_hours}};
  json["setting"] = {{"seeds", result.seeds},
                     {"drivers", result.drivers},
                     {"slots", result.slots},
                     {"penalty", result.penalty},
                     {"crowd", result.crowd}};
  json["before"] = Json::object();
  put(json["before"], result.before);
  json["methods"] = Json::array();
  for (const MethodSummary& method : result.methods) json["methods"].push_back(json_of(method));
  json["samples"] = Json::array();
  for (const ForecastSample& sample : result.samples)
    json["samples"].push_back(json_of(sample, result.methods));
  // A model may write any bytes; those that are no UTF-8 become U+FFFD.
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace candor::navigation
