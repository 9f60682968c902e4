// candor/learning/weighted_score_update.h
// Reweights workers after one slot in which everyone reported. With a proper loss, a worker who
// cares about its next weight does best by reporting what it believes, whatever the others report.
// Says nothing about workers who plan several slots ahead or collude.
//
// Source: Freeman, Pennock, Podimata, Wortman Vaughan, "No-Regret and Incentive-Compatible Online
// Learning", ICML 2020 (arXiv:2002.08837), rule "WSU": every worker wagers step_size * weight in
// the weighted-score wagering mechanism of Lambert et al. 2008. Guard and constants derived here.
#pragma once

#include <cstddef>
#include <span>

#include "candor/base/result.h"

namespace candor::learning {

/// Where a weight stops falling: a double cannot grow back from 5e-324, and a worker who was wrong for long
/// must be able to return. It is far below the rounding of the sum, and it only ever helps the worker, so
/// conservation (up to rounding), positivity and every regret bound stand.
inline constexpr double smallest_weight = 1e-300;

/// The rule for arrays of a whole crowd; learning::WeightedScore is the live form, for any subset of
/// workers, and equal to this where all answer.
///
/// weight[i] <- weight[i] * (1 + step_size * (mean - loss[i])),
/// mean = sum_j weight[j] loss[j] / sum_j weight[j]
///
/// The divisor is 1 up to rounding, and must not be left out: without it an error d of the sum
/// becomes d (1 + step_size * mean) in the next slot, and grows to anything within some hundred
/// slots.
///
/// weight     [N]  each > 0, sum 1; row i is worker i
/// loss       [N]  each in [0,1], from a proper rule, or truthfulness is lost
/// step_size       in (0,1]; above 1 a weight could become negative
/// after           sum unchanged up to rounding (about 1e-16 a slot); each weight still > 0
/// returns         mean, the weighted loss
/// errors          invalid_argument if the lengths differ; out_of_range for the step size or for the
///                 first loss outside [0,1]; then nothing has been changed. Nothing is clamped.
/// order           sums in the order of candor::dot, so that every machine gives the same bits
/// cost            two passes over both arrays, no allocation: limited by memory bandwidth
/// threads         safe while nobody else touches the arrays
///
/// Worked: weight {.5,.5}, loss {.04,.36}, step_size .25 -> mean .2, weight {.52,.48}  (first test)
Result<double> weighted_score_update(std::span<double> weight, std::span<const double> loss,
                                     double step_size);

/// Refuses a step size outside (0,1] with the reason.
[[nodiscard]] Status check_step_size(double step_size);

/// The step size for a horizon that is known: min(1/2, sqrt(ln N / T)), N workers (at least 2 are
/// assumed), T slots a worker answers (on average). Error: out_of_range unless the horizon is > 0.
/// Worked: N = 10, T = 1000 -> sqrt(2.302585/1000) = 0.047985
[[nodiscard]] Result<double> step_size_for_horizon(std::size_t workers, double slots_per_worker);

/// What the regret to one worker can be at most: ln(1/w) / eta + max(1, c(eta)) eta T, where w is
/// the worker's first weight, T the slots it answered and c(u) = (-ln(1-u) - u) / u^2, which is 1
/// at .6838. Infinite at step size 1. Holds for every sequence of reports and outcomes, adversarial
/// ones too.
[[nodiscard]] double weighted_score_regret_bound(double first_weight, double step_size,
                                                 double slots);

}  // namespace candor::learning
