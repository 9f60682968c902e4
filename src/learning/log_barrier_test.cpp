#include "candor/learning/log_barrier.h"

#include <gtest/gtest.h>

#include <cmath>

#include "learning/asking_test_tools.h"

namespace candor::learning {
namespace {

TEST(LogBarrier, MatchesTheHandWorkedSlot) {
  const auto rule = rule_of("log-barrier", {.asks = 1, .step_size = .4}, 2);
  rule->admit(workers(2, 1), .5);
  EXPECT_NEAR(rule->probability(WorkerId{0}), .25, 1e-15);
  const Stakes stakes = rule->stake(Crowd{{0}}, 0.0);
  EXPECT_NEAR(stakes.stake[0], .1, 1e-15);
  EXPECT_NEAR(stakes.claim[0], 1.0 / 6, 1e-15);
  rule->settle(Crowd{{0}}, stakes, Row{.36});
  const Row weight = rule->weights();
  EXPECT_NEAR(weight[0], .22, 1e-15);
  EXPECT_NEAR(weight[1], .256, 1e-15);
  EXPECT_NEAR(weight[2], .524, 1e-15);
}

TEST(LogBarrier, EqualsTheFormulaOverCampaignsWithAbsencesAndArrivals) {
  RandomStream random(30);
  for (const double eta : {.05, .5, 1.0}) {
    const auto rule = rule_of("log-barrier", {.asks = 1, .step_size = eta}, 12);
    Row weight(12, 1.0 / 12);
    for (int slot = 0; slot < 2000; ++slot) {
      if (slot == 1000) {
        rule->admit(workers(12, 3), .2);
        weight = oracle::admit(weight, Row(12), 3, .2);
      }
      const WorkerId who{static_cast<std::uint32_t>(random.below(weight.size()))};
      if (random.bernoulli(.2))
        rule->is_present(who) && rule->present() > 2 ? rule->leave(who) : rule->come_back(who);
      const oracle::Set here = present_of(*rule);
      const Crowd asked = rule->draw(random).worker;
      const Row loss = random_row(random, weight.size());
      play(*rule, asked, loss);
      weight = oracle::log_barrier_step(weight, here, asked[0].index(), loss, eta);
      for (std::size_t i = 0; i < weight.size(); ++i)
        ASSERT_NEAR(rule->weights()[i], weight[i], 1e-12) << slot;
      weight = rule->weights();  // so that each step is judged alone
    }
  }
}

TEST(LogBarrier, EqualsTheFormulaWhenOutcomesComeLateAndWorkersHaveLeft) {
  RandomStream random(31);
  struct Open {
    Crowd asked;
    Stakes stakes;
    oracle::Set arrived_since;
  };
  const auto rule = rule_of("log-barrier", {.asks = 1, .step_size = .4}, 5);
  std::vector<Open> open;
  for (int step = 0; step < 4000; ++step) {
    const WorkerId who{static_cast<std::uint32_t>(random.below(5))};
    if (random.bernoulli(.5)) {
      const bool leaves = rule->is_present(who);
      leaves ? rule->leave(who) : rule->come_back(who);
      for (Open& slot : open)
        if (!leaves) slot.arrived_since.push_back(who.index());
    }
    if (rule->present() >= 2 && (open.size() < 2 || random.bernoulli(.5))) {
      open.push_back({rule->draw(random).worker, {}, {}});
      open.back().stakes = rule->stake(open.back().asked, 0.0);
    } else if (!open.empty()) {
      std::swap(open[random.below(open.size())], open.back());
      const Open slot = open.back();
      open.pop_back();
      const Row loss = random_row(random, 5);
      const Row expected = oracle::late_step(
          rule->weights(), present_of(*rule),
          {indices(slot.asked), slot.stakes.stake, slot.stakes.claim, slot.arrived_since}, loss, 2);
      rule->settle(slot.asked, slot.stakes, losses_of(slot.asked, loss));
      for (std::size_t i = 0; i < 5; ++i) ASSERT_NEAR(rule->weights()[i], expected[i], 1e-12);
    }
    ASSERT_NEAR(oracle::total(rule->weights()), 1.0, 1e-12);
  }
}

TEST(LogBarrier, ExpectedNextWeightIsTheClosedForm) {
  RandomStream random(32);
  for (int trial = 0; trial < 200; ++trial) {
    const std::size_t n = 2 + random.below(5);
    const AskingOptions options{.asks = 1, .step_size = 1 - random.uniform()};
    const Row masses = random_row(random, n);
    const Row loss = random_row(random, n);
    const auto before = uneven_crowd("log-barrier", options, masses);
    const Row weight = before->weights();
    Row expected(n);
    for (const AskingRule::Possible& one : before->law()) {
      const auto rule = uneven_crowd("log-barrier", options, masses);
      play(*rule, one.asks.worker, loss);
      for (std::size_t i = 0; i < n; ++i) expected[i] += one.probability * rule->weights()[i];
    }
    double squares = 0.0;
    double mean = 0.0;
    for (std::size_t j = 0; j < n; ++j) squares += weight[j] * weight[j];
    for (std::size_t j = 0; j < n; ++j) mean += weight[j] * weight[j] * loss[j] / squares;
    for (std::size_t i = 0; i < n; ++i)
      ASSERT_NEAR(expected[i],
                  weight[i] - options.step_size * weight[i] * weight[i] * (loss[i] - mean), 1e-15);
  }
}

// Splitting an identity makes it slower both ways: its sum of squares is 1/k.
TEST(LogBarrier, ManyIdentitiesLoseMoreSlowly) {
  const auto expected_change = [](std::size_t identities) {
    const auto build = [&] {
      auto rule = rule_of("log-barrier", {.asks = 1, .step_size = .3}, 6);
      rule->admit(workers(6, identities), .1);
      return rule;
    };
    Row loss(6 + identities, 0.0);
    for (std::size_t k = 6; k < loss.size(); ++k) loss[k] = 1.0;
    double after = 0.0;
    for (const AskingRule::Possible& one : build()->law()) {
      const auto rule = build();
      play(*rule, one.asks.worker, loss);
      const Row weight = rule->weights();
      for (std::size_t k = 6; k < weight.size(); ++k) after += one.probability * weight[k];
    }
    return after - .1;
  };
  const double alone = expected_change(1);
  EXPECT_LT(alone, 0.0);
  EXPECT_NEAR(expected_change(2) / alone, 1.0 / 2, .05);
  EXPECT_NEAR(expected_change(4) / alone, 1.0 / 4, .05);
}

TEST(LogBarrier, StatesItsBoundOnlyForACrowdThatStays) {
  const auto rule = rule_of("log-barrier", {.asks = 1, .step_size = .1}, 10);
  EXPECT_NEAR(*rule->regret_bound(WorkerId{0}, 1000), 9 * std::log(1000) / .1 + .2 * 1000 / .9 + 1,
              1e-9);
  rule->leave(WorkerId{3});
  rule->come_back(WorkerId{3});
  EXPECT_FALSE(rule->regret_bound(WorkerId{0}, 1000).has_value());
  EXPECT_FALSE(LogBarrier::create({.asks = 2}).ok());
  EXPECT_FALSE(LogBarrier::create({.asks = 1, .step_size = .1, .exploration = .1}).ok());
}

TEST(LogBarrier, WorkersOfAlmostNoWeightKeepTheirShares) {
  const auto rule = rule_of("log-barrier", {.asks = 1, .step_size = .5}, 3);
  RandomStream random(33);
  for (int slot = 0; slot < 3000; ++slot) {
    play(*rule, {{1}}, {0, 1, 1});
    play(*rule, {{2}}, {0, 1, 1});
  }
  const Row light = rule->weights();
  ASSERT_LT(light[1], 1e-150);
  ASSERT_GT(light[1], 0.0);
  play(*rule, {{0}}, {1, 0, 0});  // everyone else is too light to gain by it, and nothing is lost
  EXPECT_NEAR(oracle::total(rule->weights()), 1.0, 1e-15);
  EXPECT_GE(rule->weights()[1], light[1]);
}

}  // namespace
}  // namespace candor::learning
