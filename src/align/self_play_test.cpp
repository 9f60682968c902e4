#include "candor/align/self_play.h"

#include <gtest/gtest.h>

#include <cmath>

#include "align/test_pairs.h"

namespace candor::align {
namespace {

const std::vector<double> rock_paper_scissors = {.5, 0, 1, 1, .5, 0, 0, 1, .5};

WinMatrix random_wins(std::size_t n, RandomStream& random) {
  std::vector<double> win(n * n, 0.5);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < i; ++j) win[j * n + i] = 1 - (win[i * n + j] = random.uniform());
  return must(WinMatrix::create(n, std::move(win)));
}

TEST(SelfPlay, the_worked_example) {
  const WinMatrix game = must(WinMatrix::create(3, rock_paper_scissors));
  EXPECT_NEAR(exploitability(game, std::vector<double>{1. / 3, 1. / 3, 1. / 3}), 0, 1e-15);
  EXPECT_EQ(exploitability(game, std::vector<double>{1, 0, 0}), 0.5);
  EXPECT_EQ(mean_win_rates(game), (std::vector<double>{.5, .5, .5}));
}

TEST(SelfPlay, exploitability_is_never_negative_and_stays_below_the_bound) {
  RandomStream random(1);
  for (int game = 0; game < 20; ++game) {
    const WinMatrix wins = random_wins(2 + random.below(6), random);
    for (const std::size_t steps : {10U, 300U, 4000U}) {
      const SelfPlay play = play_hedge(wins, steps);
      EXPECT_GE(play.exploitability, -1e-12);
      EXPECT_LE(play.exploitability, play.bound + 1e-12) << steps;
      EXPECT_EQ(play.exploitability, exploitability(wins, play.average));
    }
  }
}

TEST(SelfPlay, finds_the_mixed_winner_of_a_lopsided_cycle) {
  // Rock beats scissors .9, paper beats rock .7, scissors beat paper .6: margins .4, .2, .1 on the
  // three sides; the winner plays each in proportion to the margin between the other two.
  const WinMatrix game = must(WinMatrix::create(3, {.5, .3, .9, .7, .5, .4, .1, .6, .5}));
  const SelfPlay play = play_hedge(game, 40000);
  EXPECT_LT(play.exploitability, 0.006);
  const std::vector<double> winner = {.1 / .7, .4 / .7, .2 / .7};
  EXPECT_NEAR(exploitability(game, winner), 0, 1e-15);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_NEAR(play.average[i], winner[i], 0.04);
}

TEST(SelfPlay, a_condorcet_winner_is_the_minimax_winner) {
  const WinMatrix game = must(WinMatrix::create(3, {.5, .6, .55, .4, .5, 1, .45, 0, .5}));
  const SelfPlay play = play_hedge(game, 20000);
  EXPECT_GT(play.average[0], 0.9) << "though answer 1 has the larger mean win rate";
  EXPECT_GT(mean_win_rates(game)[1], mean_win_rates(game)[0]);
  EXPECT_GT(play.last[0], 0.99);
}

TEST(SelfPlay, sampled_labels_have_the_mean_that_the_objective_assumes) {
  // Among k answers of the policy, the label of two of them, the others averaged over.
  RandomStream random(2);
  const WinMatrix wins = random_wins(4, random);
  const std::vector<double> p = {.1, .2, .3, .4};
  const auto rate = wins.win_rates(p);
  const auto draw = [&] {
    double u = random.uniform();
    std::size_t y = 0;
    while (y < 3 && (u -= p[y]) > 0) ++y;
    return y;
  };
  constexpr std::size_t k = 4;
  double sum = 0;
  constexpr int trials = 20000;
  for (int trial = 0; trial < trials; ++trial) {
    const std::vector<std::size_t> drawn = {0, 2, draw(), draw()};
    std::vector<double> among(k * k);
    for (std::size_t i = 0; i < k; ++i)
      for (std::size_t j = 0; j < k; ++j) among[i * k + j] = wins.at(drawn[i], drawn[j]);
    const auto mean = mean_win_rates(must(WinMatrix::create(k, among)));
    sum += pair_label(mean[0], mean[1]);
  }
  const double expected = 0.5 + (2 * (rate[0] - rate[2]) + 2 * wins.at(0, 2) - 1) / 3 / 2;
  EXPECT_NEAR(sum / trials, expected, 0.005);
}

TEST(SelfPlay, with_two_answers_the_label_is_their_preference) {
  const auto mean = mean_win_rates(must(WinMatrix::create(2, {.5, .8, .2, .5})));
  EXPECT_NEAR(pair_label(mean[0], mean[1]), .8, 1e-15);
}

TEST(SelfPlay, matrices_that_are_no_preferences_are_refused) {
  EXPECT_FALSE(WinMatrix::create(2, {.5, .5, .5}).ok());
  EXPECT_FALSE(WinMatrix::create(0, {}).ok());
  EXPECT_EQ(WinMatrix::create(2, {.5, 1.2, -.2, .5}).error().field, "W[0][1]");
  EXPECT_EQ(WinMatrix::create(2, {.5, .7, .7, .5}).error().field, "W[0][1] + W[1][0]");
  EXPECT_EQ(WinMatrix::create(1, {.6}).error().field, "W[0][0] + W[0][0]");
}

}  // namespace
}  // namespace candor::align
