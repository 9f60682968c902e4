// candor/navigation/experiment_result.h
// What the navigation experiment found, and its JSON.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "candor/navigation/interval.h"

namespace candor::navigation {

/// Numbers of one model (or one method's model) over seeds.
struct ErrorSummary {
  Interval forecast_error;      ///< vehicles an hour
  double malformed = 0.0;       ///< share of forecasts, mean over seeds
  std::vector<double> by_seed;  ///< forecast errors
};

struct MethodSummary {
  std::string name;
  Interval regret;      ///< in units of (label - outcome)^2, summed over the campaign's slots
  Interval label_loss;  ///< mean (label - outcome)^2
  std::vector<std::string> best_drivers;  ///< by seed: to whom regret is
  ErrorSummary after;
  Interval change;            ///< forecast error after less before, seed by seed
  Interval less_average;      ///< forecast error less that of "average", seed by seed; 0 without it
  Interval win_rate;          ///< share of hours with a nearer forecast than before, ties one half
  std::vector<double> curve;  ///< [rounds + 1] error over the curve hours by version, mean
};

/// One hour of the evaluation period, as forecast before and after.
struct ForecastSample {
  std::string prompt;
  int measured = 0;
  std::string before;
  std::vector<std::string> after;  ///< by method
};

struct ExperimentResult {
  std::string source;      ///< where the traffic is from
  bool generated = false;  ///< it was made up: these are not results on real traffic
  std::string evaluation_begins;
  std::size_t seeds = 0;
  std::size_t drivers = 0;
  std::size_t slots = 0;  ///< a campaign
  std::size_t evaluation_hours = 0;
  double penalty = 0.0;
  std::vector<std::string> crowd;  ///< describe()
  ErrorSummary before;
  std::vector<MethodSummary> methods;
  std::vector<ForecastSample> samples;  ///< three, of the first seed
};

/// One JSON object:
///   {"data": {"source", "generated", "evaluation_begins", "evaluation_hours"},
///    "setting": {"seeds", "drivers", "slots", "penalty", "crowd": [...]},
///    "before": {"forecast_error", "forecast_error_ci": [low, high], "malformed", "by_seed"},
///    "methods": [{"name", "regret", "regret_ci", "label_loss", "label_loss_ci", "best_drivers",
///    "forecast_error",
///                 "forecast_error_ci", "malformed", "by_seed", "change", "change_ci",
///                 "less_average", "less_average_ci", "win_rate", "win_rate_ci", "curve"}],
///    "samples": [{"prompt", "measured", "before", "after": {method: text}}]}
[[nodiscard]] std::string experiment_json(const ExperimentResult& result);

}  // namespace candor::navigation
