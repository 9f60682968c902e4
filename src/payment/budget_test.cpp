#include "candor/payment/budget.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "candor/base/random.h"

namespace candor::payment {
namespace {

using Row = std::vector<double>;

std::int64_t total(const std::vector<std::int64_t>& part) {
  return std::accumulate(part.begin(), part.end(), std::int64_t{0});
}

TEST(DivideBudget, MatchesHandWorkedShares) {
  EXPECT_EQ(divide_budget(10, Row{.5, .25, .25}), (std::vector<std::int64_t>{5, 3, 2}));
  EXPECT_EQ(divide_budget(7, Row{2, 1}), (std::vector<std::int64_t>{5, 2}));  // 4.67, 2.33
  EXPECT_EQ(divide_budget(2, Row{1, 1, 1}), (std::vector<std::int64_t>{1, 1, 0}));
  EXPECT_EQ(divide_budget(0, Row{.3, .7}), (std::vector<std::int64_t>{0, 0}));
  EXPECT_EQ(divide_budget(5, Row{0, 1, 0}), (std::vector<std::int64_t>{0, 5, 0}));
}

TEST(DivideBudget, GivesAwayExactlyTheBudgetAndNobodyLessThanNothing) {
  RandomStream random(5);
  constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
  for (const std::int64_t budget : {std::int64_t{0}, std::int64_t{1}, std::int64_t{999'999},
                                    (std::int64_t{1} << 53) + 1, most - 1, most}) {
    for (int trial = 0; trial < 200; ++trial) {
      Row share(1 + random.below(30));
      for (double& value : share) value = random.bernoulli(.2) ? 0.0 : random.uniform();
      share[random.below(share.size())] += trial % 5 == 0 ? 1e12 : .01;
      const std::vector<std::int64_t> part = divide_budget(budget, share);
      ASSERT_EQ(total(part), budget);
      ASSERT_GE(*std::min_element(part.begin(), part.end()), 0);
    }
  }
}

TEST(DivideBudget, IsWithinOneUnitOfTheExactPartAndNeverPaysMoreForLess) {
  RandomStream random(6);
  for (int trial = 0; trial < 500; ++trial) {
    Row share(2 + random.below(20));
    for (double& value : share) value = random.uniform();
    const double sum = std::accumulate(share.begin(), share.end(), 0.0);
    const std::vector<std::int64_t> part = divide_budget(1000, share);
    for (std::size_t i = 0; i < share.size(); ++i) {
      ASSERT_LT(std::fabs(static_cast<double>(part[i]) - 1000 * share[i] / sum), 1.0);
      for (std::size_t j = 0; j < share.size(); ++j)
        ASSERT_TRUE(share[i] <= share[j] || part[i] >= part[j]);
    }
  }
}

TEST(PayOut, MatchesHandWorkedParts) {
  const Payout floors = pay_out(10, Row{.25, .36}, false);
  EXPECT_EQ(floors.paid, (std::vector<std::int64_t>{2, 3}));
  EXPECT_EQ(floors.unspent, 5);
  const Payout all = pay_out(10, Row{.5, .25, .25}, true);
  EXPECT_EQ(all.paid, (std::vector<std::int64_t>{5, 3, 2}));
  EXPECT_EQ(all.unspent, 0);
}

TEST(PayOut, LeavesFractionsOfAUnitToTheCampaign) {
  const Payout payout = pay_out(10, Row{1.0 / 3, 1.0 / 3, 1.0 / 3}, false);
  EXPECT_EQ(payout.paid, (std::vector<std::int64_t>{3, 3, 3}));
  EXPECT_EQ(payout.unspent, 1);
}

TEST(PayOut, PaysNobodyMoreWhenThePartsOfARuleThatPaysAllFallShort) {
  const Payout payout = pay_out(1000, Row{.6, .3}, true);
  EXPECT_EQ(payout.paid, (std::vector<std::int64_t>{600, 300}));
  EXPECT_EQ(payout.unspent, 100);
}

TEST(PayOut, StaysWithinTheGreatestBudgets) {
  constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
  for (const std::int64_t budget : {most, most - 1, (std::int64_t{1} << 53) + 1}) {
    for (const std::size_t n : {1U, 3U, 10U, 49U}) {
      for (const bool pays_all : {false, true}) {
        const Row part(n, 1.0 / static_cast<double>(n));
        const Payout payout = pay_out(budget, part, pays_all);
        ASSERT_GE(payout.unspent, 0);
        ASSERT_EQ(total(payout.paid) + payout.unspent, budget);
        ASSERT_GE(*std::min_element(payout.paid.begin(), payout.paid.end()), 0);
      }
    }
  }
}

}  // namespace
}  // namespace candor::payment
