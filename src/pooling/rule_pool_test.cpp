#include "candor/pooling/rule_pool.h"

#include <gtest/gtest.h>

#include <cmath>
#include <memory>
#include <vector>

#include "candor/learning/exponential_weights.h"

namespace candor::pooling {
namespace {

using Row = std::vector<double>;

const std::vector<WorkerId> both{{0}, {1}};

std::unique_ptr<RulePool> exponential_pool() {
  auto pool = std::make_unique<RulePool>(
      std::move(learning::ExponentialWeights::create(std::log(16.0))).value());
  pool->admit(both, 1.0);
  return pool;
}

Row label_of(RulePool& pool, const Row& report, const Row& share) {
  Row label(2);
  pool.pool({2, both, report, share}, label);
  return label;
}

TEST(RulePool, MatchesHandWorkedSlot) {
  const auto owner = exponential_pool();
  RulePool& pool = *owner;
  const Row report{1, 0, .5, .5};
  const Row share{.5, .5};
  EXPECT_NEAR(label_of(pool, report, share)[0], .75, 1e-15);
  pool.learn({2, both, report, share}, Row{.75, .25}, Row{1, 0});  // losses 0 and 1/4: factor 1/2
  EXPECT_NEAR(pool.rule().weights()[0], 2.0 / 3.0, 1e-15);
  EXPECT_NEAR(label_of(pool, report, share)[0], 2.0 / 3.0 + .5 / 3.0, 1e-15);
}

TEST(RulePool, DoesNotUseTheMechanismsShares) {
  const auto owner = exponential_pool();
  RulePool& pool = *owner;
  const Row report{1, 0, 0, 1};
  EXPECT_EQ(label_of(pool, report, {.9, .1}), label_of(pool, report, {.1, .9}));
}

TEST(RulePool, IsNamedAfterItsRuleAndPassesNewcomersOn) {
  const auto owner = exponential_pool();
  RulePool& pool = *owner;
  EXPECT_EQ(pool.names(), std::vector<std::string>{"exponential"});
  pool.admit(std::vector<WorkerId>{{2}}, .1);
  EXPECT_NEAR(pool.rule().weights()[2], .1, 1e-15);
}

}  // namespace
}  // namespace candor::pooling
