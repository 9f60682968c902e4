// How fast campaigns are simulated, on one thread.
//
//   1. 10^6 slots of 100 workers with fixed strategies, full feedback: run_lean. Aim: under 2 s.
//      Beside it what drawing the signals takes alone, and what the weight updates take.
//   2. The same players through the readable play_game, for 10^4 slots: how many times slower.
//   3. The exact plan of a worker that looks 1000 slots ahead: solve_two_workers. Aim: under 10 s.
//
// Medians over repetitions. Usage: simulation_bench
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <vector>

#include "candor/game/game.h"
#include "candor/game/lean_campaign.h"
#include "candor/game/two_worker_dp.h"
#include "candor/learning/weighted_score.h"
#include "candor/learning/weighted_score_update.h"

namespace {

using namespace candor;

volatile double keep = 0.0;  // what is read here must have been computed

double median_seconds(int repetitions, const std::function<void()>& work) {
  std::vector<double> seconds;
  for (int i = 0; i < repetitions; ++i) {
    const auto start = std::chrono::steady_clock::now();
    work();
    seconds.push_back(
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  }
  std::sort(seconds.begin(), seconds.end());
  return seconds[seconds.size() / 2];
}

template <class T>
T sure(Result<T> result) {
  if (!result.ok()) std::abort();
  return std::move(result).value();
}

game::LeanCampaign lean_campaign(std::uint32_t slots) {
  game::LeanCampaign campaign;
  for (int i = 0; i < 100; ++i)
    campaign.workers.push_back({0.55 + 0.004 * i,
                                {i % 10 == 0  ? "always-wrong"
                                 : i % 3 == 0 ? "exaggerating"
                                              : "truthful"}});
  campaign.slots = slots;
  campaign.step_size = sure(learning::step_size_for_horizon(100, slots));
  return campaign;
}

game::Game readable_game(const game::LeanCampaign& lean) {
  game::Game readable;
  for (const game::LeanWorker& worker : lean.workers)
    readable.players.push_back(
        {.belief = sure(game::calibrated_belief(worker.accuracy)), .strategy = worker.strategy});
  const double step_size = lean.step_size;
  readable.platform.open = [step_size] {
    return game::make_rule(learning::WeightedScore::create({.step_size = step_size}));
  };
  readable.slots = lean.slots;
  return readable;
}

void draw_signals(std::uint32_t slots, std::uint32_t workers) {
  double total = 0.0;
  for (std::uint32_t slot = 0; slot < slots; ++slot)
    for (std::uint32_t pair = 0; 2 * pair < workers; ++pair)
      total += game::uniform_pair(1, game::Purpose::signal, pair, slot)[0];
  keep = total;
}

void update_weights(std::uint32_t slots, std::size_t workers) {
  std::vector<double> weight(workers, 1.0 / static_cast<double>(workers));
  const std::vector<double> loss(workers, 0.25);
  for (std::uint32_t slot = 0; slot < slots; ++slot)
    keep = sure(learning::weighted_score_update(weight, loss, 1e-3));
}

void print_row(const char* what, double seconds, double worker_slots) {
  std::printf("%-46s %10.2f s %10.2f ns a worker and slot\n", what, seconds,
              seconds * 1e9 / worker_slots);
}

void print_campaigns() {
  constexpr std::uint32_t slots = 1'000'000;
  const game::LeanCampaign lean = lean_campaign(slots);
  std::printf("10^6 slots, 100 workers, one thread (aim: under 2 s)\n");
  print_row("run_lean", median_seconds(3, [&] { keep = sure(run_lean(lean)).pooled_loss; }), 1e8);
  print_row("  drawing the signals alone", median_seconds(3, [] { draw_signals(slots, 100); }),
            1e8);
  print_row("  weighted-score updates alone", median_seconds(3, [] { update_weights(slots, 100); }),
            1e8);
  const game::Game readable = readable_game(lean_campaign(10'000));
  print_row("play_game, 10^4 slots",
            median_seconds(3, [&] { keep = sure(play_game(readable)).pooled_loss; }), 1e6);
}

void print_plan() {
  game::TwoWorkerGame plan;
  plan.horizon = 1000;
  plan.step_size = std::sqrt(std::log(2.0) / 1000.0);
  plan.slot = {game::known_slot(0.5, 0.0)};
  plan.grid = 601;
  const double seconds =
      median_seconds(3, [&] { keep = sure(solve_two_workers(plan)).relative_gain(0.5); });
  std::printf("\nExact plan of two workers, T = 1000 (aim: under 10 s)%9.2f s, gain %.3g\n",
              seconds, keep);
}

}  // namespace

int main() {
  print_campaigns();
  print_plan();
  return 0;
}
