// Two workers under the weighted-score rule: what a plan over a long horizon gains, exactly.
#include <array>
#include <cassert>

#include "audit/row_search.h"
#include "candor/base/text.h"
#include "candor/game/two_worker_dp.h"

namespace candor::audit {
namespace {

struct Pair {
  double belief = 0.5;
  double other = 0.5;
};

game::TwoWorkerGame game_of(game::Motive motive, std::size_t horizon, const Pair& pair) {
  game::TwoWorkerGame game;
  game.horizon = horizon;
  game.step_size = 0.5;
  game.slot = {game::known_slot(pair.belief, pair.other)};
  game.utility = game::Utility::pure(motive);
  game.grid = horizon > 50 ? 601 : 1201;
  return game;
}

}  // namespace

AuditRow two_worker_row(const std::string& mechanism, game::Motive motive, std::size_t horizon) {
  AuditRow row;
  row.mechanism = mechanism;
  row.utility = motive;
  row.workers = 2;
  row.horizon = horizon;
  row.exact = true;
  row.method = "dynamic programming";
  constexpr std::array<Pair, 4> pairs{{{0.5, 0.0}, {0.6, 0.1}, {0.8, 0.3}, {0.55, 0.45}}};
  for (const Pair& pair : pairs) {
    const auto plan = game::solve_two_workers(game_of(motive, horizon, pair));
    assert(plan.ok());
    if (!row.best.empty() && plan->gain(0.5) <= row.gain) continue;
    row.gain = std::max(0.0, plan->gain(0.5));
    row.honest = {pair.belief};
    row.best = {plan->report(0, 0, 0.5)};
    row.honest_utility = plan->truthful_value(0.5);
    row.best_utility = plan->value(0.5);
    row.note = "the same slot " + std::to_string(horizon) +
               " times, beliefs independent; relative gain " +
               number_text(plan->relative_gain(0.5));
    row.instance = {"worst found", {0.5, 0.5}, 0.5, {{pair.belief, {pair.belief, pair.other}, {}}}};
  }
  return row;
}

}  // namespace candor::audit
