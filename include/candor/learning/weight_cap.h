// candor/learning/weight_cap.h
// A cap on how much of the say one worker can have, that leaves truthfulness alone.
//
// The condition. A cap keeps an honest report the best report for a worker's weight and pay if and only
// if it leaves the worker's expected next weight strictly decreasing and affine in its own loss:
//   * capped SHARES (here): the cap is applied to the shares that make the label. Weights, wagers and pay
//     are untouched, and whatever label is made from the reports cannot change them: truthful under
//     every rule that is truthful without the cap. A worker who only wants to sway the label loses
//     influence, and no more can be said of it: the label never was part of the promise.
//   * a cap INSIDE the update: the m-set rule (m_set.h) keeps every weight below 1/m by wagering
//     eta w (1 - m w), which goes to 0 at the cap; the next weight stays affine in the loss.
//   * clipping weights AFTER the update and renormalising is NOT truthful: above the cap the next weight
//     no longer moves with the loss (a concave kink: the worker then avoids risk), and the others' shares of
//     what was cut off depend on the loss. A worker near the cap, two others: belief .6, report
//     .5 gains. The tests have the instance and its gain.
//
// Source: derived. Thread safety: pure functions.
#pragma once

#include <span>

#include "candor/base/result.h"

namespace candor::learning {

/// Caps the shares at `cap`; what is cut off goes to those below, in proportion to their shares, and is
/// capped in turn (water-filling): afterwards share_i = min(cap, t share_i) with one t >= 1. The sum is
/// kept (to rounding), and so is the order. Where those below have no share at all they get equal parts.
///
/// share  [n] >= 0, sum 1
/// cap    in (0,1], with cap * n >= 1 or nobody could hold the rest
/// errors out_of_range if not so; then nothing has been changed
/// cost   O(n log n); no change and one pass where nobody is above the cap
///
/// Worked: {.7, .2, .1}, cap .5 -> {.5, 1/3, 1/6}  (first test)
Status cap_shares(std::span<double> share, double cap);

}  // namespace candor::learning
