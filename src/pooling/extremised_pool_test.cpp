#include "candor/pooling/extremised_pool.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "candor/base/random.h"
#include "candor/pooling/simple_pools.h"
#include "candor/scoring/loss_rule.h"

namespace candor::pooling {
namespace {

using Row = std::vector<double>;

// n workers with equal shares, by P(A).
struct Slot {
  std::vector<WorkerId> worker;
  Row report;
  Row share;

  explicit Slot(const Row& p) : share(p.size(), 1.0 / static_cast<double>(p.size())) {
    for (std::size_t j = 0; j < p.size(); ++j) {
      worker.push_back({static_cast<std::uint32_t>(j)});
      report.insert(report.end(), {p[j], 1 - p[j]});
    }
  }
  [[nodiscard]] SlotView view() const { return {2, worker, report, share}; }
};

double logit(double p) {
  return std::log(p / (1 - p));
}

// A worker who is right seven times in ten and says so.
Row reports_of_informed_workers(RandomStream& random, std::size_t n, bool first) {
  Row p(n);
  for (double& value : p) value = random.bernoulli(.7) == first ? .7 : .3;
  return p;
}

double slope_learned(ExtremisedPool& pool) {
  Row label(2);
  pool.pool(Slot(Row{.6}).view(), label);
  return logit(label[0]) / logit(.6);
}

TEST(ExtremisedPool, SharpensWhereWorkersAreIndependent) {
  RandomStream random(1);
  ExtremisedPool pool;
  for (int slot = 0; slot < 500; ++slot) {
    const bool first = random.bernoulli(.5);
    const Slot now(reports_of_informed_workers(random, 9, first));
    Row label(2);
    pool.pool(now.view(), label);
    pool.learn(now.view(), label, first ? Row{1, 0} : Row{0, 1});
  }
  EXPECT_GT(slope_learned(pool), 4.0);
}

TEST(ExtremisedPool, SoftensWhereWorkersOverstate) {
  RandomStream random(2);
  ExtremisedPool pool;
  for (int slot = 0; slot < 500; ++slot) {
    const bool first = random.bernoulli(.5);
    const double say = random.bernoulli(.6) == first ? .95 : .05;  // right six times in ten
    const Slot now(Row{say, say});
    Row label(2);
    pool.pool(now.view(), label);
    pool.learn(now.view(), label, first ? Row{1, 0} : Row{0, 1});
  }
  EXPECT_LT(slope_learned(pool), .6);
}

TEST(ExtremisedPool, IsNeverFarBehindTheLinearPool) {
  for (const bool hostile : {false, true}) {
    RandomStream random(3);
    ExtremisedPool pool;
    double behind = 0.0;
    for (int slot = 0; slot < 1000; ++slot) {
      Row p(4);
      for (double& value : p) value = random.bernoulli(.1) ? 1.0 : random.uniform();
      const Slot now(p);
      Row label(2);
      Row linear(2);
      pool.pool(now.view(), label);
      linear_pool(now.view(), linear);
      const bool first = hostile ? label[0] < linear[0] : random.bernoulli(linear[0]);
      const Row outcome = first ? Row{1, 0} : Row{0, 1};
      pool.learn(now.view(), label, outcome);
      behind += scoring::quadratic_loss(label, outcome) - scoring::quadratic_loss(linear, outcome);
      ASSERT_LE(behind, mixing_cost(ExtremisedPool::slopes.size()) + 1e-9);
    }
  }
}

TEST(ExtremisedPool, TakesCertainReportsOverThreeAnswers) {
  ExtremisedPool pool;
  const std::vector<WorkerId> worker{{0}, {1}};
  const Row report{1, 0, 0, 1, 0, 0};
  const Row share{.5, .5};
  const SlotView slot{3, worker, report, share};
  Row label(3);
  pool.pool(slot, label);
  EXPECT_NEAR(label[0], 1.0, 1e-5);
  pool.learn(slot, label, Row{0, 1, 0});
  pool.pool(slot, label);
  EXPECT_TRUE(std::isfinite(label[0]) && label[1] >= 0.0);
  EXPECT_EQ(pool.names(), std::vector<std::string>{"extremised"});
}

TEST(ExtremisedPool, GridHoldsTheLinearPoolItself) {
  for (std::size_t s = 1; s < ExtremisedPool::slopes.size(); ++s)
    EXPECT_NEAR(ExtremisedPool::slopes[s] / ExtremisedPool::slopes[s - 1], std::sqrt(2.0), 1e-15);
  EXPECT_EQ(ExtremisedPool::slopes[2], 1.0);
}

}  // namespace
}  // namespace candor::pooling
