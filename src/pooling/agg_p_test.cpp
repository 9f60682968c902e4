#include "candor/pooling/agg_p.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numeric>

#include "candor/base/math.h"
#include "candor/base/random.h"

namespace candor::pooling {
namespace {

using Row = std::vector<double>;

constexpr double infinity = std::numeric_limits<double>::infinity();

Row pooled(double alpha, const Row& report, std::size_t answers = 2) {
  Row label(answers);
  agg_p(AggP{.alpha = alpha}, report, label);
  return label;
}

// n rows over K answers, none below about least / K.
Row random_reports(std::size_t n, std::size_t answers, double least, RandomStream& random) {
  Row report;
  for (std::size_t j = 0; j < n; ++j) {
    Row row(answers);
    for (double& value : row) value = std::exp(2 * random.normal());
    normalise(row);
    for (const double value : row)
      report.push_back(value * (1 - least) + least / static_cast<double>(answers));
  }
  return report;
}

double total_divergence(double alpha, const Row& report, const Row& label) {
  double total = 0.0;
  for (std::size_t j = 0; j < report.size(); j += label.size())
    total += amari_divergence(alpha, std::span(report).subspan(j, label.size()), label);
  return total;
}

// The definition, in long double, for alpha away from 0 and 1. Near these it magnifies what a row's
// sum lacks to 1, so sums are made exact first.
long double divergence_oracle(double alpha, const Row& q, const Row& p) {
  const auto a = static_cast<long double>(alpha);
  const long double all_q = std::accumulate(q.begin(), q.end(), 0.0L);
  const long double all_p = std::accumulate(p.begin(), p.end(), 0.0L);
  long double affinity = 0.0L;
  for (std::size_t k = 0; k < q.size(); ++k)
    affinity += powl(q[k] / all_q, a) * powl(p[k] / all_p, 1 - a);
  return (1 - affinity) / (a * (1 - a));
}

double kl(const Row& q, const Row& p) {
  double total = 0.0;
  for (std::size_t k = 0; k < q.size(); ++k) total += q[k] * std::log(q[k] / p[k]);
  return total;
}

TEST(AggP, GivesTheHandWorkedMeans) {
  const Row report{.8, .2, .4, .6};
  EXPECT_NEAR(pooled(1, report)[0], .6, 1e-15);
  EXPECT_NEAR(pooled(-1, report)[0], .64, 1e-15);                // 8/15 : 3/10
  EXPECT_NEAR(pooled(2, report)[0], 2 - std::sqrt(2.0), 1e-15);  // sqrt .4 : sqrt .2
  EXPECT_NEAR(pooled(0, report)[0], 1 / (1 + std::sqrt(3.0 / 8)), 1e-15);
  EXPECT_NEAR(pooled(infinity, report)[0], 4.0 / 7, 1e-15);   // .8 : .6
  EXPECT_NEAR(pooled(-infinity, report)[0], 2.0 / 3, 1e-15);  // .4 : .2
}

TEST(AggP, ReachesItsLimitsWithoutAJump) {
  RandomStream random(1);
  for (int trial = 0; trial < 50; ++trial) {
    const Row report = random_reports(2 + random.below(5), 3, .02, random);
    const Row at_zero = pooled(0, report, 3);
    const Row at_one = pooled(1, report, 3);
    for (const double step : {1e-3, -1e-3, 1e-6, -1e-6, 1e-9, 1e-12, 1e-15}) {
      const Row near_zero = pooled(step, report, 3);
      const Row near_one = pooled(1 + step, report, 3);
      for (std::size_t k = 0; k < 3; ++k) {
        ASSERT_NEAR(near_zero[k], at_zero[k], std::abs(step) + 1e-14);
        ASSERT_NEAR(near_one[k], at_one[k], std::abs(step) + 1e-14);
      }
    }
    const Row greatest = pooled(infinity, report, 3);
    const Row least = pooled(-infinity, report, 3);
    for (std::size_t k = 0; k < 3; ++k) {
      ASSERT_NEAR(pooled(1e6, report, 3)[k], greatest[k], 1e-5);
      ASSERT_NEAR(pooled(-1e6, report, 3)[k], least[k], 1e-5);
    }
  }
}

TEST(AggP, IsTheReportWhereAllAgree) {
  for (const double alpha : {-infinity, -40.0, -1.0, 0.0, 1e-7, .5, 1.0, 3.0, 500.0, infinity}) {
    const Row label = pooled(alpha, {.7, .2, .1, .7, .2, .1, .7, .2, .1}, 3);
    EXPECT_NEAR(label[0], .7, 1e-14) << alpha;
    EXPECT_NEAR(label[2], .1, 1e-14) << alpha;
  }
}

TEST(AggP, TakesCertainReportsForAlphaAboveZero) {
  for (const double alpha : {1e-9, .3, 1.0, 1.5, 700.0}) {
    const Row label = pooled(alpha, {1, 0, 0, 0, 1, 0}, 3);
    EXPECT_NEAR(label[0], .5, 1e-12) << alpha;
    EXPECT_NEAR(label[1], .5, 1e-12) << alpha;
    EXPECT_EQ(label[2], 0.0) << alpha;
  }
}

TEST(AggP, RefusesAReportUnderTheFloorAndLeavesItAsItIs) {
  const Row report{.9995, .0005};
  for (const double alpha : {0.0, -1.0, -infinity}) {
    const Status status = AggP{.alpha = alpha}.check_report(report);
    ASSERT_FALSE(status.ok()) << alpha;
    EXPECT_EQ(status.error().code, ErrorCode::out_of_range);
    EXPECT_EQ(status.error().field, "report[1]");
    EXPECT_NE(status.error().message().find("at least 0.001"), std::string::npos);
    EXPECT_TRUE((AggP{.alpha = alpha, .floor = 1e-4}.check_report(report).ok()));
  }
  EXPECT_TRUE(AggP{.alpha = .5}.check_report(report).ok());
  EXPECT_FALSE(AggP{.alpha = .5}.check_report(Row{.5, .6}).ok());
  EXPECT_FALSE(AggP{.alpha = std::nan("")}.check().ok());
  EXPECT_FALSE((AggP{.alpha = 0, .floor = 0}.check().ok()));
  EXPECT_TRUE(AggP{.alpha = -infinity}.check().ok());
}

TEST(AmariDivergence, IsWhatItsDefinitionSays) {
  RandomStream random(2);
  for (const double alpha :
       {-3.0, -1.0, -.5, .3, .5, .74, .76, .999, 1.001, 1.24, 1.26, 2.0, 4.0}) {
    for (int trial = 0; trial < 50; ++trial) {
      const Row q = random_reports(1, 4, .05, random);
      const Row p = random_reports(1, 4, .05, random);
      const auto exact = static_cast<double>(divergence_oracle(alpha, q, p));
      ASSERT_NEAR(amari_divergence(alpha, q, p), exact, 1e-13 * (1 + exact)) << alpha;
    }
  }
}

TEST(AmariDivergence, IsAKullbackLeiblerDivergenceAtZeroAndOneAndNear) {
  RandomStream random(3);
  for (int trial = 0; trial < 50; ++trial) {
    const Row q = random_reports(1, 3, .05, random);
    const Row p = random_reports(1, 3, .05, random);
    ASSERT_NEAR(amari_divergence(1, q, p), kl(q, p), 1e-14);
    ASSERT_NEAR(amari_divergence(0, q, p), kl(p, q), 1e-14);
    for (const double step : {1e-6, 1e-9, 1e-12, 1e-15}) {
      ASSERT_NEAR(amari_divergence(1 - step, q, p), kl(q, p), 100 * step + 1e-14);
      ASSERT_NEAR(amari_divergence(step, q, p), kl(p, q), 100 * step + 1e-14);
    }
  }
}

TEST(AmariDivergence, IsInfiniteOnlyWhereItMustBe) {
  const Row certain{1, 0};
  const Row half{.5, .5};
  EXPECT_EQ(amari_divergence(1, half, certain), infinity);
  EXPECT_EQ(amari_divergence(2, half, certain), infinity);
  EXPECT_EQ(amari_divergence(0, certain, half), infinity);
  EXPECT_EQ(amari_divergence(-1, certain, half), infinity);
  EXPECT_NEAR(amari_divergence(1, certain, half), std::log(2.0), 1e-15);
  EXPECT_NEAR(amari_divergence(.5, half, certain), 4 - 4 * std::sqrt(.5), 1e-14);
  EXPECT_NEAR(amari_divergence(2, certain, half), .5, 1e-15);  // (2 - 1) / 2
  for (const double alpha : {-2.0, 0.0, .5, 1.0, 3.0})
    EXPECT_EQ(amari_divergence(alpha, half, half), 0.0) << alpha;
}

// Least total over the simplex by exponentiated steps that are halved until they help.
Row minimise(double alpha, const Row& report, std::size_t answers) {
  Row label(answers, 1.0 / static_cast<double>(answers));
  double best = total_divergence(alpha, report, label);
  for (double step = .5; step > 1e-9;) {
    bool better = false;
    for (std::size_t k = 0; k < answers; ++k) {
      for (const double direction : {step, -step}) {
        Row trial = label;
        trial[k] *= std::exp(direction);
        normalise(trial);
        const double value = total_divergence(alpha, report, trial);
        if (value >= best) continue;
        best = value;
        label = trial;
        better = true;
      }
    }
    if (!better) step /= 2;
  }
  return label;
}

TEST(AggP, HasTheLeastTotalDivergence) {
  RandomStream random(4);
  for (const double alpha : {-3.0, -1.0, -.5, 0.0, .3, .5, 1.0, 2.0, 4.0}) {
    for (int trial = 0; trial < 10; ++trial) {
      const std::size_t answers = 2 + random.below(3);
      const Row report = random_reports(2 + random.below(4), answers, .1, random);
      const Row label = pooled(alpha, report, answers);
      const Row found = minimise(alpha, report, answers);
      for (std::size_t k = 0; k < answers; ++k) ASSERT_NEAR(found[k], label[k], 1e-5) << alpha;
      const double least = total_divergence(alpha, report, label);
      ASSERT_GE(total_divergence(alpha, report, found), least - 1e-12 * (1 + least)) << alpha;
    }
  }
}

TEST(LeastDivergence, IsThatOfTheLabelOfTheOthers) {
  RandomStream random(5);
  for (const double alpha : {-3.0, -1.0, -1e-3, -1e-9, 0.0, 1e-12, 1e-5, .5, .7499, .7501, 1 - 1e-7,
                             1.0, 1 + 1e-12, 1.2499, 1.2501, 2.0, 4.0, 40.0}) {
    const AggP rule{.alpha = alpha};
    for (int trial = 0; trial < 30; ++trial) {
      const std::size_t answers = 2 + random.below(3);
      const std::size_t n = 2 + random.below(6);
      const Row report = random_reports(n, answers, trial % 2 == 0 ? .5 : .02, random);
      const Row least = least_divergence_without_each(rule, report, answers);
      for (std::size_t i = 0; i < n; ++i) {
        Row others = report;
        const auto from = others.begin() + static_cast<std::ptrdiff_t>(i * answers);
        others.erase(from, from + static_cast<std::ptrdiff_t>(answers));
        const double plain = total_divergence(alpha, others, pooled(alpha, others, answers));
        ASSERT_NEAR(least[i], plain, 2e-13 * (1 + plain)) << alpha << " n " << n;
      }
    }
  }
}

TEST(LeastDivergence, TakesCertainReportsForAlphaAboveZero) {
  const Row report{1, 0, 0, 0, 1, 0, 1, 0, 0};
  for (const double alpha : {.5, 1.0, 1.1, 2.0}) {
    const Row least = least_divergence_without_each(AggP{.alpha = alpha}, report, 3);
    const Row apart = {0, 1, 0, 1, 0, 0};
    EXPECT_NEAR(least[0], total_divergence(alpha, apart, pooled(alpha, apart, 3)), 1e-14);
    EXPECT_NEAR(least[1], 0.0, 1e-15);
  }
}

TEST(SumsWithoutEach, LoseNothingBesideALargeValue) {
  EXPECT_EQ(sums_without_each(Row{1e300, 1, 2}), (Row{3, 1e300, 1e300}));
  EXPECT_EQ(sums_without_each(Row{5}), Row{0});
}

}  // namespace
}  // namespace candor::pooling
