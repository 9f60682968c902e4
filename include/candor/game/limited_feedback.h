// candor/game/limited_feedback.h
// What asking only a few workers costs: regret of every rule over growing horizons, on two crowds
// of workers who are right or wrong for certain (losses 0 or 1, reports 0 or 1).
//
//   steady-gap      worker 0 is wrong 1/4 of the time, the others half the time
//   vanishing-gap   worker 0 is better by min(.45, 2 sqrt(N/T)) only: the hardest gap for horizon T
//
// Rules: weighted-score (everyone is asked), lf with half the crowd and with 2 asked, log-barrier,
// loss-biased and wsu-ux with 1 asked, each with the step size for its horizon. Regret is that of
// following one worker drawn as the rule would draw it, in expectation over that draw and over
// losses, to always following worker 0. The promise is a slope of 1/2 on log-log axes for all but
// wsu-ux, whose rate is T^(2/3) in general and which has not begun to learn at these horizons.
//
// Deterministic; the same bits for any number of threads.
#pragma once

#include "candor/game/simulation.h"

namespace candor::game {

struct LimitedFeedbackOptions {
  std::size_t workers = 10;      ///< N, 3 to 1000
  std::uint64_t slots = 131072;  ///< the longest horizon; at least 16
  std::uint64_t seeds = 8;
  std::uint64_t first_seed = 1;
  std::size_t threads = 0;  ///< 0: all
  bool progress = false;
};

/// Two scenarios, a method for each rule ("lf, 2 asked"); bound: the rule's own.
/// SimulatedMethod::brier is the mean loss; accuracy is 1 - that. Errors: out_of_range, naming the
/// option. Cost: about 10 s on two cores with the defaults.
[[nodiscard]] Result<SimulationResult> compare_limited_feedback(
    const LimitedFeedbackOptions& options);

}  // namespace candor::game
