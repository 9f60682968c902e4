// candor/learning/weight_cap.h
// A cap on how much of the say one worker can have, that leaves truthfulness alone.
//
// The condition. An honest report stays the best report for a worker's weight and pay if its
// expected next weight stays affine and strictly decreasing in its own loss; a kink is enough to
// break that.
//   * capped SHARES (here): the cap is applied to the shares that make the label. Weights, wagers
//     and pay are untouched, and whatever label is made from the reports cannot change them:
//     truthful under every rule that is truthful without the cap. A worker who only wants to sway
//     the label loses influence, and no more can be said of it: the label never was part of the
//     promise.
//   * a cap INSIDE the update: the m-set rule (m_set.h) keeps every weight below 1/m by wagering
//     eta w (1 - m w), which goes to 0 at the cap; the next weight stays affine in the loss.
//   * clipping weights AFTER the update and renormalising is NOT truthful: at the cap a win is cut
//     off while a loss counts, so the worker avoids risk. Weighted-score, step size 1/2, weights
//     {.5, .25, .25}, cap .5, belief .6, the others report .5: honest .6 loses .0055 in
//     expectation, copying .5 loses nothing (tested).
//
// Source: derived. Thread safety: pure functions.
#pragma once

#include <span>

#include "candor/base/result.h"

namespace candor::learning {

/// Caps the shares at `cap`; what is cut off goes to those below, in proportion to their shares,
/// and is capped in turn (water-filling): afterwards share_i = min(cap, t share_i) with one t >= 1.
/// The sum is kept (to rounding), and so is the order. Where those below have no share at all they
/// get equal parts.
///
/// share  [n] >= 0, sum 1
/// cap    in (0,1], with cap * n >= 1 or nobody could hold the rest
/// errors out_of_range if not so; then nothing has been changed
/// cost   O(n log n); no change and one pass where nobody is above the cap
///
/// Worked: {.7, .2, .1}, cap .5 -> {.5, 1/3, 1/6}  (first test)
Status cap_shares(std::span<double> share, double cap);

}  // namespace candor::learning
