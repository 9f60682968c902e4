// candor/evaluation/curves.h
// Regret as slots settle, sampled at the points of a LogSchedule, for charts and regret.csv.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "candor/evaluation/scoreboard.h"

namespace candor::evaluation {

struct Curve {
  std::string name;
  std::vector<std::optional<double>> value;       ///< one for each sample point
  std::vector<std::optional<double>> bound = {};  ///< where there is one; as long as value
};

/// What theory promises for the regret of a method to a worker who answered so many slots.
using BoundOf = std::function<std::optional<double>(std::size_t method, WorkerId worker)>;

/// k of "among workers with at least k settled reports": `wanted`, or, if that is 0, 20, or the most
/// that any worker has if that is less.
[[nodiscard]] std::size_t effective_min_reports(const learning::RegretLedger& regrets,
                                                std::size_t wanted);

class RegretCurves {
 public:
  RegretCurves(const std::vector<std::string>& methods, std::size_t min_reports);

  /// Samples every method if this slot count is a sample point; true if so. Call after each settled
  /// slot.
  bool sample(const Scoreboard& board, const BoundOf& bound_of);
  /// Samples the last slot, unless it has been; true if so. Call once, at the end.
  bool finish(const Scoreboard& board, const BoundOf& bound_of);

  [[nodiscard]] const std::vector<double>& sample_slots() const { return sample_slots_; }
  [[nodiscard]] std::vector<Curve>& curves() { return curves_; }

 private:
  void take(const Scoreboard& board, const BoundOf& bound_of);

  std::size_t min_reports_;
  LogSchedule schedule_;
  std::vector<double> sample_slots_;
  std::vector<Curve> curves_;
};

}  // namespace candor::evaluation
