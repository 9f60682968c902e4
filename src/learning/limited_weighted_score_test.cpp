#include "candor/learning/limited_weighted_score.h"

#include <gtest/gtest.h>

#include <cmath>

#include "candor/learning/weighted_score_update.h"
#include "learning/asking_test_tools.h"

namespace candor::learning {
namespace {

using Selection = LimitedWeightedScore::Selection;

void expect_row(const Row& got, const Row& expected, double tolerance) {
  ASSERT_EQ(got.size(), expected.size());
  for (std::size_t i = 0; i < got.size(); ++i) ASSERT_NEAR(got[i], expected[i], tolerance) << i;
}

TEST(LimitedWeightedScore, MatchesTheHandWorkedSlotOfTwoAsked) {
  const auto rule = rule_of("lf", {.asks = 2, .step_size = .3}, 3);
  EXPECT_NEAR(rule->probability(WorkerId{0}), 2.0 / 3.0, 1e-15);
  const Stakes stakes = rule->stake(Crowd{{0}, {1}}, .5);
  expect_row(stakes.stake, {.15, .15}, 1e-15);
  expect_row(stakes.claim, {1.0 / 3, 1.0 / 3}, 1e-15);
  EXPECT_EQ(stakes.lottery, .5);
  rule->settle(Crowd{{0}, {1}}, stakes, Row{.04, .36});
  expect_row(rule->weights(), {1.0 / 3 + .014, 1.0 / 3 - .034, 1.0 / 3 + .02}, 1e-15);
}

TEST(LimitedWeightedScore, MatchesTheHandWorkedSlotOfOneAsked) {
  const auto rule = rule_of("wsu-ux", {.asks = 1, .step_size = .03, .exploration = .3}, 3);
  EXPECT_NEAR(rule->probability(WorkerId{1}), 1.0 / 3.0, 1e-15);
  play(*rule, {{1}}, {9, .36, 9});
  expect_row(rule->weights(), {1.0 / 3 + .0036, 1.0 / 3 - .0072, 1.0 / 3 + .0036}, 1e-15);
}

TEST(LimitedWeightedScore, RefusesOptionsThatMakeNoSense) {
  const auto refused = [](Selection selection, const AskingOptions& options) {
    const auto rule = LimitedWeightedScore::create(selection, options);
    return rule.ok() ? std::string() : rule.error().field;
  };
  const Selection lf = Selection::leader_and_others;
  EXPECT_EQ(refused(lf, {.asks = 2, .step_size = 0}), "step size");
  EXPECT_EQ(refused(lf, {.asks = 2, .step_size = 1.01}), "step size");
  EXPECT_EQ(refused(lf, {.asks = 2, .step_size = std::nan("")}), "step size");
  EXPECT_EQ(refused(lf, {.asks = 1}), "asks");
  EXPECT_EQ(refused(lf, {.asks = 2, .exploration = .1}), "exploration");
  EXPECT_EQ(refused(Selection::mixed, {.asks = 2}), "asks");
  EXPECT_EQ(refused(Selection::mixed, {.asks = 1, .exploration = 1}), "exploration");
  EXPECT_EQ(refused(Selection::mixed, {.asks = 1, .exploration = -.1}), "exploration");
  EXPECT_EQ(refused(lf, {.asks = 2, .step_size = 1}), "");
  EXPECT_EQ(refused(Selection::mixed, {.asks = 1, .exploration = .1}), "");
}

TEST(LimitedWeightedScore, EqualsTheFormulaOverLongCampaignsWithAbsencesAndArrivals) {
  for (const std::size_t asks : {1UL, 2UL, 5UL}) {
    RandomStream random(10, asks);
    const double eta = asks == 1 ? .002 : .04;
    const auto rule =
        rule_of(asks == 1 ? "wsu-ux" : "lf",
                {.asks = asks, .step_size = eta, .exploration = asks == 1 ? .3 : 0}, 20);
    Row weight(20, .05);
    for (int slot = 0; slot < 4000; ++slot) {
      if (slot % 1500 == 1499) {
        rule->admit(workers(weight.size(), 3), .1);
        weight = oracle::admit(weight, Row(weight.size()), 3, .1);
      }
      const WorkerId who{static_cast<std::uint32_t>(random.below(weight.size()))};
      if (random.bernoulli(.2)) {
        rule->is_present(who) && rule->present() > 2 ? rule->leave(who) : rule->come_back(who);
      }
      const oracle::Set here = present_of(*rule);
      const Asks asked = rule->draw(random);
      Row loss = random_row(random, weight.size());
      for (std::size_t i = 0; i < loss.size(); ++i) loss[i] *= static_cast<double>(i % 4) / 3;
      play(*rule, asked.worker, loss);
      const Row q = asks == 1 ? oracle::mixed_probability(weight, here, .3)
                              : oracle::lf_probability(weight, here, asks);
      weight = oracle::importance_step(weight, here, indices(asked.worker), q, loss, eta);
      for (std::size_t i = 0; i < weight.size(); ++i)
        ASSERT_NEAR(rule->weights()[i], weight[i], 1e-12 + 1e-10 * weight[i]) << slot;
    }
    EXPECT_LT(*std::min_element(weight.begin(), weight.end()), .02);  // it did learn
  }
}

// An open slot as the test keeps it.
struct Open {
  Crowd asked;
  Stakes stakes;
  oracle::Set arrived_since;
};

TEST(LimitedWeightedScore, EqualsTheFormulaWhenOutcomesComeLateOrNever) {
  for (const double eta : {.05, .3, 1.0}) {
    RandomStream random(11);
    const auto rule = rule_of("lf", {.asks = 3, .step_size = eta}, 8);
    Row weight(8, .125);
    Row staked(8);
    std::vector<Open> open;
    for (int step = 0; step < 5000; ++step) {
      const WorkerId who{static_cast<std::uint32_t>(random.below(8))};
      if (random.bernoulli(.3)) {
        const bool leaves = rule->is_present(who);
        leaves ? rule->leave(who) : rule->come_back(who);
        for (Open& slot : open)
          if (!leaves) slot.arrived_since.push_back(who.index());
      }
      const oracle::Set here = present_of(*rule);
      if (rule->present() >= 2 && (open.size() < 2 || random.bernoulli(.5))) {
        const Crowd asked = rule->draw(random).worker;
        const Row q = oracle::lf_probability(weight, here, 3);
        open.push_back({asked, rule->stake(asked, 0.0), {}});
        for (std::size_t k = 0; k < asked.size(); ++k) {
          const std::size_t i = asked[k].index();
          const double g = std::min(eta * weight[i] / q[i], weight[i] - staked[i]);
          ASSERT_NEAR(open.back().stakes.stake[k], g, 1e-12);
          ASSERT_NEAR(open.back().stakes.claim[k], weight[i] / oracle::weight_of(weight, here),
                      1e-12 / oracle::weight_of(weight, here));
          staked[i] += g;
        }
      } else if (!open.empty()) {
        std::swap(open[random.below(open.size())], open.back());
        const Open slot = open.back();
        open.pop_back();
        for (std::size_t k = 0; k < slot.asked.size(); ++k)
          staked[slot.asked[k].index()] -= slot.stakes.stake[k];
        if (random.bernoulli(.1)) {
          rule->release(slot.asked, slot.stakes);
        } else {
          const Row loss = random_row(random, 8);
          rule->settle(slot.asked, slot.stakes, losses_of(slot.asked, loss));
          weight = oracle::late_step(
              weight, here,
              {indices(slot.asked), slot.stakes.stake, slot.stakes.claim, slot.arrived_since}, loss,
              1);
        }
      }
      expect_row(rule->weights(), weight, 1e-12);
      weight = rule->weights();  // so that each step is judged alone
      ASSERT_NEAR(oracle::total(weight), 1.0, 1e-12);
    }
  }
}

TEST(LimitedWeightedScore, ExpectedNextWeightIsTheFullInformationStep) {
  RandomStream random(12);
  for (const Kind kind : {Kind{"lf", 2}, Kind{"lf", 3}, Kind{"lf", 4}, Kind{"wsu-ux", 1}}) {
    for (int trial = 0; trial < 60; ++trial) {
      const std::size_t n = 3 + random.below(4);
      const AskingOptions options{.asks = kind.asks,
                                  .step_size = random.uniform() * guarded_step(kind, n)};
      const Row masses = random_row(random, n);
      const Row loss = random_row(random, n);
      Row expected(n);
      const auto before = uneven_crowd(kind.name, options, masses);
      for (const AskingRule::Possible& set : before->law()) {
        const auto rule = uneven_crowd(kind.name, options, masses);
        play(*rule, set.asks.worker, loss);
        const Row next = rule->weights();
        for (std::size_t i = 0; i < n; ++i) expected[i] += set.probability * next[i];
      }
      Row full = before->weights();
      ASSERT_TRUE(weighted_score_update(full, loss, options.step_size).ok());
      expect_row(expected, full, 1e-14);
    }
  }
}

TEST(LimitedWeightedScore, TheLabelIsNoWorseThanAWorkerDrawnByWeight) {
  RandomStream random(13);
  for (int trial = 0; trial < 500; ++trial) {
    const std::size_t n = 3 + random.below(4);
    const auto rule = uneven_crowd("lf", {.asks = 2 + random.below(n - 1)}, random_row(random, n));
    const Row report = random_row(random, n);
    const double outcome = random.bernoulli(.5) ? 1.0 : 0.0;
    double label_loss = 0.0;
    for (const AskingRule::Possible& set : rule->law()) {
      Row share(set.asks.worker.size());
      rule->share(set.asks.worker, share);
      double label = 0.0;
      for (std::size_t k = 0; k < share.size(); ++k)
        label += share[k] * report[set.asks.worker[k].index()];
      label_loss += set.probability * oracle::square(label - outcome);
    }
    double mean = 0.0;
    const Row weight = rule->weights();
    for (std::size_t i = 0; i < n; ++i) mean += weight[i] * oracle::square(report[i] - outcome);
    ASSERT_LE(label_loss, mean + 1e-15);
  }
}

// Above (m-1)/(N-1) the formula makes a worker of little weight negative; the rule stakes less.
TEST(LimitedWeightedScore, TheGuardIsWhereTheFormulaStopsBeingPositive) {
  for (const std::size_t asks : {2UL, 3UL}) {
    const std::size_t n = 6;
    const double guard = static_cast<double>(asks - 1) / 5.0;
    const Row masses{1, 1e-9, .5, .5, .5, .5};
    const Row loss(n, 1.0);
    for (const double eta : {guard, guard * 1.001}) {
      const auto rule = uneven_crowd("lf", {.asks = asks, .step_size = eta}, masses);
      const Row weight = rule->weights();
      const oracle::Set here{0, 1, 2, 3, 4, 5};
      const Row q = oracle::lf_probability(weight, here, asks);
      Row only(n);
      only[1] = 1.0;  // the light worker is wrong, the others right
      oracle::Set asked;
      for (std::size_t k = 0; k < asks; ++k) asked.push_back(k + 1);
      const Row next = oracle::importance_step(weight, here, asked, q, only, eta);
      EXPECT_EQ(next[1] > 0.0, eta == guard) << next[1];
      play(*rule, workers(1, asks), only);
      EXPECT_GT(rule->weights()[1], 0.0);
    }
  }
}

TEST(LimitedWeightedScore, AsksEverybodyWhereFewerArePresentThanItWouldAsk) {
  const auto rule = rule_of("lf", {.asks = 4, .step_size = .5}, 6);
  for (const std::uint32_t i : {0U, 2U, 5U}) rule->leave(WorkerId{i});
  RandomStream random(14);
  const Asks asks = rule->draw(random);
  EXPECT_EQ(asks.worker, (Crowd{{1}, {3}, {4}}));
  EXPECT_EQ(asks.probability, Row(3, 1.0));
  ASSERT_EQ(rule->law().size(), 1U);
  Row full(3, 1.0 / 3);
  ASSERT_TRUE(weighted_score_update(full, Row{.1, .5, .9}, .5).ok());
  play(*rule, asks.worker, {0, .1, 0, .5, .9, 0});
  EXPECT_NEAR(rule->weights()[1], full[0] / 2, 1e-15);
  EXPECT_NEAR(rule->weights()[4], full[2] / 2, 1e-15);
  EXPECT_NEAR(rule->weights()[0], 1.0 / 6, 1e-15);
  rule->leave(WorkerId{1});
  rule->leave(WorkerId{3});
  const Crowd last{{4}};
  EXPECT_EQ(rule->draw(random).worker, last);
  const Row before = rule->weights();
  EXPECT_EQ(rule->stake(last, 0.0).stake, Row{0.0});
  play(*rule, last, {0, 0, 0, 0, 1, 0});
  EXPECT_EQ(rule->weights(), before);
  rule->leave(WorkerId{4});
  EXPECT_TRUE(rule->draw(random).worker.empty());
  EXPECT_TRUE(rule->law().empty());
}

// Splitting an identity changes what it is asked, not what its weight becomes on average.
TEST(LimitedWeightedScore, ManyIdentitiesGainNoWeightButMoreQuestions) {
  RandomStream random(15);
  for (const Kind kind : {Kind{"lf", 2}, Kind{"wsu-ux", 1}}) {
    const double eta = .01;
    const AskingOptions options{
        .asks = kind.asks, .step_size = eta, .exploration = kind.asks == 1 ? .2 : 0};
    const double lie = random.uniform();
    Row gain;
    Row questions;
    for (const std::size_t identities : {1UL, 2UL, 5UL}) {
      const auto build = [&] {
        auto rule = rule_of(kind.name, options, 4);
        rule->admit(workers(4, identities), .3);
        return rule;
      };
      Row loss{.1, .2, .5, .3};
      loss.resize(4 + identities, lie);
      double mean = 0.0;
      double asked = 0.0;
      for (const AskingRule::Possible& set : build()->law()) {
        const auto rule = build();
        play(*rule, set.asks.worker, loss);
        const Row next = rule->weights();
        for (std::size_t k = 4; k < next.size(); ++k) mean += set.probability * next[k];
      }
      for (const WorkerId id : workers(4, identities)) asked += build()->probability(id);
      const double n = static_cast<double>(4 + identities);
      const double k = static_cast<double>(identities);
      const double expected =
          kind.asks == 1 ? .8 * .3 + .2 * k / n : .3 * (n - 2) / (n - 1) + k / (n - 1);
      EXPECT_NEAR(asked, expected, 1e-14);
      gain.push_back(mean);
      questions.push_back(asked);
    }
    EXPECT_NEAR(gain[1], gain[0], 1e-15);
    EXPECT_NEAR(gain[2], gain[0], 1e-15);
    EXPECT_GT(questions[2], questions[0] + .05);
  }
}

TEST(LimitedWeightedScore, ALeaderWithNearlyAllWeightCanStillBeOvertaken) {
  // Where the others have less than one rounding of the leader, they must grow as the formula says.
  const double eta = .3;
  const auto rule = rule_of("lf", {.asks = 2, .step_size = eta}, 3);
  for (int slot = 0; slot < 90; ++slot) {
    play(*rule, {{0}, {1}}, {0, 1, 1});
    play(*rule, {{0}, {2}}, {0, 1, 1});
  }
  const Row light = rule->weights();
  ASSERT_LT(light[1] + light[2], 1e-25);
  for (int slot = 0; slot < 300; ++slot) {
    const Row before = rule->weights();
    const oracle::Set here{0, 1, 2};
    const Row q = oracle::lf_probability(before, here, 2);
    play(*rule, {{0}, {1}}, {1, 0, 0});
    const Row after = rule->weights();
    const Row expected = oracle::importance_step(before, here, {0, 1}, q, {1, 0, 0}, eta);
    ASSERT_NEAR(after[1] / expected[1], 1.0, 1e-9) << slot;
    ASSERT_NEAR(after[2] / expected[2], 1.0, 1e-9) << slot;
  }
  EXPECT_GT(rule->weights()[1] + rule->weights()[2], .1);
}

TEST(LimitedWeightedScore, DrawsLargeSetsOfDifferentWorkers) {
  const auto rule = rule_of("lf", {.asks = 60, .step_size = .1}, 100);
  RandomStream random(17);
  Row times(100);
  for (int draw = 0; draw < 2000; ++draw) {
    const Asks asks = rule->draw(random);
    ASSERT_EQ(asks.worker.size(), 60U);
    for (std::size_t k = 1; k < 60; ++k) ASSERT_LT(asks.worker[k - 1], asks.worker[k]);
    for (const WorkerId id : asks.worker) times[id.index()] += 1;
  }
  for (const double count : times) EXPECT_NEAR(count, 1200, 6 * std::sqrt(480));
}

// Stakes keep their value when a worker who was asked does not answer and another set is drawn; but
// as it is only found out by asking, the others' losses count 1 + P(X asked) - P(X asked | i asked)
// times on average. Nearly the same for all, so the comparison of workers hardly suffers; for m = 1
// exactly.
TEST(LimitedWeightedScore, ANoShowFoundOutByAskingScalesTheOthersLosses) {
  const Row masses{1, .4, .2, .5, .1};
  const WorkerId missing{2};
  for (const Kind kind : {Kind{"lf", 2}, Kind{"lf", 3}, Kind{"wsu-ux", 1}}) {
    const auto rule = uneven_crowd(kind.name, {.asks = kind.asks, .step_size = .02}, masses);
    Row count(5);     // E[times the loss of i counts]
    Row together(5);  // P(i and the missing one asked)
    const auto first = rule->law();
    rule->leave(missing);
    const auto again = rule->law();
    rule->come_back(missing);
    const auto add = [&](const AskingRule::Possible& set, double chance) {
      for (std::size_t k = 0; k < set.asks.worker.size(); ++k)
        count[set.asks.worker[k].index()] += chance / set.asks.probability[k];
    };
    for (const AskingRule::Possible& set : first) {
      const bool found_out = oracle::holds(indices(set.asks.worker), missing.index());
      if (!found_out) add(set, set.probability);
      if (!found_out) continue;
      for (const WorkerId id : set.asks.worker) together[id.index()] += set.probability;
      for (const AskingRule::Possible& other : again)
        add(other, set.probability * other.probability);
    }
    const double q = rule->probability(missing);
    for (const WorkerId id : {WorkerId{0}, WorkerId{1}, WorkerId{3}, WorkerId{4}}) {
      const double times = 1 + q - together[id.index()] / rule->probability(id);
      ASSERT_NEAR(count[id.index()], times, 1e-14) << kind.name;
      if (kind.asks == 1) {
        ASSERT_NEAR(times, 1 + q, 1e-14);
      }
    }
    if (kind.asks > 1) {
      EXPECT_GT(std::abs(count[0] - count[4]), 1e-3);
    }
  }
}

TEST(LimitedWeightedScore, StatesNoBoundBeyondTheRangeOfItsProof) {
  const auto bound = [](const char* name, std::size_t asks, double eta, std::size_t n) {
    return rule_of(name, {.asks = asks, .step_size = eta}, n)->regret_bound(WorkerId{0}, 1000);
  };
  EXPECT_NEAR(*bound("lf", 2, .05, 10), std::log(10) / .05 + .05 * 1000 * 14, 1e-9);
  EXPECT_NEAR(*bound("lf", 10, .05, 10), std::log(10) / .05 + .05 * 1000, 1e-9);
  EXPECT_FALSE(bound("lf", 2, .08, 10).has_value());  // .68/9 = .0756
  EXPECT_NEAR(*bound("wsu-ux", 1, .001, 10),
              std::log(10) / .001 + 1000 * (.001 * (100 + 1 / .9) + .1), 1e-9);
  EXPECT_FALSE(bound("wsu-ux", 1, .06, 10).has_value());
  EXPECT_FALSE(rule_of("lf", {}, 3)->regret_bound(WorkerId{7}, 10).has_value());
}

}  // namespace
}  // namespace candor::learning
