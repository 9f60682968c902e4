#include "candor/navigation/interval.h"

#include <gtest/gtest.h>

#include <cmath>

#include "candor/base/random.h"

namespace candor::navigation {
namespace {

TEST(Interval, WorkedExample) {
  const Interval interval = interval_of(std::vector{1.0, 2.0, 3.0});
  EXPECT_NEAR(interval.mean, 2.0, 1e-12);
  EXPECT_NEAR(interval.low, -0.4841, 1e-4);
  EXPECT_NEAR(interval.high, 4.4841, 1e-4);
  const Interval one = interval_of(std::vector{7.0});
  EXPECT_EQ(one.low, 7.0);
  EXPECT_EQ(one.high, 7.0);
}

TEST(Interval, DifferencesDropWhatSeedsShare) {
  const Interval interval =
      interval_of_differences(std::vector{101.0, 502.0, 903.0}, std::vector{100.0, 500.0, 900.0});
  EXPECT_NEAR(interval.mean, 2.0, 1e-12);
  EXPECT_NEAR(interval.high, 4.4841, 1e-4);
}

// Against values of scipy.stats.t.ppf(.975, f).
TEST(TQuantile, AgreesWithTables) {
  EXPECT_NEAR(t_quantile(1), 12.706205, 5e-5);
  EXPECT_NEAR(t_quantile(4), 2.776445, 5e-5);
  EXPECT_NEAR(t_quantile(30), 2.042272, 5e-5);
  EXPECT_NEAR(t_quantile(31), 2.039513, 1e-3);
  EXPECT_NEAR(t_quantile(60), 2.000298, 1e-3);
  EXPECT_NEAR(t_quantile(1000), 1.962339, 1e-3);
}

TEST(Interval, HoldsTheMeanNineteenTimesInTwenty) {
  RandomStream random(1);
  int held = 0;
  constexpr int trials = 4000;
  for (int i = 0; i < trials; ++i) {
    std::vector<double> values(5);
    for (double& x : values) x = 3.0 + 2.0 * random.normal();
    const Interval interval = interval_of(values);
    if (interval.low <= 3.0 && 3.0 <= interval.high) ++held;
  }
  EXPECT_NEAR(held / double{trials}, 0.95, 0.012);
}

}  // namespace
}  // namespace candor::navigation
