#include "candor/scoring/surrogate_loss.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "candor/base/random.h"
#include "candor/scoring/error_rates.h"
#include "scoring/small_matrix.h"

namespace candor::scoring {
namespace {

using Row = std::vector<double>;

Row certain(std::size_t answers, std::size_t k) {
  Row row(answers, 0.0);
  row[k] = 1.0;
  return row;
}

Row random_row(RandomStream& random, std::size_t answers) {
  Row row(answers);
  double total = 0.0;
  for (double& value : row) total += value = random.uniform() + 1e-3;
  for (double& value : row) value /= total;
  return row;
}

// Each record is right with probability above a half.
Row random_confusion(RandomStream& random, std::size_t answers) {
  Row confusion;
  for (std::size_t y = 0; y < answers; ++y) {
    Row row = random_row(random, answers);
    for (double& value : row) value *= .45;
    row[y] += .55;
    confusion.insert(confusion.end(), row.begin(), row.end());
  }
  return confusion;
}

SurrogateLoss binary(double wrong_of_0, double wrong_of_1) {
  return std::move(SurrogateLoss::with_error_rates({}, wrong_of_0, wrong_of_1)).value();
}

TEST(SurrogateLoss, MatchesTheHandWorkedRecord) {
  const SurrogateLoss loss = binary(.2, .35);
  EXPECT_NEAR(loss.unscaled(Row{1, 0}, Row{0, 1}), .8 / .45, 1e-15);
  EXPECT_NEAR(loss.unscaled(Row{1, 0}, Row{1, 0}), -.2 / .45, 1e-15);
  EXPECT_NEAR(loss.unscaled(Row{0, 1}, Row{0, 1}), -.35 / .45, 1e-15);
  EXPECT_NEAR(loss.lowest(), -.35 / .45, 1e-15);
  EXPECT_NEAR(loss(Row{1, 0}, Row{0, 1}), 1.0, 1e-15);
  EXPECT_NEAR(loss.largest_step(), .391, 5e-4);
}

TEST(SurrogateLoss, IsTheLossItselfWithoutErrors) {
  RandomStream random(1);
  const SurrogateLoss loss = binary(0.0, 0.0);
  for (int trial = 0; trial < 50; ++trial) {
    const Row report = random_row(random, 2);
    const Row outcome = random_row(random, 2);
    EXPECT_NEAR(loss(report, certain(2, 1)), quadratic_loss(report, certain(2, 1)), 1e-15);
    EXPECT_LE(loss(report, outcome), 1.0);
  }
  EXPECT_EQ(loss.largest_step(), 1.0);
}

TEST(SurrogateLoss, IsUnbiasedAndInRangeForAnyNumberOfAnswers) {
  RandomStream random(2);
  for (const auto& rule : {LossRule{}, LossRule{LossRule::Kind::spherical}}) {
    for (int trial = 0; trial < 300; ++trial) {
      const std::size_t answers = 2 + random.below(4);
      const Row confusion = random_confusion(random, answers);
      const auto loss = SurrogateLoss::create(rule, confusion, answers);
      ASSERT_TRUE(loss.ok());
      const Row report = random_row(random, answers);
      for (std::size_t y = 0; y < answers; ++y) {
        double expected = 0.0;
        for (std::size_t z = 0; z < answers; ++z) {
          const double value = loss->unscaled(report, certain(answers, z));
          EXPECT_GE(value, loss->lowest());
          EXPECT_LE(value, loss->highest());
          const double scaled = (value - loss->lowest()) * loss->largest_step();
          EXPECT_NEAR((*loss)(report, certain(answers, z)), scaled, 1e-12);
          expected += confusion[y * answers + z] * value;
        }
        EXPECT_NEAR(expected, rule(report, certain(answers, y)), 1e-12);
      }
    }
  }
}

// The report in 0, 1/1000, ... that minimises the expected loss under the law of the record.
double best_report(const SurrogateLoss& loss, double recorded_0) {
  double best = 0.0;
  double least = 9.0;
  for (int k = 0; k <= 1000; ++k) {
    const double r = k / 1000.0;
    const double expected = loss(Row{r, 1 - r}, Row{recorded_0, 1 - recorded_0});
    if (expected < least) {
      least = expected;
      best = r;
    }
  }
  return best;
}

// Answer 0 is recorded wrongly with .35, answer 1 with .2; the worker believes .8 in answer 0.
TEST(SurrogateLoss, TheBestReportIsTheBeliefAndNotTheLawOfTheRecord) {
  const double recorded = .8 * .65 + .2 * .2;
  EXPECT_NEAR(best_report(binary(.35, .2), recorded), .80, 1e-9);
  EXPECT_NEAR(best_report(binary(0, 0), recorded), .56, 1e-9);
}

TEST(SurrogateLoss, WrongRatesShiftTheBestReportByTheStatedFormula) {
  RandomStream random(3);
  int inside = 0;
  for (int trial = 0; trial < 60; ++trial) {
    const double e0 = .4 * random.uniform();
    const double e1 = .4 * random.uniform();
    const double assumed_e0 = std::max(0.0, e0 + .1 * (random.uniform() - .5));
    const double assumed_e1 = std::max(0.0, e1 + .1 * (random.uniform() - .5));
    const double belief = random.uniform();
    const SurrogateLoss loss = binary(assumed_e0, assumed_e1);
    const double recorded = belief * (1 - e0) + (1 - belief) * e1;
    const Row best = loss.best_report_under(Row{1 - e0, e0, e1, 1 - e1}, Row{belief, 1 - belief});
    EXPECT_NEAR(best[0], (recorded - assumed_e1) / (1 - assumed_e0 - assumed_e1), 1e-12);
    if (best[0] < 0.0 || best[0] > 1.0) continue;
    ++inside;
    EXPECT_NEAR(best_report(loss, recorded), best[0], 6e-4);
  }
  EXPECT_GT(inside, 30);
}

TEST(SurrogateLoss, RefusesRecordsThatTellNothingOrTheOpposite) {
  EXPECT_TRUE(SurrogateLoss::with_error_rates({}, .5, .49).ok());
  for (const auto& [e0, e1] : {std::pair{.5, .5}, {.7, .4}, {-.1, .2}, {NAN, .2}, {1.1, 0.0}})
    EXPECT_FALSE(SurrogateLoss::with_error_rates({}, e0, e1).ok()) << e0 << ' ' << e1;
  const auto swapped = SurrogateLoss::with_error_rates({}, .7, .4);
  EXPECT_NE(swapped.error().message().find("sum below 1"), std::string::npos);
  EXPECT_FALSE(SurrogateLoss::create({}, Row{1, 0, 0}, 2).ok());
  // The third row is the mean of the others, yet each diagonal entry is the largest of its column.
  const Row singular{.6, 0, .4, 0, .6, .4, .3, .3, .4};
  EXPECT_FALSE(SurrogateLoss::create({}, singular, 3).ok());
}

TEST(ErrorRates, CountsAndIntervalsMatchHandWorkedValues) {
  const std::vector<std::uint32_t> outcome{0, 0, 0, 1};
  const std::vector<std::uint32_t> recorded{0, 0, 1, 1};
  const auto rates = estimate_error_rates(outcome, recorded, 2);
  ASSERT_TRUE(rates.ok());
  EXPECT_NEAR(rates->wrong(0).share, 1.0 / 3, 1e-15);
  EXPECT_EQ(rates->wrong(1).share, 0.0);
  EXPECT_EQ(rates->wrong(1).low, 0.0);
  EXPECT_GT(rates->wrong(1).high, .5);  // one slot says little
  EXPECT_EQ(rates->matrix()[3], 1.0);
  const Share share = wilson_share(2, 10);
  EXPECT_NEAR(share.low, .0567, 5e-5);
  EXPECT_NEAR(share.high, .5098, 5e-5);
}

// Exactly: the chance, over all counts of 40 slots, that the interval holds the true rate.
TEST(ErrorRates, TheIntervalHoldsTheTruthAboutAsOftenAsItSays) {
  for (const double rate : {.05, .2, .4}) {
    double covered = 0.0;
    double chance = std::pow(1.0 - rate, 40);
    for (int hits = 0; hits <= 40; ++hits) {
      const Share share = wilson_share(static_cast<std::uint64_t>(hits), 40);
      if (share.low <= rate && rate <= share.high) covered += chance;
      chance *= (40.0 - hits) / (hits + 1.0) * rate / (1.0 - rate);
    }
    EXPECT_GT(covered, .92);
    EXPECT_LT(covered, .99);
  }
}

TEST(ErrorRates, RefusesWhatCannotBeCounted) {
  using Answers = std::vector<std::uint32_t>;
  EXPECT_FALSE(estimate_error_rates(Answers{0, 1}, Answers{0}, 2).ok());
  EXPECT_FALSE(estimate_error_rates(Answers{0, 0}, Answers{0, 1}, 2).ok());  // no outcome 1
  const auto bad = estimate_error_rates(Answers{0, 1}, Answers{0, 2}, 2);
  EXPECT_NE(bad.error().message().find("recorded[1]"), std::string::npos);
}

TEST(SmallMatrix, InverseAndDeterminantAgreeWithTheirDefinitions) {
  RandomStream random(4);
  for (std::size_t n = 1; n <= 5; ++n) {
    Row matrix(n * n);
    for (double& value : matrix) value = random.uniform() - .5;
    const auto inverted = inverse(matrix, n);
    ASSERT_TRUE(inverted.has_value());
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = 0; j < n; ++j) {
        double product = 0.0;
        for (std::size_t k = 0; k < n; ++k) product += matrix[i * n + k] * (*inverted)[k * n + j];
        EXPECT_NEAR(product, i == j ? 1.0 : 0.0, 1e-10);
      }
    }
    EXPECT_NEAR(determinant(matrix, n) * determinant(*inverted, n), 1.0, 1e-10);
  }
  EXPECT_EQ(determinant({0, 2, 0, 3, 0, 0, 0, 0, 4}, 3), -24.0);
  EXPECT_EQ(determinant({1, 2, 3, 2, 4, 6, 1, 1, 1}, 3), 0.0);
}

}  // namespace
}  // namespace candor::scoring
