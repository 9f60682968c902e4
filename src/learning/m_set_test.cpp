#include "candor/learning/m_set.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
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

std::unique_ptr<MSet> crowd_of(std::size_t n, const MSetOptions& options) {
  auto rule = std::move(MSet::create(options)).value();
  rule->admit(workers(0, n), 1.0);
  return rule;
}

double total(const Row& row) {
  return std::accumulate(row.begin(), row.end(), 0.0);
}

void play(MSet& rule, const Crowd& crowd, const Row& loss) {
  Row wager(crowd.size());
  rule.wager(crowd, wager);
  rule.settle(crowd, wager, loss);
}

// Often 0 or 1, where the guards are tight.
Row random_losses(RandomStream& random, std::size_t n) {
  Row row(n);
  for (double& value : row)
    value = random.bernoulli(.5) ? random.uniform() : static_cast<double>(random.below(2));
  return row;
}

void expect_in_the_capped_simplex(const MSet& rule) {
  const Row weight = rule.weights();
  ASSERT_NEAR(total(weight), 1.0, 1e-12);
  for (const double w : weight) {
    ASSERT_GT(w, 0.0);
    ASSERT_LE(w, 1.0 / static_cast<double>(rule.chosen()));
  }
}

TEST(MSet, MatchesTheHandWorkedSlot) {
  const auto rule = crowd_of(4, {.chosen = 2, .step_size = .5});
  play(*rule, workers(0, 4), {0, 1, .5, .5});  // g = .5 * .25 * .5 = .0625, L = .5
  const Row weight = rule->weights();
  EXPECT_NEAR(weight[0], .28125, 1e-15);
  EXPECT_NEAR(weight[1], .21875, 1e-15);
  EXPECT_NEAR(weight[2], .25, 1e-15);
}

TEST(MSet, KeepsSumAndCapAtTheLargestStepSize) {
  RandomStream random(1);
  for (const std::size_t m : {1U, 2U, 3U}) {
    const auto rule = crowd_of(6, {.chosen = m, .step_size = 1.0});
    const Row bias = random_losses(random, 6);
    for (int slot = 0; slot < 3000; ++slot) {
      Row loss = random_losses(random, 6);
      for (std::size_t i = 0; i < 6; ++i) loss[i] = .5 * (loss[i] + bias[i]);
      play(*rule, workers(0, 6), loss);
      expect_in_the_capped_simplex(*rule);
    }
  }
}

TEST(MSet, MovesWeightOnlyAmongThoseWhoAnswer) {
  const auto rule = crowd_of(5, {.chosen = 2, .step_size = 1.0});
  const Row before = rule->weights();
  play(*rule, {{1}, {3}}, {0, 1});
  const Row after = rule->weights();
  EXPECT_EQ(after[0], before[0]);
  EXPECT_NEAR(after[1] + after[3], before[1] + before[3], 1e-16);
  EXPECT_GT(after[1], after[3]);
  play(*rule, {{2}}, {1});  // alone: nothing is learned
  EXPECT_EQ(rule->weights(), after);
}

std::unique_ptr<MSet> with_weights(const Row& weight, const MSetOptions& options) {
  auto rule = std::move(MSet::create(options)).value();
  for (std::uint32_t i = 0; i < weight.size(); ++i) {
    const double reached = std::accumulate(weight.begin(), weight.begin() + i + 1, 0.0);
    rule->admit(Crowd{{i}}, weight[i] / reached);
  }
  return rule;
}

TEST(MSet, ALieCostsTheStatedPriceWhateverTheOthersReport) {
  RandomStream random(2);
  for (int trial = 0; trial < 500; ++trial) {
    const MSetOptions options{.chosen = 1 + random.below(3), .step_size = 1.0 - random.uniform()};
    const auto moved = crowd_of(6, options);
    for (int slot = 0; slot < 20; ++slot) play(*moved, workers(0, 6), random_losses(random, 6));
    const Row weight = moved->weights();
    const Row report = random_losses(random, 6);
    const double belief = random.uniform();
    const auto expected = [&](double own) {
      double mean = 0.0;
      for (const double y : {0.0, 1.0}) {
        Row loss;
        for (const double r : report) loss.push_back((r - y) * (r - y));
        loss[0] = (own - y) * (own - y);
        const auto rule = with_weights(weight, options);
        play(*rule, workers(0, 6), loss);
        mean += (y == 1.0 ? belief : 1.0 - belief) * rule->weights()[0];
      }
      return mean;
    };
    Row wager(6);
    const auto rule = with_weights(weight, options);
    rule->wager(workers(0, 6), wager);
    const double distance = report[0] - belief;
    const double price = wager[0] * (1.0 - wager[0] / total(wager)) * distance * distance;
    EXPECT_NEAR(expected(belief) - expected(report[0]), price, 1e-14);
    EXPECT_GT(wager[0], 0.0);
  }
}

// choose() is constant between the points where a piece begins: their lengths are the
// probabilities.
Row inclusion(const MSet& rule, const Row& weight) {
  const double m = static_cast<double>(rule.chosen());
  Row points{0.0, 1.0};
  double reached = 0.0;
  for (const double w : weight) {
    reached += m * w;
    points.push_back(reached - std::floor(reached));
  }
  std::sort(points.begin(), points.end());
  Row probability(weight.size(), 0.0);
  for (std::size_t k = 0; k + 1 < points.size(); ++k) {
    const double length = points[k + 1] - points[k];
    if (length < 1e-12) continue;
    const Crowd chosen = rule.choose(points[k] + .5 * length);
    EXPECT_EQ(chosen.size(), rule.chosen());
    EXPECT_TRUE(std::is_sorted(chosen.begin(), chosen.end()));
    EXPECT_EQ(std::adjacent_find(chosen.begin(), chosen.end()), chosen.end());
    for (const WorkerId id : chosen) probability[id.index()] += length;
  }
  return probability;
}

TEST(MSet, ChoosesEachWorkerWithProbabilityMTimesItsWeight) {
  RandomStream random(3);
  for (int trial = 0; trial < 100; ++trial) {
    const std::size_t m = 1 + random.below(4);
    const auto rule = crowd_of(m + random.below(6), {.chosen = m, .step_size = .8});
    const Crowd crowd = workers(0, rule->workers());
    for (int slot = 0; slot < 30; ++slot) play(*rule, crowd, random_losses(random, crowd.size()));
    const Row weight = rule->weights();
    const Row probability = inclusion(*rule, weight);
    for (std::size_t i = 0; i < weight.size(); ++i)
      EXPECT_NEAR(probability[i], static_cast<double>(m) * weight[i], 1e-10);
    EXPECT_EQ(rule->choose(0.0).size(), m);
    EXPECT_EQ(rule->choose(1.0 - 0x1p-53).size(), m);
  }
}

using Adversary = std::function<Row(std::size_t slot, const Row& weight)>;

// Expected loss of the chosen (m w . l) less that of the best m.
double set_regret(MSet& rule, std::size_t slots, const Adversary& adversary) {
  const Crowd crowd = workers(0, rule.workers());
  Row of_worker(crowd.size(), 0.0);
  double of_rule = 0.0;
  for (std::size_t t = 0; t < slots; ++t) {
    const Row weight = rule.weights();
    const Row loss = adversary(t, weight);
    for (std::size_t i = 0; i < crowd.size(); ++i) {
      of_worker[i] += loss[i];
      of_rule += static_cast<double>(rule.chosen()) * weight[i] * loss[i];
    }
    play(rule, crowd, loss);
  }
  std::sort(of_worker.begin(), of_worker.end());
  for (std::size_t k = 0; k < rule.chosen(); ++k) of_rule -= of_worker[k];
  return of_rule;
}

TEST(MSet, RegretStaysBelowItsBoundForAdversariesToo) {
  RandomStream random(4);
  const std::vector<Adversary> adversaries{
      [&](std::size_t, const Row& weight) {  // noise, three a little better
        Row loss(weight.size());
        for (std::size_t i = 0; i < loss.size(); ++i)
          loss[i] = random.bernoulli(i < 3 ? .4 : .5) ? 1.0 : 0.0;
        return loss;
      },
      [](std::size_t, const Row& weight) {  // whoever has more weight than most is wrong
        Row sorted = weight;
        std::sort(sorted.begin(), sorted.end());
        Row loss(weight.size());
        for (std::size_t i = 0; i < loss.size(); ++i)
          loss[i] = weight[i] > sorted[sorted.size() / 2] || (weight[i] == sorted[0] && i % 2 == 0)
                        ? 1.0
                        : 0.0;
        return loss;
      },
      [](std::size_t t, const Row& weight) {  // good workers turn bad half-way
        Row loss(weight.size());
        for (std::size_t i = 0; i < loss.size(); ++i) loss[i] = (i < 3) == (t < 1000) ? 0.0 : 1.0;
        return loss;
      }};
  for (const std::size_t m : {1U, 3U}) {
    const double eta = *step_size_for_m_set(10, m, 2000);
    for (const Adversary& adversary : adversaries) {
      const MSetOptions options{.chosen = m, .step_size = eta};
      const auto rule = crowd_of(10, options);
      EXPECT_LE(set_regret(*rule, 2000, adversary), set_regret_bound(10, options, 2000));
    }
  }
}

TEST(MSet, BoundAndStepSizeMatchHandWorkedValues) {
  // m = 3 of 10, T = 1000: eta = sqrt((ln(10/3) + 1)/2000) = .033196
  EXPECT_NEAR(*step_size_for_m_set(10, 3, 1000), .0331955, 1e-6);
  EXPECT_NEAR(set_regret_bound(10, {.chosen = 3, .step_size = .0331955}, 1000), 301.0, .5);
  EXPECT_TRUE(std::isinf(set_regret_bound(10, {.chosen = 3, .step_size = 1.0}, 1000)));
  EXPECT_FALSE(step_size_for_m_set(10, 11, 1000).ok());
  EXPECT_FALSE(step_size_for_m_set(10, 2, 0).ok());
}

struct Open {
  Crowd crowd;
  Row wager;
};

TEST(MSet, LateOutcomesInAnyOrderKeepBothGuards) {
  RandomStream random(5);
  for (const std::size_t m : {1U, 2U, 4U}) {
    const auto rule = crowd_of(6, {.chosen = m, .step_size = 1.0});
    const Row skill = random_losses(random, 6);
    std::vector<Open> open;
    for (int step = 0; step < 4000; ++step) {
      if (open.size() < 40 && random.bernoulli(.55)) {
        open.push_back({workers(0, 6), Row(6)});
        rule->wager(open.back().crowd, open.back().wager);
        continue;
      }
      if (open.empty()) continue;
      std::swap(open[random.below(open.size())], open.back());
      Row loss = skill;
      if (random.bernoulli(.3)) loss = random_losses(random, 6);
      if (random.bernoulli(.2)) {
        rule->release(open.back().crowd, open.back().wager);
      } else {
        rule->settle(open.back().crowd, open.back().wager, loss);
      }
      open.pop_back();
      expect_in_the_capped_simplex(*rule);
    }
  }
}

// All of a worker's open slots come out the same way: it can lose no more than it has, nor pass the
// cap.
TEST(MSet, OpenSlotsTogetherNeverStakeMoreThanTheWeightOrTheRoomAboveIt) {
  const auto rule = crowd_of(5, {.chosen = 2, .step_size = 1.0});
  Row staked(5, 0.0);
  for (int slot = 0; slot < 50; ++slot) {
    Row wager(5);
    rule->wager(workers(0, 5), wager);
    for (std::size_t i = 0; i < 5; ++i) staked[i] += wager[i];
  }
  for (const double sum : staked) {
    EXPECT_LE(sum, .2 + 1e-15);
    EXPECT_GT(sum, .19);  // and nearly all of it is used
  }
}

TEST(MSet, NewcomersKeepTheCap) {
  const auto rule = crowd_of(4, {.chosen = 4, .step_size = .5});
  rule->admit(workers(4, 1), .9);  // .9 would be above 1/4
  EXPECT_NEAR(rule->weights()[4], .25, 1e-15);
  expect_in_the_capped_simplex(*rule);
  rule->admit(workers(5, 10), .3);
  expect_in_the_capped_simplex(*rule);
  EXPECT_NEAR(rule->weights()[9], .03, 1e-15);
}

TEST(MSet, SplittingAnIdentityInTheCohortGainsNothing) {
  const auto one = crowd_of(10, {.chosen = 2, .step_size = .5});
  const auto many = crowd_of(10, {.chosen = 2, .step_size = .5});
  one->admit(workers(10, 1), .1);
  many->admit(workers(10, 7), .1);
  const Row weight = many->weights();
  EXPECT_NEAR(one->weights()[10], total(Row(weight.begin() + 10, weight.end())), 1e-15);
}

TEST(MSet, FewerFoundersThanAreChosenAreAllChosenUntilOthersCome) {
  const auto rule = crowd_of(2, {.chosen = 3, .step_size = .5});
  EXPECT_EQ(rule->choose(.4), workers(0, 2));
  play(*rule, workers(0, 2), {0, 1});
  EXPECT_NEAR(rule->weights()[0], 1.0 / 3, 1e-15);
  rule->admit(workers(2, 2), .1);  // a third was missing, and goes to the two
  expect_in_the_capped_simplex(*rule);
  EXPECT_NEAR(total(Row{rule->weights()[2], rule->weights()[3]}), 1.0 / 3 + .1 * 2.0 / 3, 1e-15);
}

TEST(MSet, SharesAreProportionalToWeightAmongThoseNamed) {
  const auto rule = crowd_of(4, {.chosen = 2, .step_size = .5});
  Row share(3);
  rule->share(Crowd{{0}, {9}, {2}}, share);
  EXPECT_EQ(share, (Row{.5, 0, .5}));
  rule->share(Crowd{{7}, {8}, {9}}, share);
  EXPECT_EQ(share, Row(3, 1.0 / 3));
}

TEST(MSet, RefusesOptionsWithoutMeaning) {
  EXPECT_FALSE(MSet::create({.chosen = 0}).ok());
  EXPECT_FALSE(MSet::create({.step_size = 0.0}).ok());
  EXPECT_FALSE(MSet::create({.step_size = 1.1}).ok());
}

}  // namespace
}  // namespace candor::learning
