// The law of agreement against enumeration.
#include "defence/agreement.h"

#include <gtest/gtest.h>

#include <cmath>

#include "candor/base/random.h"

namespace candor::defence {
namespace {

double choose(std::uint32_t n, std::uint32_t k) {
  double ways = 1.0;
  for (std::uint32_t j = 0; j < k; ++j) ways = ways * (n - j) / (j + 1);
  return ways;
}

// P(both = k) in one stratum, k = 0 .. n, written out.
std::vector<double> law_of(const Stratum& s, double odds_ratio) {
  std::vector<double> weight(s.slots + 1, 0.0);
  double total = 0.0;
  for (std::uint32_t k = 0; k <= std::min(s.first, s.second); ++k) {
    if (s.second - k > s.slots - s.first) continue;
    weight[k] = choose(s.first, k) * choose(s.slots - s.first, s.second - k) *
                std::pow(odds_ratio, static_cast<double>(k));
    total += weight[k];
  }
  for (double& w : weight) w /= total;
  return weight;
}

// P(sum of both >= seen), by adding one stratum after the other.
double exact_tail(const std::vector<Stratum>& strata, double odds_ratio) {
  std::vector<double> law{1.0};
  std::size_t seen = 0;
  for (const Stratum& s : strata) {
    const std::vector<double> one = law_of(s, odds_ratio);
    std::vector<double> next(law.size() + one.size() - 1, 0.0);
    for (std::size_t a = 0; a < law.size(); ++a)
      for (std::size_t b = 0; b < one.size(); ++b) next[a + b] += law[a] * one[b];
    law = next;
    seen += s.both;
  }
  double tail = 0.0;
  for (std::size_t k = seen; k < law.size(); ++k) tail += law[k];
  return tail;
}

std::vector<Stratum> random_strata(RandomStream& random) {
  std::vector<Stratum> strata(1 + random.below(4));
  for (Stratum& s : strata) {
    const std::uint64_t n = 1 + random.below(20);
    for (std::uint64_t t = 0; t < n; ++t) {
      const bool first = random.bernoulli(.7);
      const bool second = random.bernoulli(.5) ? first : random.bernoulli(.6);
      ++s.slots;
      s.first += first ? 1 : 0;
      s.second += second ? 1 : 0;
      s.both += first && second ? 1 : 0;
    }
  }
  return strata;
}

// 6 slots, each right in 3: both the same 3, one way of the 20 that 3 of 6 can be chosen in.
TEST(LogTail, OfTheHandWorkedPair) {
  const std::vector<Stratum> same{{6, 3, 3, 3}};
  EXPECT_NEAR(std::exp(log_tail(same, 1.0)), 1.0 / 20, 1e-12);
  EXPECT_NEAR(moments(same).mean, 1.5, 1e-15);
  EXPECT_NEAR(moments(same).variance, .45, 1e-15);  // 1.5 * 3 * 3 / (6 * 5)
  // With odds ratio 2 the ways for 0, 1, 2, 3 weigh 1, 18, 36, 8.
  EXPECT_NEAR(std::exp(log_tail(same, 2.0)), 8.0 / 63, 1e-12);
  EXPECT_EQ(log_tail(std::vector<Stratum>{{6, 3, 3, 1}}, 1.0), 0.0);
}

TEST(LogTail, IsNeverBelowTheExactTailAndEqualWhereAgreementIsGreatest) {
  RandomStream random(1);
  int small = 0;
  for (int trial = 0; trial < 3000; ++trial) {
    std::vector<Stratum> strata = random_strata(random);
    const double odds_ratio = 1.0 + random.uniform();
    const double exact = exact_tail(strata, odds_ratio);
    const double bound = std::exp(log_tail(strata, odds_ratio));
    ASSERT_GE(bound, exact * (1 - 1e-9));
    if (exact < 1e-3) {
      ++small;
      ASSERT_LT(bound, 20 * exact);
    }
    for (Stratum& s : strata) s.both = std::min(s.first, s.second);
    const double greatest = exact_tail(strata, odds_ratio);
    ASSERT_NEAR(std::exp(log_tail(strata, odds_ratio)), greatest, 1e-9 * greatest + 1e-15);
  }
  EXPECT_GT(small, 100);
}

TEST(Moments, AreThoseOfTheEnumeratedLaw) {
  RandomStream random(2);
  for (int trial = 0; trial < 300; ++trial) {
    const std::vector<Stratum> strata = random_strata(random);
    double mean = 0.0;
    double variance = 0.0;
    for (const Stratum& s : strata) {
      const std::vector<double> law = law_of(s, 1.0);
      double first = 0.0;
      double second = 0.0;
      for (std::size_t k = 0; k < law.size(); ++k) {
        const auto both = static_cast<double>(k);
        first += law[k] * both;
        second += law[k] * both * both;
      }
      mean += first;
      variance += second - first * first;
    }
    ASSERT_NEAR(moments(strata).mean, mean, 1e-9);
    ASSERT_NEAR(moments(strata).variance, variance, 1e-9);
  }
}

// 4 slots: both right in 2, neither in 1, only the first in 1; then 2 slots, one each.
TEST(OddsSums, OfTheHandWorkedPair) {
  const OddsSums sums = odds_sums(std::vector<Stratum>{{4, 3, 2, 2}, {2, 1, 1, 0}, {0, 0, 0, 0}});
  EXPECT_NEAR(sums.together, 2.0 * 1.0 / 4.0, 1e-15);
  EXPECT_NEAR(sums.apart, 1.0 * 0.0 / 4.0 + 1.0 * 1.0 / 2.0, 1e-15);
  EXPECT_EQ(sums.ratio(), 1.0);
  EXPECT_EQ((OddsSums{3.0, 2.0}).ratio(), 1.5);
  EXPECT_EQ((OddsSums{1.0, 2.0}).ratio(), 1.0);  // agreeing less than chance excuses nobody
}

}  // namespace
}  // namespace candor::defence
