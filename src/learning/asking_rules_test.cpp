// What holds for every asking rule that moves weight by stakes and claims.
#include "candor/learning/asking_rules.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <map>

#include "learning/asking_test_tools.h"

namespace candor::learning {
namespace {

using oracle::square;

struct Case {
  Kind kind;
  std::size_t n;
  AskingOptions options;
  Row masses;  // see uneven_crowd

  [[nodiscard]] std::unique_ptr<AskingRule> build() const {
    return uneven_crowd(kind.name, options, masses);
  }
};

// Random crowds of 2 to 6 for every rule, within the guard.
void for_random_crowds(int trials, const std::function<void(const Case&, RandomStream&)>& check) {
  for (const Kind kind : kinds) {
    RandomStream random(40, kind.asks);
    for (int trial = 0; trial < trials; ++trial) {
      const std::size_t n = 2 + random.below(5);
      const double eta = (1 - random.uniform()) * guarded_step(kind, n);
      check({kind, n, {.asks = kind.asks, .step_size = eta}, random_row(random, n)}, random);
    }
  }
}

// The probability that i is asked, from the formulas.
double stated_probability(const Case& c, double w) {
  const double n = static_cast<double>(c.n);
  const double eta = c.options.step_size;
  const double m = static_cast<double>(c.kind.asks);
  if (is(c.kind, "lf")) return m >= n ? 1.0 : w + (1 - w) * (m - 1) / (n - 1);
  if (is(c.kind, "wsu-ux")) return w + std::min(.5, std::sqrt(eta * n)) * (1 / n - w);
  if (is(c.kind, "loss-biased")) return w + std::min(.5, 2 * eta * n) * (1 / n - w);
  return w;
}

// What a lie of distance 1 costs a worker that has been asked, from the formulas.
double stated_price(const Case& c, const Row& weight, std::size_t i) {
  const double w = weight[i];
  if (is(c.kind, "log-barrier")) {
    double squares = 0.0;
    for (const double other : weight) squares += square(other);
    return c.options.step_size * w * (1 - w * w / squares);
  }
  return c.options.step_size * w * (1 - w) / stated_probability(c, w);
}

TEST(AskingRules, TheLawSumsToOneAndAsksWithTheStatedProbabilities) {
  for_random_crowds(60, [](const Case& c, RandomStream&) {
    const auto rule = c.build();
    const Row weight = rule->weights();
    Row asked(c.n);
    double sum = 0.0;
    for (const AskingRule::Possible& set : rule->law()) {
      ASSERT_TRUE(rule->could_draw(set.asks.worker));
      ASSERT_EQ(set.asks.worker.size(), std::min(c.kind.asks, c.n));
      sum += set.probability;
      for (std::size_t k = 0; k < set.asks.worker.size(); ++k) {
        const std::size_t i = set.asks.worker[k].index();
        asked[i] += set.probability;
        ASSERT_EQ(set.asks.probability[k], rule->probability(set.asks.worker[k]));
      }
    }
    ASSERT_NEAR(sum, 1.0, 1e-14);
    for (std::size_t i = 0; i < c.n; ++i)
      ASSERT_NEAR(asked[i], stated_probability(c, weight[i]), 1e-14) << c.kind.name;
  });
}

TEST(AskingRules, ImportanceWeightedLossesAreUnbiased) {
  for_random_crowds(40, [](const Case& c, RandomStream& random) {
    const auto rule = c.build();
    const Row loss = random_row(random, c.n);
    Row estimate(c.n);
    for (const AskingRule::Possible& set : rule->law())
      for (std::size_t k = 0; k < set.asks.worker.size(); ++k)
        estimate[set.asks.worker[k].index()] +=
            set.probability * loss[set.asks.worker[k].index()] / set.asks.probability[k];
    for (std::size_t i = 0; i < c.n; ++i) ASSERT_NEAR(estimate[i], loss[i], 1e-13);
  });
}

TEST(AskingRules, DrawsFollowTheLaw) {
  for (const Kind kind : kinds) {
    const Case c{kind, 5, {.asks = kind.asks, .step_size = .02}, {1, .4, .2, .5, .1}};
    const auto rule = c.build();
    std::map<Crowd, double> seen;
    RandomStream random(41, kind.asks);
    constexpr double draws = 20'000;
    for (int draw = 0; draw < static_cast<int>(draws); ++draw) {
      const Asks asks = rule->draw(random);
      ASSERT_EQ(asks.probability[0], rule->probability(asks.worker[0]));
      seen[asks.worker] += 1;
    }
    double chi_square = 0.0;
    const auto law = rule->law();
    for (const AskingRule::Possible& set : law) {
      const double expected = draws * set.probability;
      chi_square += square(seen[set.asks.worker] - expected) / expected;
    }
    EXPECT_EQ(seen.size(), law.size());  // nothing else is ever drawn
    const double freedom = static_cast<double>(law.size() - 1);
    EXPECT_LT(chi_square, freedom + 5 * std::sqrt(2 * freedom)) << kind.name;
  }
}

TEST(AskingRules, DrawingChangesNothingAndTheAbsentAreNeverAsked) {
  for (const Kind kind : kinds) {
    const auto rule = rule_of(kind.name, {.asks = kind.asks, .step_size = .01}, 8);
    RandomStream random(42);
    for (const std::uint32_t i : {1U, 4U, 4U, 6U}) rule->leave(WorkerId{i});
    rule->come_back(WorkerId{1});
    const Row before = rule->weights();
    EXPECT_EQ(rule->present(), 6U);
    EXPECT_FALSE(rule->is_present(WorkerId{4}));
    EXPECT_EQ(rule->probability(WorkerId{4}), 0.0);
    for (int draw = 0; draw < 500; ++draw)
      for (const WorkerId id : rule->draw(random).worker) ASSERT_TRUE(rule->is_present(id));
    EXPECT_EQ(rule->weights(), before);
  }
}

// E[next weight of i] over the belief b, if it reports r and the others' losses are as given.
double expected_weight(const Case& c, const Crowd& asked, std::size_t i, double r, double b,
                       const Row& report) {
  double expected = 0.0;
  for (const double outcome : {0.0, 1.0}) {
    const auto rule = c.build();
    Row loss;
    for (std::size_t j = 0; j < c.n; ++j)
      loss.push_back(square((j == i ? r : report[j]) - outcome));
    play(*rule, asked, loss);
    expected += (outcome > 0 ? b : 1 - b) * rule->weights()[i];
  }
  return expected;
}

TEST(AskingRules, ALieCostsTheStatedPriceAlsoGivenWhoWasAsked) {
  for_random_crowds(25, [](const Case& c, RandomStream& random) {
    const Row weight = c.build()->weights();
    const Row report = random_row(random, c.n);
    const double b = random.uniform();
    const double r = random.uniform();
    const std::size_t i = random.below(c.n);
    const WorkerId self{static_cast<std::uint32_t>(i)};
    double unconditional = 0.0;
    for (const AskingRule::Possible& set : c.build()->law()) {
      const double loss_of_lying = expected_weight(c, set.asks.worker, i, b, b, report) -
                                   expected_weight(c, set.asks.worker, i, r, b, report);
      const bool asked = oracle::holds(indices(set.asks.worker), i);
      const double price = asked ? stated_price(c, weight, i) * square(r - b) : 0.0;
      ASSERT_NEAR(loss_of_lying, price, 1e-14) << c.kind.name;
      unconditional += set.probability * loss_of_lying;
    }
    const double q = c.build()->probability(self);
    ASSERT_NEAR(unconditional, q * stated_price(c, weight, i) * square(r - b), 1e-14);
    ASSERT_GT(stated_price(c, weight, i), 0.0);
  });
}

// What a loss costs is frozen when one is asked, whatever happens before the outcome comes.
TEST(AskingRules, TheFactorOfAnOpenSlotDoesNotMoveWhileOthersSettle) {
  for_random_crowds(20, [](const Case& c, RandomStream& random) {
    if (c.n < 3) return;
    const std::uint64_t seed = random.next();
    Row outcome;
    double factor = 0.0;
    for (const double loss : {0.0, 0.5, 1.0}) {
      const auto rule = c.build();
      RandomStream history(seed);
      const Crowd asked = rule->draw(history).worker;
      const Stakes stakes = rule->stake(asked, 0.0);
      factor = stakes.stake[0] * (1 - stakes.claim[0]);
      for (int slot = 0; slot < 4; ++slot) {
        const WorkerId other{static_cast<std::uint32_t>(history.below(c.n))};
        if (other != asked[0] && rule->present() > 2) rule->leave(other);
        play(*rule, rule->draw(history).worker, random_row(history, c.n));
        rule->come_back(other);
      }
      Row late = random_row(history, asked.size());
      late[0] = loss;
      rule->settle(asked, stakes, late);
      outcome.push_back(rule->weights()[asked[0].index()]);
    }
    ASSERT_NEAR(outcome[0] - outcome[1], .5 * factor, 1e-14) << c.kind.name;
    ASSERT_NEAR(outcome[1] - outcome[2], .5 * factor, 1e-14) << c.kind.name;
    ASSERT_GT(factor, 0.0);
  });
}

TEST(AskingRules, TakeNoAsksThatTheyCouldNotHaveDrawn) {
  for (const Kind kind : kinds) {
    const auto rule = rule_of(kind.name, {.asks = kind.asks, .step_size = .01}, 5);
    rule->leave(WorkerId{4});
    Crowd asked = workers(0, kind.asks);
    EXPECT_TRUE(rule->could_draw(asked)) << kind.name;
    std::reverse(asked.begin(), asked.end());
    EXPECT_TRUE(rule->could_draw(asked)) << "the order has no meaning";
    EXPECT_FALSE(rule->could_draw(workers(0, kind.asks + 1))) << kind.name;
    EXPECT_FALSE(rule->could_draw(workers(0, kind.asks - 1))) << kind.name;
    for (const std::uint32_t stranger : {4U, 5U, 4'000'000'000U}) {  // away, never admitted
      asked.back() = WorkerId{stranger};
      EXPECT_FALSE(rule->could_draw(asked)) << kind.name << " " << stranger;
    }
    if (kind.asks > 1) {
      EXPECT_FALSE(rule->could_draw(Crowd(kind.asks, WorkerId{1}))) << "twice the same";
    }
    for (const WorkerId id : workers(1, 3)) rule->leave(id);
    EXPECT_TRUE(rule->could_draw(workers(0, 1))) << "fewer are present than it would ask";
    EXPECT_FALSE(rule->could_draw({}));
    rule->leave(WorkerId{0});
    EXPECT_TRUE(rule->could_draw({})) << "nobody is present";
    play(*rule, {}, {});  // and it can be settled
  }
}

TEST(AskingRules, TuneThemselvesAsStated) {
  EXPECT_NEAR(asking_step_size("lf", 10, 2, 10'000).value(), .0040555, 1e-7);
  EXPECT_NEAR(asking_step_size("lf", 10, 2, 10).value(), .68 / 9, 1e-12);
  EXPECT_NEAR(asking_step_size("lf", 10, 10, 1000).value(), .047985, 1e-6);
  EXPECT_NEAR(asking_step_size("log-barrier", 10, 1, 1000).value(),
              std::sqrt(10 * std::log(1000) / 2000), 1e-12);
  EXPECT_NEAR(asking_step_size("log-barrier", 10, 1, 3).value(), .5, 1e-12);
  EXPECT_NEAR(asking_step_size("loss-biased", 10, 1, 10'000).value(),
              std::sqrt(std::log(10) / 1'420'000), 1e-12);
  EXPECT_NEAR(asking_step_size("wsu-ux", 10, 1, 1e6).value(),
              std::pow(std::log(10) / (4e6 * std::sqrt(10)), 2.0 / 3), 1e-15);
  EXPECT_NEAR(asking_exploration("wsu-ux", 10, .001).value(), .1, 1e-12);
  EXPECT_NEAR(asking_exploration("loss-biased", 10, .001).value(), .02, 1e-12);
  EXPECT_EQ(asking_exploration("lf", 10, .001).value(), 0.0);
}

TEST(AskingRules, AreMadeByNameAndRefuseWhatTheyCannotDo) {
  for (const std::string_view name : asking_rule_names()) {
    const std::size_t asks = name == "lf" ? 2 : 1;
    const auto rule = make_asking_rule(name, {.asks = asks});
    ASSERT_TRUE(rule.ok()) << name;
    EXPECT_EQ(rule.value()->name(), name);
    EXPECT_EQ(rule.value()->asks(), asks);
    EXPECT_FALSE(make_asking_rule(name, {.asks = asks, .step_size = 1.5}).ok());
  }
  const auto unknown = make_asking_rule("best", {});
  ASSERT_FALSE(unknown.ok());
  EXPECT_EQ(
      unknown.error().message(),
      "field \"rule\": found best; expected one of lf, log-barrier, loss-biased, wsu-ux, elf; "
      "lf where two can be asked a slot, log-barrier where only one");
  EXPECT_EQ(asking_step_size("lf", 10, 1, 100).error().field, "asks");
  EXPECT_EQ(asking_step_size("wsu-ux", 10, 2, 100).error().field, "asks");
  EXPECT_EQ(asking_step_size("lf", 10, 2, 0).error().field, "horizon");
  EXPECT_EQ(asking_step_size("x", 10, 2, 9).error().field, "rule");
  EXPECT_EQ(asking_exploration("wsu-ux", 10, 0).error().field, "step size");
}

}  // namespace
}  // namespace candor::learning
