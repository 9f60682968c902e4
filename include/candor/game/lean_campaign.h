// candor/game/lean_campaign.h
// Long campaigns of many workers, fast: everyone answers every slot with a calibrated belief and a
// fixed strategy, weights move by weighted-score, the label is the linear pool. Dense arrays, no
// information for strategies, no payments; play_game (game.h) with the same players gives the same
// campaign, some 50 times slower.
//
//   LeanCampaign campaign;
//   campaign.workers.assign(100, {.accuracy = 0.8});
//   campaign.slots = 1'000'000;
//   CANDOR_TRY(campaign.step_size, learning::step_size_for_horizon(100, 1e6));
//   CANDOR_TRY(const LeanResult result, run_lean(campaign));
//   result.drawn_regret()                       // at most weighted_score_regret_bound(...)
//
// Signals are uniform_pair's (belief.h): a pure function of (seed, worker, slot), so that two
// campaigns with one seed see the same signals whatever their strategies or step size.
// Cost: about 10 ns a worker and slot, half of it for drawing signals; memory 6 doubles a worker.
// Deterministic. Thread safety: campaigns may run on different threads.
#pragma once

#include <cstdint>
#include <vector>

#include "candor/base/result.h"
#include "candor/game/belief.h"
#include "candor/game/strategy.h"

namespace candor::game {

struct LeanWorker {
  double accuracy = 0.8;       ///< in [0,1]
  StrategySpec strategy = {};  ///< one of those that is_fixed says
};

struct LeanCampaign {
  std::vector<LeanWorker> workers;  ///< [N], at least 2
  WorldModel world;
  std::uint32_t slots = 1000;
  double step_size = 0.1;  ///< in (0,1]
  std::uint64_t seed = 1;
};

struct LeanResult {
  std::vector<double> weight;  ///< [N] at the end
  std::vector<double> loss;    ///< [N] summed over slots
  double pooled_loss = 0.0;    ///< of the linear pool
  double drawn_loss = 0.0;     ///< of a report drawn by weight, in expectation

  [[nodiscard]] double best_loss() const;
  [[nodiscard]] double pooled_regret() const { return pooled_loss - best_loss(); }
  [[nodiscard]] double drawn_regret() const { return drawn_loss - best_loss(); }
};

/// Whether reports depend on the belief alone: truthful, exaggerating, hedging, always-wrong,
/// constant, side-biased.
[[nodiscard]] bool is_fixed(const StrategySpec& strategy);

/// Errors: invalid_argument for fewer than two workers, no slot, or a strategy that is not fixed;
/// out_of_range for an accuracy, world or step size outside its range; what make_strategy refuses.
///
/// Worked: always A, workers who always say 1 and .2, eta = .5, one slot: weights .58 and .42,
/// pooled loss .16, drawn loss .32 (first test)
[[nodiscard]] Result<LeanResult> run_lean(const LeanCampaign& campaign);

}  // namespace candor::game
