#include "candor/learning/follow_the_best.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace candor::learning {
namespace {

using Row = std::vector<double>;
using Crowd = std::vector<WorkerId>;

const Crowd both{{0}, {1}};

Row play(FollowTheBest& rule, const Crowd& worker, const Row& loss) {
  Row share(worker.size());
  rule.wager(worker, share);
  rule.settle(worker, share, loss);
  return share;
}

TEST(FollowTheBest, GivesAllWeightToTheLowestMeanLoss) {
  FollowTheBest rule;
  rule.admit(both, 1.0);
  EXPECT_EQ(play(rule, both, {.2, .1}), (Row{.5, .5}));  // a tie at first
  EXPECT_EQ(play(rule, both, {.2, .4}), (Row{0, 1}));    // .225 against .175
  EXPECT_EQ(play(rule, both, {.2, .4}), (Row{1, 0}));    // .2167 against .25
  EXPECT_EQ(rule.weights(), (Row{1, 0}));
}

TEST(FollowTheBest, ComparesMeansNotTotals) {
  FollowTheBest rule;
  rule.admit(Crowd{{0}, {1}, {2}}, 1.0);
  for (int slot = 0; slot < 50; ++slot) play(rule, {{0}, {2}}, {.1, 1});
  play(rule, {{1}, {2}}, {.9, 1});  // one slot: mean (.25 + .9) / 2
  Row share(2);
  rule.share(both, share);
  EXPECT_EQ(share, (Row{1, 0}));
}

TEST(FollowTheBest, LeavesTheRestOutWhenTheyDoNotAnswer) {
  FollowTheBest rule;
  rule.admit(Crowd{{0}, {1}, {2}}, 1.0);
  play(rule, {{0}, {1}, {2}}, {0, .5, .5});
  Row share(2);
  rule.share(Crowd{{2}, {1}}, share);
  EXPECT_EQ(share, (Row{.5, .5}));
  rule.share(Crowd{{9}, {8}}, share);  // nobody is known: equal parts
  EXPECT_EQ(share, (Row{.5, .5}));
}

TEST(FollowTheBest, ANewcomerStartsFromTheLossOfTheReportOneHalf) {
  FollowTheBest rule;
  rule.admit(both, 1.0);
  play(rule, both, {.24, .26});
  rule.admit(Crowd{{2}}, .05);
  Row share(2);
  rule.share(Crowd{{0}, {2}}, share);
  EXPECT_EQ(share, (Row{1, 0}));
  rule.share(Crowd{{1}, {2}}, share);
  EXPECT_EQ(share, (Row{0, 1}));
}

// Losses (1/2, 0), then (0, 1), (1, 0), (0, 1) ...: whoever leads is wrong next, every time.
TEST(FollowTheBest, HasLinearRegretOnAlternatingLosses) {
  for (const int slots : {100, 1000}) {
    FollowTheBest rule;
    rule.admit(both, 1.0);
    Row total(2, 0.0);
    double followed = 0.0;
    for (int slot = 0; slot < slots; ++slot) {
      const Row loss = slot == 0 ? Row{.5, 0} : Row{slot % 2 == 0 ? 1.0 : 0.0, slot % 2 * 1.0};
      const Row share = play(rule, both, loss);
      for (std::size_t i = 0; i < 2; ++i) {
        followed += share[i] * loss[i];
        total[i] += loss[i];
      }
    }
    EXPECT_NEAR(followed - std::min(total[0], total[1]), slots / 2.0, 1.0) << slots;
  }
}

TEST(FollowTheBest, ClaimsNoBound) {
  FollowTheBest rule;
  rule.admit(both, 1.0);
  EXPECT_FALSE(rule.regret_bound({0}, 100).has_value());
}

}  // namespace
}  // namespace candor::learning
