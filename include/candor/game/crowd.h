// candor/game/crowd.h
// Simulated crowds: what workers believe, and what they make of it in their reports.
//
// A slot's outcome is A with probability `base_rate`. A worker gets a signal that is right with
// probability `accuracy`; under an even prior its belief that A is right is then accuracy or 1 -
// accuracy. Its strategy turns the belief into a report. Workers of one `group` share one signal
// (they copy). These are the simulations of the papers: N workers, Bernoulli beliefs of different
// accuracy.
//
// Deterministic: a crowd is a function of its seed. Thread safety: one Crowd a thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "candor/base/random.h"
#include "candor/base/result.h"

namespace candor::game {

enum class Strategy : std::uint8_t {
  truthful,      ///< reports its belief
  exaggerating,  ///< reports 1 or 0, whichever the belief leans to
  lying,         ///< reports 1 - belief, exaggerated: the wrong answer, for certain
  constant,      ///< always the same probability, `constant_report`
};

struct WorkerType {
  double accuracy = 0.5;  ///< in [0,1]
  Strategy strategy = Strategy::truthful;
  double constant_report = 0.5;
  std::optional<std::size_t> group = {};  ///< workers of one group share their signal
};

/// A crowd to be drawn: fixed types, or types drawn anew for each seed.
struct Scenario {
  std::string name;
  std::string description;
  double base_rate = 0.5;
  std::vector<WorkerType> workers;
  /// Where set, every worker's accuracy is drawn uniformly from [low, high] for each seed.
  std::optional<std::pair<double, double>> accuracy_range = {};
};

/// The scenarios that reproduce the central claim (docs/central-claim.md), in order:
/// fixed-forecasts, copied-coin, two-liars, strategic-crowd, honest-crowd.
[[nodiscard]] const std::vector<Scenario>& standard_scenarios();

/// N workers with accuracies uniform in [low, high], the last `lying` of whom lie. Errors:
/// out_of_range for no workers, more liars than workers, a range outside [0,1].
[[nodiscard]] Result<Scenario> random_crowd(std::size_t workers, double low, double high,
                                            std::size_t lying);

class Crowd {
 public:
  Crowd(const Scenario& scenario, std::uint64_t seed);

  /// The next slot: P(A) of every worker [N]; returns the outcome, 1 for A.
  double next(std::span<double> report);
  [[nodiscard]] std::size_t workers() const { return types_.size(); }

 private:
  [[nodiscard]] bool signal_says_a(const WorkerType& type, bool outcome_is_a);

  double base_rate_;
  std::vector<WorkerType> types_;
  RandomStream random_;
  std::vector<std::optional<bool>> group_signal_;
};

}  // namespace candor::game
