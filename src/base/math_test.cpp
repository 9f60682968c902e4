#include "candor/base/math.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "candor/base/random.h"

namespace candor {
namespace {

double units_in_last_place(double got, double want) {
  const double unit = std::nextafter(std::fabs(want), INFINITY) - std::fabs(want);
  return std::fabs(got - want) / unit;
}

TEST(PortableLog, StaysWithinThreeUnitsOfTheCLibrary) {
  RandomStream random(1);
  for (int i = 0; i < 200000; ++i) {
    const double x =
        std::ldexp(1.0 + random.uniform(), static_cast<int>(random.below(2000)) - 1000);
    EXPECT_LT(units_in_last_place(portable_log(x), std::log(x)), 3.0) << x;
  }
}

TEST(PortableLog, KeepsRelativeAccuracyNearOne) {
  for (double distance = 1e-300; distance < 0.3; distance *= 7) {
    const double x = 1.0 + distance;
    if (x == 1.0) continue;
    EXPECT_LT(units_in_last_place(portable_log(x), std::log(x)), 3.0) << x;
  }
  EXPECT_EQ(portable_log(1.0), 0.0);
}

TEST(PortableLog, HandlesTheEdges) {
  EXPECT_EQ(portable_log(0.0), -std::numeric_limits<double>::infinity());
  EXPECT_TRUE(std::isnan(portable_log(-1.0)));
  EXPECT_TRUE(std::isinf(portable_log(INFINITY)));
  EXPECT_NEAR(portable_log(5e-324), -744.4400719213812, 1e-12);
}

TEST(PortableExp, StaysWithinThreeUnitsOfTheCLibrary) {
  RandomStream random(2);
  for (int i = 0; i < 200000; ++i) {
    const double x = (random.uniform() - 0.5) * 1400.0;
    EXPECT_LT(units_in_last_place(portable_exp(x), std::exp(x)), 3.0) << x;
  }
}

TEST(PortableExp, HandlesTheEdges) {
  EXPECT_EQ(portable_exp(0.0), 1.0);
  EXPECT_EQ(portable_exp(-800.0), 0.0);
  EXPECT_EQ(portable_exp(-std::numeric_limits<double>::infinity()), 0.0);
  EXPECT_TRUE(std::isinf(portable_exp(710.0)));
  EXPECT_GT(portable_exp(-744.0), 0.0);
}

TEST(Dot, AddsEightLanesInTheStatedOrder) {
  RandomStream random(3);
  for (std::size_t n = 0; n < 40; ++n) {
    std::vector<double> a(n);
    std::vector<double> b(n);
    std::vector<double> lane(8, 0.0);
    for (std::size_t i = 0; i < n; ++i) {
      a[i] = random.uniform();
      b[i] = random.uniform();
      lane[i % 8] += a[i] * b[i];
    }
    const double expected =
        ((lane[0] + lane[1]) + (lane[2] + lane[3])) + ((lane[4] + lane[5]) + (lane[6] + lane[7]));
    EXPECT_EQ(dot(a, b), expected);
  }
}

TEST(Softmax, TurnsLogOddsIntoProbabilities) {
  std::vector<double> x{0.0, portable_log(3.0)};
  softmax(x);
  EXPECT_NEAR(x[0], 0.25, 1e-15);
  EXPECT_NEAR(x[1], 0.75, 1e-15);
}

TEST(Softmax, SurvivesHugeAndMinusInfiniteScores) {
  std::vector<double> x{-INFINITY, 1e6, 1e6};
  softmax(x);
  EXPECT_EQ(x, (std::vector<double>{0.0, 0.5, 0.5}));
}

TEST(Normalise, TreatsAnAllZeroRowAsNoEvidence) {
  std::vector<double> x{0.0, 0.0, 0.0, 0.0};
  normalise(x);
  EXPECT_EQ(x, (std::vector<double>{0.25, 0.25, 0.25, 0.25}));
}

}  // namespace
}  // namespace candor
