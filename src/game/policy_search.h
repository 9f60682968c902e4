// How far a worker that plans ahead should stretch its belief, where the exact plan is out of
// reach: tries reports 1/2 + k (belief - 1/2), cut to [0,1], for k = 0, 0.1, ..., 2.5 on the same
// imagined slots.
#pragma once

#include "candor/base/random.h"
#include "candor/game/information.h"
#include "candor/game/utility.h"

namespace candor::game {

/// How accurate the worker takes itself and everyone else to be.
struct Accuracies {
  double own = 0.5;
  double others = 0.5;
};

/// The stretch with the most mean utility over 48 imagined courses of the next slots (64 at most),
/// under the weighted-score rule with a linear pool, everyone else honest. 1, honesty,
/// unless another is better by more than two standard errors of the difference. Pay counts as next
/// weight.
[[nodiscard]] double best_stretch(const Information& information, const Utility& utility,
                                  const Accuracies& accuracy, RandomStream& random);

}  // namespace candor::game
