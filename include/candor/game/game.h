// candor/game/game.h
// The dynamic Bayesian game. Each slot: nature draws a world; every player forms a private belief;
// the platform selects whom to ask; those asked report or stay away; the platform forms the label
// (pools, or draws one report); when the outcome is known it settles the weights and pays. Players
// are told what Information says, never each other's beliefs. Everything that decides whether
// honesty pays is an object here: who the players are and what they want, what they can know, and
// what the platform does.
//
//   Game game;
//   game.world = {.base_rate = 0.5};
//   CANDOR_TRY(auto belief, calibrated_belief(0.8));
//   game.players = {{.belief = belief}, {.belief = belief, .strategy = {"exaggerating"}}};
//   game.platform.open = [] { return make_rule(learning::WeightedScore::create({.step_size =
//   0.1})); }; game.platform.step_size = 0.1;
//   game.slots = 1000;
//   CANDOR_TRY(const GameResult result, play_game(game));
//   result.player[1].weight                         // what exaggerating came to
//
// The platform works through the weight rules themselves, not through a ledger, so that a campaign
// of 1000 slots and 10 players takes a millisecond or two; lean_campaign.h is another 50 times
// faster where every player keeps a fixed strategy. Losses are quadratic.
//
// Deterministic: a function of the Game and its seed. Thread safety: play_game may run on many
// threads; play_seeds does, with the same bits for any number of them.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "candor/base/result.h"
#include "candor/game/belief.h"
#include "candor/game/slot_oracle.h"
#include "candor/game/strategy.h"
#include "candor/game/utility.h"
#include "candor/learning/asking_rule.h"
#include "candor/learning/weight_rule.h"

namespace candor::game {

/// A worker's type.
struct Player {
  BeliefModelPtr belief;       ///< required
  StrategySpec strategy = {};  ///< truthful
  Utility utility = Utility::pure(Motive::next_weight);
  double availability = 1.0;  ///< in (0,1]: how often the platform can ask it at all
  std::optional<std::uint32_t> party =
      {};  ///< players of one party follow its first member; a ring's
           ///< members pool their utility (side payments)
};

/// As OpenRuleFactory, for rules that ask.
using AskingRuleFactory = std::function<Result<std::unique_ptr<learning::AskingRule>>()>;

/// A rule as the base class that a factory returns.
template <class Rule>
[[nodiscard]] Result<std::unique_ptr<learning::OpenRule>> make_rule(
    Result<std::unique_ptr<Rule>> made) {
  if (!made.ok()) return std::move(made).error();
  return std::unique_ptr<learning::OpenRule>(std::move(made).value());
}

struct Platform {
  OpenRuleFactory open;      ///< selection: everyone who is available answers,
  AskingRuleFactory asking;  ///< or: the rule draws whom to ask. Exactly one of the two
  bool drawn_label =
      false;  ///< label: the linear pool of the answerers' shares, or one report drawn by them
  std::string payment = "by-weight";  ///< payment/payment_rule.h; parts of a slot's budget
  double audited =
      1.0;  ///< in (0,1]: how often an outcome comes. Players who can tell see it coming
  bool publishes_weights = true;  ///< everyone's weights; each player knows its own anyway
  bool publishes_reports = true;  ///< everyone's last reports
  double step_size = 0.0;  ///< of weighted-score, told to players; 0: not told, or another rule
};

struct Game {
  std::vector<Player> players;  ///< [N], at least 1
  Platform platform;
  WorldModel world;
  std::uint32_t slots = 1000;  ///< T, at least 1
  std::uint64_t seed = 1;
};

/// What the game came to for one player.
struct PlayerResult {
  std::uint64_t answers = 0;
  double loss = 0.0;    ///< of its reports, over the slots it answered
  double weight = 0.0;  ///< at the end
  /// By Motive. next-weight and total-weight: the sum of its weights after every slot.
  /// final-weight. pay: the sum of its parts of the slots' budgets. sway: minus the sum of (label
  /// - own belief)^2.
  std::array<double, all_motives.size()> earned{};
  double utility = 0.0;  ///< by its own Utility; a ring's members get the mean of their ring

  [[nodiscard]] double of(Motive motive) const {
    return earned.at(static_cast<std::size_t>(motive));
  }
};

/// Over slots with an outcome where somebody answered. "Best" is the player whose honest reports,
/// its beliefs, would have lost least over these slots: what a platform could have had from this
/// crowd.
struct GameResult {
  std::vector<PlayerResult> player;
  std::uint64_t settled = 0;  ///< slots
  std::uint64_t redraws = 0;  ///< asks that were repeated because somebody did not answer
  double pooled_loss = 0.0;   ///< of the linear pool, whatever the label is
  double drawn_loss = 0.0;    ///< of a report drawn by share, in expectation
  double best_honest_loss = 0.0;
  double best_reported_loss =
      0.0;            ///< least loss of a player's reports, over those who answered all slots;
                      ///< infinite if nobody did
  double paid = 0.0;  ///< parts of slot budgets, all players and slots

  [[nodiscard]] double pooled_regret() const { return pooled_loss - best_honest_loss; }
  [[nodiscard]] double drawn_regret() const { return drawn_loss - best_honest_loss; }
};

/// Errors: invalid_argument without a player, belief or slot, or with none or both of the rules;
/// out_of_range for an availability or audited part outside (0,1]; what factories, make_strategy
/// and make_payment_rule refuse.
///
/// Worked: two players, one who always says 1 and one who always says .2, outcome always A,
/// weighted-score with eta = .5, one slot: weights 1/2 -> .58 and .42, pooled loss .16, drawn loss
/// .32, best 0 (first test)
[[nodiscard]] Result<GameResult> play_game(const Game& game);

/// The game with seeds first_seed, first_seed + 1, ...; in this order. threads 0: all.
[[nodiscard]] Result<std::vector<GameResult>> play_seeds(const Game& game, std::uint64_t first_seed,
                                                         std::size_t seeds,
                                                         std::size_t threads = 0);

}  // namespace candor::game
