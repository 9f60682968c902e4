#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "candor/evaluation/result_json.h"
#include "candor/game/equilibrium.h"
#include "candor/game/simulation.h"

namespace candor::game {
namespace {

using Json = nlohmann::json;

Json play_json(const EquilibriumPlay& play, std::string_view start) {
  return {{"mechanism", play.mechanism},
          {"start", start},
          {"strategies", play.strategies},
          {"truthful", play.all_truthful()},
          {"rounds", play.rounds},
          {"settled", play.settled},
          {"regret", play.regret},
          {"regret_se", play.regret_se},
          {"slope", play.slope ? Json(*play.slope) : Json(nullptr)},
          {"brier", play.brier}};
}

// As a method of a simulation report.
SimulatedMethod method_of(const EquilibriumPlay& play) {
  SimulatedMethod method;
  method.name = play.mechanism;
  method.regret = play.regret;
  method.regret_se = play.regret_se;
  method.bound.resize(play.regret.size());
  method.brier = play.brier;
  method.slope = play.slope;
  return method;
}

SimulatedScenario scenario_of(const EquilibriumResult& result, bool from_truth) {
  SimulatedScenario scenario;
  scenario.scenario.name = from_truth ? "from-truth" : "from-lies";
  scenario.scenario.description =
      fmt::format("{} workers who play for {}, until nobody wants to change; at first all {}",
                  result.accuracy.size(), name_of(result.utility),
                  from_truth ? "are honest" : "report the opposite");
  scenario.scenario.workers.resize(result.accuracy.size());
  scenario.horizons = result.horizons;
  for (const EquilibriumPlay& play : from_truth ? result.from_truth : result.from_lies)
    scenario.methods.push_back(method_of(play));
  return scenario;
}

}  // namespace

std::string strategies_in_words(const EquilibriumPlay& play) {
  if (play.all_truthful()) return "all truthful";
  std::vector<std::pair<std::string, std::size_t>> counts;
  for (const std::string& name : play.strategies) {
    const auto found = std::find_if(counts.begin(), counts.end(),
                                    [&](const auto& count) { return count.first == name; });
    if (found == counts.end()) {
      counts.emplace_back(name, 1);
    } else {
      ++found->second;
    }
  }
  std::string text;
  for (const auto& [name, count] : counts)
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count, name);
  return play.settled ? text : text + " (still changing)";
}

Json to_json(const EquilibriumResult& result) {
  Json plays = Json::array();
  for (const EquilibriumPlay& play : result.from_truth) plays.push_back(play_json(play, "truth"));
  for (const EquilibriumPlay& play : result.from_lies) plays.push_back(play_json(play, "lies"));
  return {{"utility", name_of(result.utility)},
          {"accuracy", result.accuracy},
          {"horizons", result.horizons},
          {"plays", plays}};
}

Json report_json(const EquilibriumResult& result, const std::string& command) {
  SimulationResult simulation;
  simulation.scenarios = {scenario_of(result, true), scenario_of(result, false)};
  Json json = report_json(simulation, command, "each played to an equilibrium");
  json["title"] = "How regret grows when workers play";
  return json;
}

}  // namespace candor::game
