#include "candor/evaluation/result_json.h"
#include "candor/game/simulation.h"

namespace candor::game {
namespace {

using Json = nlohmann::json;

Json json_of(const std::optional<double>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json method_json(const SimulatedMethod& method) {
  return {{"name", method.name},
          {"brier", method.brier},
          {"accuracy", method.accuracy},
          {"log_loss", nullptr},
          {"regret", method.regret.back()},
          {"regret_se", method.regret_se.back()},
          {"bound", json_of(method.bound.back())},
          {"slope", json_of(method.slope)},
          {"whole_file", false}};
}

Json curve_json(const SimulatedMethod& method) {
  Json low = Json::array();
  Json high = Json::array();
  for (std::size_t h = 0; h < method.regret.size(); ++h) {
    low.push_back(method.regret[h] - 2.0 * method.regret_se[h]);
    high.push_back(method.regret[h] + 2.0 * method.regret_se[h]);
  }
  Json json{{"name", method.name}, {"regret", method.regret}, {"low", low}, {"high", high}};
  if (method.bound.back()) json["bound"] = evaluation::json_list(method.bound);
  return json;
}

Json scenario_json(const SimulatedScenario& scenario) {
  Json methods = Json::array();
  Json series = Json::array();
  for (const SimulatedMethod& method : scenario.methods) {
    methods.push_back(method_json(method));
    series.push_back(curve_json(method));
  }
  return {{"name", scenario.scenario.name},
          {"description", scenario.scenario.description},
          {"workers", scenario.scenario.workers.size()},
          {"methods", methods},
          {"regret_curves", {{"t", scenario.horizons}, {"series", series}}}};
}

}  // namespace

Json to_json(const SimulationResult& result) {
  Json scenarios = Json::array();
  for (const SimulatedScenario& scenario : result.scenarios)
    scenarios.push_back(scenario_json(scenario));
  return {{"seeds", result.seeds}, {"scenarios", scenarios}};
}

Json report_json(const SimulationResult& result, const std::string& command,
                 const std::string& mechanism) {
  Json json = to_json(result);
  json["kind_of_report"] = "simulation";
  json["title"] = "How regret grows with the horizon";
  json["version"] = CANDOR_VERSION;
  json["command"] = command;
  json["mechanism"] = mechanism;
  return json;
}

}  // namespace candor::game
