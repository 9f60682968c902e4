#include "candor/learning/weighted_score_update.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <vector>

#include "candor/base/math.h"
#include "candor/base/random.h"

namespace candor::learning {
namespace {

using Row = std::vector<double>;

Row random_row(RandomStream& random, std::size_t n) {
  Row row(n);
  double total = 0.0;
  for (double& value : row) total += value = 1e-3 + random.uniform();
  for (double& value : row) value /= total;
  return row;
}

Row random_losses(RandomStream& random, std::size_t n) {
  Row row(n);
  for (double& value : row) value = random.uniform();
  return row;
}

double total(const Row& row) {
  double sum = 0.0;
  for (const double value : row) sum += value;
  return sum;
}

double square(double x) {
  return x * x;
}

Row updated(Row weight, const Row& loss, double step_size) {
  EXPECT_TRUE(weighted_score_update(weight, loss, step_size).ok());
  return weight;
}

TEST(WeightedScoreUpdate, MatchesHandWorkedTwoWorkerSlot) {
  Row weight{.5, .5};
  const Result<double> mean = weighted_score_update(weight, Row{.04, .36}, .25);
  ASSERT_TRUE(mean.ok());
  EXPECT_NEAR(*mean, .2, 1e-16);
  EXPECT_NEAR(weight[0], .52, 1e-16);
  EXPECT_NEAR(weight[1], .48, 1e-16);
}

TEST(WeightedScoreUpdate, EqualsTheNaiveLoop) {
  RandomStream random(1);
  for (const std::size_t n : {1U, 2U, 7U, 8U, 9U, 64U, 1003U}) {
    const Row weight = random_row(random, n);
    const Row loss = random_losses(random, n);
    double mean = 0.0;
    for (std::size_t i = 0; i < n; ++i) mean += weight[i] * loss[i];
    const Row got = updated(weight, loss, .7);
    for (std::size_t i = 0; i < n; ++i)
      EXPECT_NEAR(got[i], weight[i] * (1 + .7 * (mean - loss[i])), 1e-15 * weight[i] + 1e-18) << n;
  }
}

TEST(WeightedScoreUpdate, ConservesTotalWeightOverManySlots) {
  RandomStream random(2);
  Row weight(20, 1.0 / 20);
  for (int slot = 0; slot < 100000; ++slot) {
    ASSERT_TRUE(weighted_score_update(weight, random_losses(random, 20), .05).ok());
    ASSERT_NEAR(total(weight), 1.0, 1e-12);
    ASSERT_GT(*std::min_element(weight.begin(), weight.end()), 0.0);
  }
}

// Losses near 1 are the hard case: an update by mean = sum_j w_j l_j alone lets the sum run away.
TEST(WeightedScoreUpdate, ConservesTotalWeightWhenEverybodyIsWrong) {
  RandomStream random(9);
  Row weight(10, .1);
  for (int slot = 0; slot < 5000; ++slot) {
    Row loss(10);
    for (double& value : loss) value = 1.0 - 1e-3 * random.uniform();
    ASSERT_TRUE(weighted_score_update(weight, loss, .5).ok());
    ASSERT_NEAR(total(weight), 1.0, 1e-13);
  }
}

// l_i - mean <= 1 - w_i, so the largest loss that there is leaves w^2.
TEST(WeightedScoreUpdate, LeavesAtLeastTheSquareOfAWeightAtStepSizeOne) {
  RandomStream random(3);
  for (int trial = 0; trial < 2000; ++trial) {
    const Row weight = random_row(random, 2 + random.below(10));
    Row loss(weight.size());
    for (double& value : loss) value = random.bernoulli(.5) ? 1.0 : 0.0;
    const Row got = updated(weight, loss, 1.0);
    for (std::size_t i = 0; i < got.size(); ++i)
      EXPECT_GE(got[i], square(weight[i]) - 1e-16) << "loss " << loss[i];
  }
  EXPECT_NEAR(updated({.2, .8}, {1, 0}, 1.0)[0], .04, 1e-16);  // the square itself is reached
}

TEST(WeightedScoreUpdate, RefusesStepSizesOutsideItsRangeWithTheReason) {
  const double above = std::nextafter(1.0, 2.0);
  for (const double bad : {above, 2.0, 0.0, -0.25, std::nan(""), double{INFINITY}}) {
    Row weight{.5, .5};
    const Result<double> result = weighted_score_update(weight, Row{0, 1}, bad);
    ASSERT_FALSE(result.ok()) << bad;
    EXPECT_EQ(result.error().code, ErrorCode::out_of_range);
    EXPECT_EQ(result.error().field, "step size");
    EXPECT_NE(result.error().message().find("a weight could become negative"), std::string::npos);
    EXPECT_EQ(weight, (Row{.5, .5}));
  }
}

TEST(WeightedScoreUpdate, NamesTheFirstLossOutsideItsRangeAndChangesNothing) {
  const double below = -std::numeric_limits<double>::denorm_min();
  for (const double bad : {std::nan(""), std::nextafter(1.0, 2.0), below, double{INFINITY}}) {
    Row weight(20, .05);
    Row loss(20, .5);
    loss[13] = bad;
    loss[17] = bad;
    const Result<double> result = weighted_score_update(weight, loss, .5);
    ASSERT_FALSE(result.ok()) << bad;
    EXPECT_EQ(result.error().code, ErrorCode::out_of_range);
    EXPECT_EQ(result.error().field, "loss[13]");
    EXPECT_EQ(weight, Row(20, .05));
  }
}

TEST(WeightedScoreUpdate, TakesTheEndsOfTheRangeAndNegativeZero) {
  Row weight{.25, .25, .5};
  EXPECT_EQ(*weighted_score_update(weight, Row{1.0, 0.0, -0.0}, .5), .25);
}

TEST(WeightedScoreUpdate, AddsInTheOrderOfDotAndSum) {
  RandomStream random(8);
  for (std::size_t n = 1; n < 40; ++n) {
    Row weight = random_row(random, n);
    const Row loss = random_losses(random, n);
    const double mean = dot(weight, loss) / sum(weight);
    EXPECT_EQ(*weighted_score_update(weight, loss, .5), mean);
  }
}

TEST(WeightedScoreUpdate, RefusesArraysOfDifferentLengths) {
  Row weight{.5, .5};
  const Result<double> result = weighted_score_update(weight, Row{0, 1, 1}, .5);
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().code, ErrorCode::invalid_argument);
  EXPECT_NE(result.error().message().find("3 losses"), std::string::npos);
  EXPECT_EQ(weight, (Row{.5, .5}));
}

// One worker's expected next weight, in its own eyes: outcome k has probability belief[k], and
// losses_if[k] are everyone's losses then.
double expected_next_weight(const Row& weight, std::size_t worker, const Row& belief,
                            const std::vector<Row>& losses_if, double step_size) {
  double mean = 0.0;
  for (std::size_t k = 0; k < belief.size(); ++k)
    mean += belief[k] * updated(weight, losses_if[k], step_size)[worker];
  return mean;
}

// Everyone's losses for reports P(A) under each of two outcomes.
std::vector<Row> brier_losses(const Row& report) {
  std::vector<Row> losses_if(2, Row(report.size()));
  for (std::size_t j = 0; j < report.size(); ++j) {
    losses_if[0][j] = square(report[j] - 1);
    losses_if[1][j] = square(report[j]);
  }
  return losses_if;
}

TEST(WeightedScoreUpdate, ExpectedNextWeightIsTheClosedFormAndHighestAtTheBelief) {
  RandomStream random(4);
  for (int trial = 0; trial < 5000; ++trial) {
    const std::size_t n = 2 + random.below(5);
    const std::size_t i = random.below(n);
    const Row weight = random_row(random, n);
    Row report = random_losses(random, n);
    const double step = trial % 7 == 0 ? 1.0 : 1.0 - random.uniform();
    const double b = random.uniform();
    double pull = 0.0;
    for (std::size_t j = 0; j < n; ++j) pull += j == i ? 0.0 : weight[j] * square(report[j] - b);
    const double at_truth = weight[i] * (1 + step * pull);
    const double price = step * weight[i] * (1 - weight[i]) * square(report[i] - b);
    const Row belief{b, 1 - b};
    const double lied = expected_next_weight(weight, i, belief, brier_losses(report), step);
    const double lie = report[i];
    report[i] = b;
    const double honest = expected_next_weight(weight, i, belief, brier_losses(report), step);
    ASSERT_NEAR(lied, at_truth - price, 1e-15);
    ASSERT_NEAR(honest, at_truth, 1e-15);
    ASSERT_GE(at_truth, weight[i]);  // an honest worker expects no loss from taking part
    ASSERT_TRUE(honest > lied || std::fabs(lie - b) < 1e-3);
  }
}

TEST(WeightedScoreUpdate, ALieCostsItsSquaredDistanceOverThreeAnswersToo) {
  RandomStream random(5);
  for (int trial = 0; trial < 2000; ++trial) {
    const Row weight = random_row(random, 4);
    std::vector<Row> report(4);
    for (Row& row : report) row = random_row(random, 3);
    const Row belief = random_row(random, 3);
    const auto losses_if = [&] {
      std::vector<Row> losses(3, Row(4, 0.0));
      for (std::size_t k = 0; k < 3; ++k)
        for (std::size_t j = 0; j < 4; ++j)
          for (std::size_t a = 0; a < 3; ++a)
            losses[k][j] += .5 * square(report[j][a] - (a == k ? 1 : 0));
      return losses;
    };
    const double lied = expected_next_weight(weight, 2, belief, losses_if(), .8);
    double distance = 0.0;
    for (std::size_t a = 0; a < 3; ++a) distance += .5 * square(report[2][a] - belief[a]);
    report[2] = belief;
    const double honest = expected_next_weight(weight, 2, belief, losses_if(), .8);
    ASSERT_NEAR(honest - lied, .8 * weight[2] * (1 - weight[2]) * distance, 1e-15);
  }
}

double spherical(double r, bool first) {
  return 1 - (first ? r : 1 - r) / std::sqrt(r * r + (1 - r) * (1 - r));
}
double clipped_log(double r, bool first) {
  return std::log(first ? r : 1 - r) / std::log(.01);
}

TEST(WeightedScoreUpdate, IsTruthfulUnderOtherProperLosses) {
  RandomStream random(6);
  const auto within = [&] { return .01 + .98 * random.uniform(); };
  for (const auto& loss : {spherical, clipped_log}) {
    for (int trial = 0; trial < 2000; ++trial) {
      const Row weight = random_row(random, 3);
      const double b = within();
      Row report{within(), within(), within()};
      const auto next_weight = [&](double own) {
        report[0] = own;
        std::vector<Row> losses_if(2, Row(3));
        for (std::size_t j = 0; j < 3; ++j) {
          losses_if[0][j] = loss(report[j], true);
          losses_if[1][j] = loss(report[j], false);
        }
        return expected_next_weight(weight, 0, {b, 1 - b}, losses_if, .5);
      };
      const double lie = within();
      const double price = next_weight(b) - next_weight(lie);
      ASSERT_GT(price, .01 * .5 * weight[0] * (1 - weight[0]) * square(lie - b) - 1e-15);
    }
  }
}

// The absolute error is not proper: the same worker does better with an extreme report.
TEST(WeightedScoreUpdate, IsNotTruthfulUnderAnImproperLoss) {
  const auto next_weight = [](double own) {
    const std::vector<Row> losses_if{{1 - own, .5}, {own, .5}};
    return expected_next_weight({.5, .5}, 0, {.7, .3}, losses_if, .5);
  };
  EXPECT_GT(next_weight(1.0), next_weight(.7) + .01);
}

using Adversary = std::function<Row(const Row& weight, int slot)>;

Row hurt_the_heaviest(const Row& weight, int) {
  Row loss(weight.size(), 0.0);
  loss[static_cast<std::size_t>(std::max_element(weight.begin(), weight.end()) - weight.begin())] =
      1.0;
  return loss;
}

Row favour_the_lightest(const Row& weight, int) {
  Row loss(weight.size(), 1.0);
  loss[static_cast<std::size_t>(std::min_element(weight.begin(), weight.end()) - weight.begin())] =
      0.0;
  return loss;
}

Row alternate(const Row& weight, int slot) {
  Row loss(weight.size());
  for (std::size_t i = 0; i < loss.size(); ++i)
    loss[i] = (i + static_cast<std::size_t>(slot)) % 2 == 0 ? 1.0 : 0.0;
  return loss;
}

Row favour_worker_zero(const Row& weight, int) {
  Row loss(weight.size(), 1.0);
  loss[0] = 0.0;
  return loss;
}

// Worker 0 is as good as the rest until it is nearly forgotten, then the only good one.
Row starve_then_favour(const Row& weight, int slot) {
  Row loss(weight.size(), slot < 200 ? 0.0 : 1.0);
  loss[0] = slot < 200 ? 1.0 : 0.0;
  return loss;
}

std::vector<Adversary> adversaries() {
  auto coins = [random = RandomStream(7)](const Row& weight, int) mutable {
    Row loss(weight.size());
    for (double& value : loss) value = random.bernoulli(.5) ? 1.0 : 0.0;
    return loss;
  };
  return {hurt_the_heaviest,  favour_the_lightest, alternate,
          favour_worker_zero, starve_then_favour,  coins};
}

TEST(WeightedScoreUpdate, RegretStaysWithinItsBoundWhateverTheAdversaryDoes) {
  for (const std::size_t n : {2U, 10U}) {
    for (const double eta : {.02, .1, .5, .68, .9, .99}) {
      std::vector<Adversary> everyone = adversaries();
      for (Adversary& adversary : everyone) {
        Row weight(n, 1.0 / static_cast<double>(n));
        Row regret(n, 0.0);
        for (int slot = 0; slot < 1500; ++slot) {
          const Row loss = adversary(weight, slot);
          const Result<double> mean = weighted_score_update(weight, loss, eta);
          ASSERT_TRUE(mean.ok());
          const double bound =
              weighted_score_regret_bound(1.0 / static_cast<double>(n), eta, slot + 1);
          for (std::size_t i = 0; i < n; ++i)
            ASSERT_LE(regret[i] += *mean - loss[i], bound + 1e-9) << "eta " << eta << " i " << i;
        }
      }
    }
  }
}

TEST(WeightedScoreRegretBound, HasTheStatedConstants) {
  EXPECT_NEAR(weighted_score_regret_bound(.1, .5, 0), std::log(10.0) / .5, 1e-14);
  EXPECT_NEAR(weighted_score_regret_bound(1, .5, 100), 50, 1e-12);  // c(.5) = .773 counts as 1
  const double c = (-std::log(.1) - .9) / .81;
  EXPECT_NEAR(weighted_score_regret_bound(1, .9, 100), c * 90, 1e-10);
  EXPECT_NEAR(weighted_score_regret_bound(1, .6838, 1) / .6838, 1.0, 1e-4);  // c(.6838) = 1
  EXPECT_GT(weighted_score_regret_bound(1, .69, 1) / .69, 1.001);
  EXPECT_TRUE(std::isinf(weighted_score_regret_bound(.5, 1.0, 10)));
}

TEST(StepSizeForHorizon, MatchesHandWorkedValues) {
  EXPECT_NEAR(*step_size_for_horizon(10, 1000), .047985, 5e-7);
  EXPECT_EQ(*step_size_for_horizon(10, 1), .5);  // sqrt(2.3) would be too much
  EXPECT_NEAR(*step_size_for_horizon(1, 100), std::sqrt(std::log(2.0) / 100), 1e-15);
  EXPECT_NEAR(*step_size_for_horizon(4, 12.5), std::sqrt(std::log(4.0) / 12.5), 1e-15);
}

TEST(StepSizeForHorizon, GivesTheRegretItIsChosenFor) {
  const double eta = *step_size_for_horizon(10, 1000);
  EXPECT_NEAR(weighted_score_regret_bound(.1, eta, 1000), 2 * std::sqrt(1000 * std::log(10.0)),
              1e-9);
}

TEST(StepSizeForHorizon, RefusesAHorizonThatIsNotPositive) {
  for (const double bad : {0.0, -1.0, std::nan("")}) {
    const Result<double> result = step_size_for_horizon(10, bad);
    ASSERT_FALSE(result.ok()) << bad;
    EXPECT_EQ(result.error().code, ErrorCode::out_of_range);
    EXPECT_EQ(result.error().field, "horizon");
  }
}

}  // namespace
}  // namespace candor::learning
