#include "candor/learning/exponential_weights.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "candor/base/random.h"

namespace candor::learning {
namespace {

using Row = std::vector<double>;
using Crowd = std::vector<WorkerId>;

Crowd workers(std::size_t first, std::size_t count) {
  Crowd ids(count);
  for (std::size_t j = 0; j < count; ++j) ids[j].value = static_cast<std::uint32_t>(first + j);
  return ids;
}

std::unique_ptr<ExponentialWeights> crowd_of(std::size_t n, double rate) {
  auto rule = std::move(ExponentialWeights::create(rate)).value();
  rule->admit(workers(0, n), 1.0);
  return rule;
}

void play(ExponentialWeights& rule, const Crowd& worker, const Row& loss) {
  Row wager(worker.size());
  rule.wager(worker, wager);
  rule.settle(worker, wager, loss);
}

double square(double x) {
  return x * x;
}

TEST(ExponentialWeights, MatchesHandWorkedSlot) {
  const auto rule = crowd_of(2, std::log(4.0));
  play(*rule, workers(0, 2), {0.0, 0.5});  // factors 1 and 1/2
  EXPECT_NEAR(rule->weights()[0], 2.0 / 3.0, 1e-15);
  EXPECT_NEAR(rule->weights()[1], 1.0 / 3.0, 1e-15);
}

TEST(ExponentialWeights, EqualsExpOfTheLossesSoFarWhenEverybodyAnswers) {
  RandomStream random(1);
  const auto rule = crowd_of(6, .5);
  Row loss_so_far(6, 0.0);
  for (int slot = 0; slot < 300; ++slot) {
    Row loss(6);
    for (std::size_t i = 0; i < 6; ++i) loss_so_far[i] += loss[i] = random.uniform();
    play(*rule, workers(0, 6), loss);
    double total = 0.0;
    for (const double value : loss_so_far) total += std::exp(-.5 * value);
    const Row weight = rule->weights();
    for (std::size_t i = 0; i < 6; ++i)
      ASSERT_NEAR(weight[i], std::exp(-.5 * loss_so_far[i]) / total, 1e-12);
  }
}

TEST(ExponentialWeights, KeepsTheSumOverThoseWhoAnswer) {
  RandomStream random(2);
  const auto rule = crowd_of(6, .5);
  for (int slot = 0; slot < 300; ++slot) {
    const Row before = rule->weights();
    play(*rule, {{1}, {2}, {5}}, {random.uniform(), random.uniform(), random.uniform()});
    const Row after = rule->weights();
    EXPECT_NEAR(after[1] + after[2] + after[5], before[1] + before[2] + before[5], 1e-12);
    for (const std::size_t i : {0U, 3U, 4U}) EXPECT_NEAR(after[i], before[i], 1e-12);
  }
  const Row before = rule->weights();
  play(*rule, {{3}}, {1.0});  // alone: nothing to learn
  EXPECT_EQ(rule->weights(), before);
}

// Plays slots of reports P(A) with outcome A or B; tracks what each worker is ahead by over its
// slots.
struct Regret {
  std::unique_ptr<ExponentialWeights> rule;
  Row behind;

  void slot(const Crowd& crowd, const Row& report, double outcome) {
    Row share(crowd.size());
    rule->share(crowd, share);
    const double pooled = std::inner_product(share.begin(), share.end(), report.begin(), 0.0);
    Row loss(crowd.size());
    for (std::size_t j = 0; j < crowd.size(); ++j) {
      loss[j] = square(report[j] - outcome);
      behind[crowd[j].index()] += square(pooled - outcome) - loss[j];
      ASSERT_LE(behind[crowd[j].index()], *rule->regret_bound(crowd[j], 1) + 1e-9);
    }
    play(*rule, crowd, loss);
  }
  double pooled(const Crowd& crowd, const Row& report) const {
    Row share(crowd.size());
    rule->share(crowd, share);
    return std::inner_product(share.begin(), share.end(), report.begin(), 0.0);
  }
};

TEST(ExponentialWeights, LinearPoolHasConstantRegretWhateverHappens) {
  for (const bool sleeping : {false, true}) {
    for (const int kind : {0, 1, 2}) {
      RandomStream random(3, static_cast<std::uint64_t>(kind));
      Regret regret{crowd_of(8, .5), Row(8, 0.0)};
      for (int slot = 0; slot < 3000; ++slot) {
        Crowd crowd;
        Row report;
        for (const WorkerId id : workers(0, 8)) {
          if (sleeping && random.bernoulli(.6)) continue;
          crowd.push_back(id);
          report.push_back(kind == 2 ? std::round(random.uniform()) : random.uniform());
        }
        if (crowd.empty()) continue;
        const double pooled = regret.pooled(crowd, report);
        const double worst = pooled < .5 ? 1.0 : 0.0;  // kind 1, 2: the outcome that hurts the pool
        regret.slot(crowd, report, kind == 0 ? random.uniform() : worst);
      }
    }
  }
}

TEST(ExponentialWeights, BoundIsTheLogOfTheFirstWeightOverTheRate) {
  const auto rule = crowd_of(8, .5);
  EXPECT_NEAR(*rule->regret_bound({3}, 1000), 2 * std::log(8.0), 1e-14);
  EXPECT_FALSE(rule->regret_bound({8}, 1000).has_value());           // unknown worker
  EXPECT_FALSE(crowd_of(8, 2.0)->regret_bound({3}, 1).has_value());  // not exp-concave at this rate
}

TEST(ExponentialWeights, CountsTheWeightGivenToNewcomersInTheBound) {
  Regret regret{crowd_of(2, .5), Row(100, 0.0)};
  for (std::size_t cohort = 0; cohort < 60; ++cohort) {
    const Crowd newcomer = workers(2 + cohort, 1);
    regret.rule->admit(newcomer, .9);
    regret.slot({{0}, newcomer[0]}, {1.0, 0.0}, 1.0);  // checks the bound
  }
  EXPECT_GT(regret.behind[0], 2 * std::log(2.0));  // more than two founders alone could cost
}

TEST(ExponentialWeights, NeverLosesAWorkerToUnderflow) {
  const auto rule = crowd_of(2, .5);
  for (int slot = 0; slot < 100000; ++slot) play(*rule, workers(0, 2), {1, 0});
  EXPECT_EQ(rule->weights()[0], 0.0);  // exp(-50000)
  for (int slot = 0; slot < 99999; ++slot) play(*rule, workers(0, 2), {0, 1});
  EXPECT_NEAR(rule->weights()[0], 1 / (1 + std::exp(.5)), 1e-6);
}

TEST(ExponentialWeights, WorksAtItsHighestRate) {
  const auto rule = crowd_of(3, 700.0);
  play(*rule, workers(0, 3), {1, 1, 1});
  for (const double value : rule->weights()) EXPECT_NEAR(value, 1.0 / 3.0, 1e-9);
  play(*rule, workers(0, 3), {1, 0, 1});
  EXPECT_NEAR(rule->weights()[1], 1.0, 1e-15);
}

TEST(ExponentialWeights, AdmissionTakesTheMassInProportion) {
  const auto rule = crowd_of(2, std::log(4.0));
  play(*rule, workers(0, 2), {0.0, 0.5});
  rule->admit(workers(2, 3), .1);
  const Row weight = rule->weights();
  EXPECT_NEAR(weight[0], .9 * 2 / 3, 1e-15);
  EXPECT_NEAR(weight[1], .9 * 1 / 3, 1e-15);
  for (std::size_t i = 2; i < 5; ++i) EXPECT_NEAR(weight[i], .1 / 3, 1e-15);
}

TEST(ExponentialWeights, GivesWorkersWithoutWeightNoSayUnlessTheyAreAlone) {
  const auto rule = crowd_of(2, .5);
  Row share(3);
  rule->share(Crowd{{0}, {7}, {1}}, share);
  EXPECT_EQ(share, (Row{.5, 0, .5}));
  rule->share(Crowd{{7}, {8}, {9}}, share);
  EXPECT_EQ(share, Row(3, 1.0 / 3.0));
  play(*rule, {{7}, {0}}, {0, 1});
  EXPECT_NEAR(rule->weights()[0], .5, 1e-15);
}

TEST(ExponentialWeights, UsesTheSharesThatWereFrozenForALateOutcome) {
  const auto rule = crowd_of(2, std::log(4.0));
  Row wager(2);
  rule->wager(workers(0, 2), wager);
  play(*rule, workers(0, 2), {0, 1});  // in between
  rule->settle(workers(0, 2), wager, Row{0, 1});
  EXPECT_NEAR(rule->weights()[0] / rule->weights()[1], 16.0, 1e-12);  // each slot a factor of 4
}

// The report that maximises worker 0's expected next weight, by a search over a fine grid.
double best_report(double rate, double weight, double belief, double other) {
  const auto next_weight = [&](double own, double outcome) {
    const auto rule = crowd_of(1, rate);
    rule->admit(workers(1, 1), 1.0 - weight);
    play(*rule, workers(0, 2), {square(own - outcome), square(other - outcome)});
    return rule->weights()[0];
  };
  double best = 0.0;
  double highest = -1.0;
  for (int step = 0; step <= 2000; ++step) {
    const double own = step / 2000.0;
    const double mean = belief * next_weight(own, 1) + (1 - belief) * next_weight(own, 0);
    if (mean > highest) {
      highest = mean;
      best = own;
    }
  }
  return best;
}

TEST(ExponentialWeights, IsNotTruthful) {
  EXPECT_NEAR(best_report(.5, .5, .7, .4), .7005, .0005);
  EXPECT_NEAR(best_report(2, .5, .7, .4), .708, .001);
  EXPECT_NEAR(best_report(4, .5, .7, .4), .751, .001);
  EXPECT_NEAR(best_report(8, .2, .6, .1), .988, .001);  // belief .6
}

TEST(ExponentialWeights, RefusesARateOutsideItsRange) {
  for (const double bad : {0.0, -1.0, 701.0, std::nan(""), double{INFINITY}}) {
    const auto result = ExponentialWeights::create(bad);
    ASSERT_FALSE(result.ok()) << bad;
    EXPECT_EQ(result.error().code, ErrorCode::out_of_range);
    EXPECT_EQ(result.error().field, "rate");
  }
}

}  // namespace
}  // namespace candor::learning
