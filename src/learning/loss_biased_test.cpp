#include "candor/learning/loss_biased.h"

#include <gtest/gtest.h>

#include <cmath>

#include "learning/asking_test_tools.h"

namespace candor::learning {
namespace {

std::unique_ptr<AskingRule> quarter_quarter_half(double eta) {
  auto rule = rule_of("loss-biased", {.asks = 1, .step_size = eta}, 2);
  rule->admit(workers(2, 1), .5);
  return rule;
}

TEST(LossBiased, MatchesTheHandWorkedSlot) {
  const auto rule = quarter_quarter_half(.04);
  EXPECT_NEAR(rule->probability(WorkerId{0}), .27, 1e-15);
  EXPECT_NEAR(rule->probability(WorkerId{2}), .46, 1e-15);
  const Stakes stakes = rule->stake(Crowd{{0}}, 0.0);
  EXPECT_NEAR(stakes.stake[0], .01 / .27, 1e-15);
  EXPECT_NEAR(stakes.claim[0], .25, 1e-15);
  rule->settle(Crowd{{0}}, stakes, Row{.36});
  const Row weight = rule->weights();
  EXPECT_NEAR(weight[0], .241224, 5e-7);
  EXPECT_NEAR(weight[1], .254557, 5e-7);
  EXPECT_NEAR(weight[2], .504219, 5e-7);
}

TEST(LossBiased, EqualsTheFormulaOverCampaignsWithAbsencesAndArrivals) {
  RandomStream random(20);
  const double eta = .008;
  const auto rule = rule_of("loss-biased", {.asks = 1, .step_size = eta}, 12);
  Row weight(12, 1.0 / 12);
  for (int slot = 0; slot < 3000; ++slot) {
    if (slot == 1000) {
      rule->admit(workers(12, 3), .2);
      weight = oracle::admit(weight, Row(12), 3, .2);
    }
    const WorkerId who{static_cast<std::uint32_t>(random.below(weight.size()))};
    if (random.bernoulli(.2))
      rule->is_present(who) && rule->present() > 2 ? rule->leave(who) : rule->come_back(who);
    const oracle::Set here = present_of(*rule);
    const Crowd asked = rule->draw(random).worker;
    Row loss = random_row(random, weight.size());
    for (std::size_t i = 0; i < loss.size(); ++i) loss[i] *= static_cast<double>(i % 4) / 3;
    play(*rule, asked, loss);
    const Row q =
        oracle::mixed_probability(weight, here, 2 * eta * static_cast<double>(here.size()));
    weight = oracle::loss_biased_step(weight, here, asked[0].index(), q, loss, eta);
    for (std::size_t i = 0; i < weight.size(); ++i)
      ASSERT_NEAR(rule->weights()[i], weight[i], 1e-12) << slot;
  }
}

TEST(LossBiased, TheBonusDoesNotDependOnWhatAnyoneAnswers) {
  RandomStream random(21);
  const Row masses{1, .3, .6, .1};
  const AskingOptions options{.asks = 1, .step_size = .02};
  const auto step = [&](double loss) {
    const auto rule = uneven_crowd("loss-biased", options, masses);
    play(*rule, {{1}}, Row(4, loss));
    return rule->weights();
  };
  const Row none = step(0.0);
  const Row half = step(0.5);
  const Row full = step(1.0);
  const Row before = uneven_crowd("loss-biased", options, masses)->weights();
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_NEAR(full[i] - half[i], half[i] - none[i], 5e-16);  // affine in the loss
    EXPECT_GT(std::abs(none[i] - before[i]), 1e-6);            // and moves without one
  }
}

TEST(LossBiased, PaysManyIdentitiesMoreButNeverMoreThanStated) {
  const double eta = .01;
  const auto bonus_of = [&](std::size_t identities) {
    auto rule = rule_of("loss-biased", {.asks = 1, .step_size = eta, .exploration = .2}, 4);
    rule->admit(workers(4, identities), .1);
    play(*rule, {{0}}, Row(4 + identities, 0.0));
    const Row weight = rule->weights();
    double group = 0.0;
    for (std::size_t i = 4; i < weight.size(); ++i) group += weight[i];
    return group - .1;
  };
  EXPECT_GT(bonus_of(2), bonus_of(1) + 1e-6);
  EXPECT_GT(bonus_of(8), bonus_of(2) + 1e-6);
  EXPECT_LT(bonus_of(8), 4 * eta * eta * 12 / .2 * .1);
}

TEST(LossBiased, StatesItsBoundAndItsRange) {
  const auto rule = rule_of("loss-biased", {.asks = 1, .step_size = .0125}, 10);
  EXPECT_NEAR(*rule->regret_bound(WorkerId{3}, 1000), std::log(10) / .0125 + 142 * .0125 * 1000,
              1e-9);
  const AskingOptions larger{.asks = 1, .step_size = .0126};
  EXPECT_FALSE(rule_of("loss-biased", larger, 10)->regret_bound(WorkerId{3}, 9).has_value());
  EXPECT_FALSE(LossBiased::create({.asks = 2}).ok());
  EXPECT_FALSE(LossBiased::create({.asks = 1, .step_size = 2}).ok());
}

}  // namespace
}  // namespace candor::learning
