// candor/game/simulation.h
// How regret grows with the horizon: a campaign is simulated anew for each horizon and seed, with
// the step size that this horizon calls for, and the regret at its end is averaged over seeds. On
// log-log axes a slope of 1 is regret linear in T, 1/2 is the sqrt(T) that the theory promises.
//
//   SimulationOptions options;
//   options.scenarios = standard_scenarios();
//   CANDOR_TRY(const SimulationResult result, simulate(options));
//   result.scenarios[0].methods[0].slope
//
// Every campaign runs through the same fold as replays and services do. Parallel over campaigns;
// the same bits for any number of threads. Cost: about 5 us a slot of ten workers, all methods
// included.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "candor/game/crowd.h"
#include "candor/mechanism/mechanism.h"

namespace candor::game {

struct SimulationOptions {
  std::vector<Scenario> scenarios;
  std::uint64_t slots = 8192;  ///< the longest horizon; at least 16. Others: halves, down to 1/64
  std::uint64_t seeds = 8;     ///< campaigns for each scenario and horizon, at least 1
  std::uint64_t first_seed = 1;
  mechanism::MechanismSpec spec;  ///< its step size is set for each horizon unless doubling is on
  std::size_t threads = 0;        ///< 0: all
  bool progress = false;
};

struct SimulatedMethod {
  std::string name;
  std::vector<double> regret;                ///< [horizons] mean over seeds
  std::vector<double> regret_se;             ///< [horizons] its standard error
  std::vector<std::optional<double>> bound;  ///< [horizons] mean over seeds of what theory promises
  double brier = 0.0;                        ///< at the longest horizon
  double accuracy = 0.0;                     ///< at the longest horizon
  /// Of log regret on log T over the horizons of at least an eighth of the longest; nothing where
  /// the regret is not positive there (it does not grow).
  std::optional<double> slope;
};

struct SimulatedScenario {
  Scenario scenario;
  std::vector<double> horizons;
  std::vector<SimulatedMethod> methods;
};

struct SimulationResult {
  std::vector<SimulatedScenario> scenarios;
  std::uint64_t seeds = 0;
};

/// Errors: out_of_range for too few slots or no seed, and what Mechanism::create refuses.
[[nodiscard]] Result<SimulationResult> simulate(const SimulationOptions& options);

/// Least-squares slope of log y on log x; nothing if fewer than two points or a y <= 0.
/// Worked: x {1, 4, 16}, y {3, 6, 12} -> 1/2
[[nodiscard]] std::optional<double> log_log_slope(std::span<const double> x,
                                                  std::span<const double> y);

[[nodiscard]] nlohmann::json to_json(const SimulationResult& result);

/// to_json with what heads an HTML report.
[[nodiscard]] nlohmann::json report_json(const SimulationResult& result, const std::string& command,
                                         const std::string& mechanism);

}  // namespace candor::game
