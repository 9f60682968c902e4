// candor/game/equilibrium.h
// What becomes of a mechanism when every worker plays it. Workers know the rules and choose, one
// after another, the way of reporting that serves them best against the present ways of the
// others, until nobody wants to change: an equilibrium (of the strategies below, to within noise).
// This is done once from a crowd that starts honest and once from one that starts by lying. Then a
// long campaign is played with the strategies that were reached, and its regret measured.
//
//   CANDOR_TRY(const EquilibriumResult result, play_to_equilibrium({}));
//   result.from_truth[0].strategies   // of the first mechanism, a name a worker
//
// The game. N workers with independent signals of different accuracy, base rate 0.7, calibrated
// beliefs. A strategy is a distortion of the belief, kept for the whole campaign:
//   truthful          b
//   hedging           log-odds halved             exaggerating   log-odds doubled
//   all-in            1 if b > 1/2, else 0        lying          the opposite of all-in
//   flipped           1 - b                       even           1/2
//   always-a          1                           always-b       0
// A worker's utility (utility.h) is its mean over the slots of `learning_seeds` campaigns of
// `learning_slots`, the same signals and draws for every strategy compared. It changes its
// strategy only for a gain of more than twice its standard error; among strategies within that of
// the best, the first of the list above is taken. So noise alone makes nobody lie.
//
// What is paid where a mechanism has no weights: average and median pay for agreement, as
// platforms do that never learn outcomes: 1/N (1 - (r - pool of the others)^2); EM (dawid-skene)
// pays by estimated accuracy. Weight rules pay by weight.
//
// Regret is that of the label, in quadratic loss, to the best single worker had it been honest:
// what the platform could have had from this crowd. On log-log axes its slope over the horizon is
// 1 for a mechanism that never learns, 1/2 for the promise of the truthful rules.
//
// Deterministic; the same bits for any number of threads.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "candor/base/result.h"
#include "candor/game/utility.h"

namespace candor::game {

/// The mechanisms that can be played, in the order of tables: weighted-score,
/// weighted-score-drawn, lf, loss-biased, log-barrier, wsu-ux, elf, exponential, follow-the-best,
/// average, median, dawid-skene.
[[nodiscard]] const std::vector<std::string>& playable_mechanisms();

struct EquilibriumOptions {
  std::vector<std::string> mechanisms;  ///< empty: all playable ones
  Motive utility = Motive::pay;
  std::vector<double> accuracy = {0.9, 0.8, 0.7, 0.65, 0.6};  ///< [N], 2 to 20 workers, in [0,1]
  std::uint64_t learning_slots = 300;  ///< length of the campaigns by which strategies are compared
  std::uint64_t learning_seeds = 16;   ///< at least 2
  std::uint64_t rounds = 12;           ///< of best responses, at most
  std::uint64_t slots = 32768;         ///< the longest horizon of play; at least 16
  std::uint64_t seeds = 4;             ///< campaigns of play for each horizon
  std::uint64_t first_seed = 1;
  std::size_t threads = 0;  ///< 0: all
  bool progress = false;
};

/// Where one mechanism ends up from one start.
struct EquilibriumPlay {
  std::string mechanism;
  std::vector<std::string> strategies;  ///< [N]
  std::uint64_t rounds = 0;             ///< until nobody changed
  bool settled = true;                  ///< false: still changing after the last round
  std::vector<double> regret;           ///< [horizons] mean over seeds
  std::vector<double> regret_se;        ///< [horizons] its standard error
  std::optional<double> slope;          ///< as SimulatedMethod::slope
  double brier = 0.0;                   ///< of the label, at the longest horizon

  [[nodiscard]] bool all_truthful() const;
};

struct EquilibriumResult {
  Motive utility = Motive::pay;
  std::vector<double> accuracy;
  std::vector<double> horizons;
  std::vector<EquilibriumPlay> from_truth;  ///< a mechanism each
  std::vector<EquilibriumPlay> from_lies;
};

/// Errors: invalid_argument for an unknown mechanism, out_of_range for a number outside its range.
/// Cost: about 20 s on two cores with the defaults, most of it for dawid-skene.
[[nodiscard]] Result<EquilibriumResult> play_to_equilibrium(const EquilibriumOptions& options);

/// "all truthful", or "3 truthful, 2 all-in".
[[nodiscard]] std::string strategies_in_words(const EquilibriumPlay& play);

/// Everything, an object for each mechanism and start.
[[nodiscard]] nlohmann::json to_json(const EquilibriumResult& result);

/// As a report of kind "simulation": a scenario for each start, a curve for each mechanism.
[[nodiscard]] nlohmann::json report_json(const EquilibriumResult& result,
                                         const std::string& command);

}  // namespace candor::game
