// Asking rules when anything happens in any order: late outcomes, absences, newcomers, releases.
#include <gtest/gtest.h>

#include <cmath>

#include "candor/learning/asking_rules.h"
#include "learning/asking_test_tools.h"

namespace candor::learning {
namespace {

struct Open {
  Crowd asked;
  Stakes stakes;
};

// Everything that can happen, in any order, at any step size that a rule takes.
void expect_weight_is_kept(const Kind& kind, double eta, std::uint64_t seed) {
  RandomStream random(43, seed);
  const auto rule = rule_of(kind.name, {.asks = kind.asks, .step_size = eta}, 6);
  std::vector<Open> open;
  for (int step = 0; step < 1500; ++step) {
    const std::size_t n = rule->workers();
    const WorkerId who{static_cast<std::uint32_t>(random.below(n))};
    if (step % 400 == 399) rule->admit(workers(n, 1 + random.below(3)), .2);
    if (random.bernoulli(.2)) rule->is_present(who) ? rule->leave(who) : rule->come_back(who);
    if (rule->present() > 0 && random.bernoulli(.55)) {
      open.push_back({rule->draw(random).worker, {}});
      open.back().stakes = rule->stake(open.back().asked, 0.0);
    } else if (!open.empty()) {
      std::swap(open[random.below(open.size())], open.back());
      const Open slot = open.back();
      open.pop_back();
      Row loss = random_row(random, slot.asked.size());
      for (double& value : loss) value = std::round(value);  // the extremes
      if (random.bernoulli(.1))
        rule->release(slot.asked, slot.stakes);
      else
        rule->settle(slot.asked, slot.stakes, loss);
    }
    const Row weight = rule->weights();
    ASSERT_NEAR(oracle::total(weight), 1.0, 1e-12) << kind.name << " " << step;
    for (const double value : weight) ASSERT_GT(value, 0.0) << kind.name << " " << step;
  }
}

TEST(AskingOrder, WeightIsKeptAndStaysPositiveWhateverHappensInWhateverOrder) {
  for (const Kind kind : kinds)
    for (const double eta : {.01, .3, 1.0})
      for (const std::uint64_t seed : {1ULL, 2ULL}) expect_weight_is_kept(kind, eta, seed);
}

TEST(AskingOrder, StakesAreReturnedWithoutATrace) {
  for (const Kind kind : kinds) {
    const auto rule =
        uneven_crowd(kind.name, {.asks = kind.asks, .step_size = .4}, {1, .4, .2, .5, .1});
    RandomStream random(44);
    const Row before = rule->weights();
    const Crowd first = rule->draw(random).worker;
    const Stakes stakes = rule->stake(first, 0.0);
    for (int round = 0; round < 50; ++round) {
      const Crowd asked = rule->draw(random).worker;
      rule->release(asked, rule->stake(asked, 0.0));
    }
    rule->release(first, stakes);
    EXPECT_EQ(rule->weights(), before);
    EXPECT_EQ(rule->stake(first, 0.0).stake, stakes.stake) << kind.name;
  }
}

// The public code of WSU-UX updates with everyone's losses; here nobody's who was not asked.
TEST(AskingOrder, WhatTheUnaskedWouldHaveSaidChangesNothingToTheBit) {
  for (const Kind kind : kinds) {
    const auto campaign = [&](std::uint64_t secret) {
      const auto rule = rule_of(kind.name, {.asks = kind.asks, .step_size = .01}, 7);
      RandomStream random(45);
      RandomStream unasked(46, secret);
      for (int slot = 0; slot < 300; ++slot) {
        const Crowd asked = rule->draw(random).worker;
        Row loss = random_row(unasked, 7);
        for (const WorkerId id : asked) loss[id.index()] = random.uniform();
        play(*rule, asked, loss);
      }
      return rule->weights();
    };
    EXPECT_EQ(campaign(1), campaign(2)) << kind.name;
  }
}

}  // namespace
}  // namespace candor::learning
