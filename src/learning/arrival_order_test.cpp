#include "candor/learning/arrival_order.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "learning/asking_test_tools.h"

namespace candor::learning {
namespace {

TEST(ArrivalOrder, MatchesTheWorkedExample) {
  ArrivalOrder order;
  for (const WorkerId id : workers(0, 3)) order.arrive(id);
  ASSERT_EQ(order.count(), 3U);
  EXPECT_TRUE(order.after(3).empty());
  order.leave(WorkerId{0});
  order.arrive(WorkerId{0});
  order.arrive(WorkerId{3});
  EXPECT_EQ(order.after(3), (Crowd{{3}, {0}}));
  EXPECT_TRUE(order.is_after(WorkerId{0}, 3));
  EXPECT_FALSE(order.is_after(WorkerId{1}, 3));
  order.leave(WorkerId{0});
  EXPECT_EQ(order.after(3), (Crowd{{3}}));
}

TEST(ArrivalOrder, EqualsASearchOfEverybody) {
  RandomStream random(50);
  ArrivalOrder order;
  Row arrival(9, 0.0);  // 0: away
  for (int step = 0; step < 5000; ++step) {
    const WorkerId who{static_cast<std::uint32_t>(random.below(arrival.size()))};
    double& when = arrival[who.index()];
    when > 0.0 ? order.leave(who) : order.arrive(who);
    when = when > 0.0 ? 0.0 : static_cast<double>(order.count());
    const std::uint64_t back = random.below(12);
    const std::uint64_t moment = order.count() - std::min(order.count(), back);
    Crowd expected;
    for (const WorkerId id : workers(0, arrival.size()))
      if (arrival[id.index()] > static_cast<double>(moment)) expected.push_back(id);
    Crowd found = order.after(moment);
    const auto later = [&](WorkerId a, WorkerId b) {
      return arrival[a.index()] > arrival[b.index()];
    };
    ASSERT_TRUE(std::is_sorted(found.begin(), found.end(), later));
    std::sort(found.begin(), found.end());
    ASSERT_EQ(found, expected);
  }
}

}  // namespace
}  // namespace candor::learning
