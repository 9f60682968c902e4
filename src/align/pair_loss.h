// align/pair_loss.h
// From the derivative by a difference of scores to the derivatives by each.
#pragma once

#include "candor/align/objective.h"

namespace candor::align {

/// h of objective.h.
[[nodiscard]] inline double reference_gap(const PairTerms& t) {
  return (t.score_a - t.score_b) - (t.reference_a - t.reference_b);
}

/// A loss that depends on score_a - score_b alone, with this slope by it; weight not yet in.
[[nodiscard]] inline PairLoss weighted(double weight, double value, double slope) {
  return {.value = weight * value, .by_a = weight * slope, .by_b = -weight * slope};
}

/// (h - target)^2
[[nodiscard]] inline PairLoss squared(double weight, double h, double target) {
  const double miss = h - target;
  return weighted(weight, miss * miss, 2.0 * miss);
}

/// scale (score - reference), the implicit reward of objectives with a reference.
[[nodiscard]] inline PairScores implicit_rewards(const PairTerms& t, double scale) {
  return {.a = scale * (t.score_a - t.reference_a), .b = scale * (t.score_b - t.reference_b)};
}

}  // namespace candor::align
