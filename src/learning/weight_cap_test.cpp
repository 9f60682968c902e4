#include "candor/learning/weight_cap.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "candor/base/random.h"
#include "candor/learning/m_set.h"
#include "candor/learning/weighted_score_update.h"

namespace candor::learning {
namespace {

using Row = std::vector<double>;

double total(const Row& row) {
  return std::accumulate(row.begin(), row.end(), 0.0);
}

TEST(CapShares, MatchesTheHandWorkedShares) {
  Row share{.7, .2, .1};
  ASSERT_TRUE(cap_shares(share, .5).ok());
  EXPECT_NEAR(share[0], .5, 1e-15);
  EXPECT_NEAR(share[1], 1.0 / 3, 1e-15);
  EXPECT_NEAR(share[2], 1.0 / 6, 1e-15);
}

TEST(CapShares, RaisesTheOthersUntilTheyReachTheCapThemselves) {
  Row share{.7, .29, .01};
  ASSERT_TRUE(cap_shares(share, .4).ok());
  EXPECT_NEAR(share[0], .4, 1e-15);
  EXPECT_NEAR(share[1], .4, 1e-15);
  EXPECT_NEAR(share[2], .2, 1e-15);
}

TEST(CapShares, GivesEqualPartsToThoseWithoutAnyShare) {
  Row share{1, 0, 0};
  ASSERT_TRUE(cap_shares(share, .5).ok());
  EXPECT_EQ(share, (Row{.5, .25, .25}));
  ASSERT_TRUE(cap_shares(share, 1.0 / 3).ok());
  for (const double value : share) EXPECT_NEAR(value, 1.0 / 3, 1e-15);
}

TEST(CapShares, LeavesSharesBelowTheCapAlone) {
  const Row before{.3, .3, .4};
  Row share = before;
  ASSERT_TRUE(cap_shares(share, .4).ok());
  EXPECT_EQ(share, before);
}

// min(cap, t share), with t found by bisection.
Row filled_by_bisection(const Row& share, double cap) {
  double low = 1.0;
  double high = 1e12;
  Row filled(share.size());
  for (int step = 0; step < 200; ++step) {
    const double t = std::sqrt(low * high);
    for (std::size_t i = 0; i < share.size(); ++i) filled[i] = std::min(cap, t * share[i]);
    (total(filled) < 1.0 ? low : high) = t;
  }
  return filled;
}

TEST(CapShares, IsWaterFilling) {
  RandomStream random(1);
  for (int trial = 0; trial < 500; ++trial) {
    const std::size_t n = 1 + random.below(12);
    Row share(n);
    for (double& value : share) value = std::pow(random.uniform(), 6) + 1e-9;
    const double all = total(share);
    for (double& value : share) value /= all;
    const double fair = 1.0 / static_cast<double>(n);
    const double cap = fair + (1.0 - fair) * random.uniform();
    const Row expected = filled_by_bisection(share, cap);
    ASSERT_TRUE(cap_shares(share, cap).ok());
    EXPECT_NEAR(total(share), 1.0, 1e-12);
    for (std::size_t i = 0; i < n; ++i) {
      EXPECT_LE(share[i], cap);
      EXPECT_NEAR(share[i], expected[i], 1e-9);
    }
  }
}

TEST(CapShares, RefusesACapThatNobodyCanKeep) {
  Row share{.5, .3, .2};
  const Row before = share;
  for (const double cap : {0.0, .3, 1.1, -1.0, std::nan("")})
    EXPECT_FALSE(cap_shares(share, cap).ok()) << cap;
  EXPECT_EQ(share, before);
  EXPECT_NE(cap_shares(share, .3).error().message().find("n = 3"), std::string::npos);
}

using Update = Row (*)(const Row& weight, const Row& loss);

Row clipped_after_the_update(const Row& weight, const Row& loss) {
  Row after = weight;
  EXPECT_TRUE(weighted_score_update(after, loss, .5).ok());
  EXPECT_TRUE(cap_shares(after, .5).ok());
  return after;
}

Row capped_inside_the_update(const Row& weight, const Row& loss) {
  auto rule = std::move(MSet::create({.chosen = 2, .step_size = .5})).value();
  const std::vector<WorkerId> crowd{{0}, {1}, {2}};
  for (std::size_t i = 0; i < 3; ++i) {
    const double reached =
        std::accumulate(weight.begin(), weight.begin() + 1 + static_cast<int>(i), 0.0);
    rule->admit(std::span(crowd).subspan(i, 1), weight[i] / reached);
  }
  Row wager(3);
  rule->wager(crowd, wager);
  rule->settle(crowd, wager, loss);
  return rule->weights();
}

// The first worker's expected next weight for a report; the others report `others`.
double expected_weight(Update update, const Row& weight, double belief, double report,
                       double others) {
  double expected = 0.0;
  for (const double y : {0.0, 1.0}) {
    const auto loss = [y](double r) { return (r - y) * (r - y); };
    const Row after = update(weight, {loss(report), loss(others), loss(others)});
    expected += (y == 1.0 ? belief : 1.0 - belief) * after[0];
  }
  return expected;
}

// At the cap wins are cut off and losses are not: copying the others is safer than the truth.
TEST(WeightCap, ClippingAfterTheUpdateBreaksTruthfulness) {
  const Row weight{.5, .25, .25};
  const double honest = expected_weight(clipped_after_the_update, weight, .6, .6, .5);
  const double copied = expected_weight(clipped_after_the_update, weight, .6, .5, .5);
  EXPECT_NEAR(copied - honest, .4 * .5 * .5 * .5 * (.36 - .25), 1e-15);  // .0055
  EXPECT_NEAR(copied - honest, .0055, 1e-12);
}

TEST(WeightCap, TheCapInsideTheUpdateDoesNot) {
  for (const double first : {.5, .49, .4}) {
    const Row weight{first, (1 - first) / 2, (1 - first) / 2};
    const double honest = expected_weight(capped_inside_the_update, weight, .6, .6, .5);
    for (int k = 0; k <= 20; ++k)
      EXPECT_LE(expected_weight(capped_inside_the_update, weight, .6, k / 20.0, .5),
                honest + 1e-16);
    if (first < .5) {
      EXPECT_LT(expected_weight(capped_inside_the_update, weight, .6, .5, .5), honest - 1e-6);
    }
  }
}

}  // namespace
}  // namespace candor::learning
