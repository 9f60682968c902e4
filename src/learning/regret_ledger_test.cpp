#include "candor/learning/regret_ledger.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "candor/base/random.h"

namespace candor::learning {
namespace {

using Row = std::vector<double>;
using Crowd = std::vector<WorkerId>;

// Two methods, two workers, three slots; worker 1 misses the second.
//              worker 0   worker 1   method 0   method 1
//   slot 1       .1         .4         .2         .5
//   slot 2       .3          -         .3         .1
//   slot 3       .2         .0         .1         .6
RegretLedger hand_worked() {
  RegretLedger ledger(2);
  ledger.record(Crowd{{0}, {1}}, Row{.1, .4}, Row{.2, .5});
  ledger.record(Crowd{{0}}, Row{.3}, Row{.3, .1});
  ledger.record(Crowd{{1}, {0}}, Row{.0, .2}, Row{.1, .6});
  return ledger;
}

TEST(RegretLedger, MatchesHandWorkedThreeSlots) {
  const RegretLedger ledger = hand_worked();
  EXPECT_NEAR(ledger.regret_to(0, {0}), .6 - .6, 1e-15);
  EXPECT_NEAR(ledger.regret_to(0, {1}), .3 - .4, 1e-15);  // over slots 1 and 3 only
  EXPECT_NEAR(ledger.regret_to(1, {0}), 1.2 - .6, 1e-15);
  EXPECT_NEAR(ledger.regret_to(1, {1}), 1.1 - .4, 1e-15);
  EXPECT_EQ(ledger.workers(), 2U);
  EXPECT_EQ(ledger.slots_of({0}), 3U);
  EXPECT_EQ(ledger.slots_of({1}), 2U);
  EXPECT_EQ(ledger.most_slots(), 3U);
  EXPECT_NEAR(ledger.loss_of({0}), .6, 1e-15);
}

TEST(RegretLedger, FindsTheWorkerAMethodIsFurthestBehind) {
  const RegretLedger ledger = hand_worked();
  EXPECT_EQ(ledger.regret(0, 1)->worker, WorkerId{0});
  EXPECT_NEAR(ledger.regret(0, 1)->regret, 0.0, 1e-15);
  EXPECT_EQ(ledger.regret(1, 1)->worker, WorkerId{1});
  EXPECT_NEAR(ledger.regret(1, 1)->regret, .7, 1e-15);
}

TEST(RegretLedger, LeavesOutWorkersWithTooFewReports) {
  const RegretLedger ledger = hand_worked();
  EXPECT_EQ(ledger.regret(1, 3)->worker, WorkerId{0});
  EXPECT_NEAR(ledger.regret(1, 3)->regret, .6, 1e-15);
  EXPECT_FALSE(ledger.regret(1, 4).has_value());
}

TEST(RegretLedger, KnowsNothingWhenEmpty) {
  const RegretLedger ledger(3);
  EXPECT_EQ(ledger.workers(), 0U);
  EXPECT_EQ(ledger.most_slots(), 0U);
  EXPECT_FALSE(ledger.regret(0, 0).has_value());
}

TEST(RegretLedger, PassesOverIdsThatNeverReported) {
  RegretLedger ledger(1);
  ledger.record(Crowd{{5}}, Row{.5}, Row{.7});
  EXPECT_EQ(ledger.workers(), 6U);
  EXPECT_EQ(ledger.regret(0, 0)->worker, WorkerId{5});
}

TEST(RegretLedger, EqualsASumOverEachWorkersOwnSlots) {
  RandomStream random(1);
  struct Slot {
    Crowd worker;
    Row loss;
    Row method;
  };
  std::vector<Slot> slots(200);
  RegretLedger ledger(3);
  for (Slot& slot : slots) {
    for (std::uint32_t i = 0; i < 10; ++i)
      if (random.bernoulli(.4)) slot.worker.push_back({i});
    slot.loss.resize(slot.worker.size());
    for (double& value : slot.loss) value = random.uniform();
    slot.method = {random.uniform(), random.uniform(), random.uniform()};
    ledger.record(slot.worker, slot.loss, slot.method);
  }
  for (std::size_t method = 0; method < 3; ++method) {
    double worst = -1e9;
    for (std::uint32_t i = 0; i < 10; ++i) {
      double regret = 0.0;
      for (const Slot& slot : slots)
        for (std::size_t j = 0; j < slot.worker.size(); ++j)
          if (slot.worker[j].value == i) regret += slot.method[method] - slot.loss[j];
      EXPECT_NEAR(ledger.regret_to(method, {i}), regret, 1e-12);
      worst = std::max(worst, regret);
    }
    EXPECT_NEAR(ledger.regret(method, 1)->regret, worst, 1e-12);
  }
}

}  // namespace
}  // namespace candor::learning
