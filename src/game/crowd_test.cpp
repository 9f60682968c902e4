#include "candor/game/crowd.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace candor::game {
namespace {

struct Slots {
  std::vector<std::vector<double>> report;
  std::vector<double> outcome;
};

Slots played(const Scenario& scenario, std::uint64_t seed, std::size_t slots) {
  auto crowd = Crowd::create(scenario, seed);
  Slots result;
  EXPECT_TRUE(crowd.ok()) << crowd.error().message();
  for (std::size_t s = 0; crowd.ok() && s < slots; ++s) {
    const CrowdSlot& slot = crowd->next();
    result.outcome.push_back(slot.outcome);
    result.report.push_back(slot.report);
  }
  return result;
}

Scenario of(std::vector<WorkerType> workers, double base_rate = 0.5) {
  return {"test", "", base_rate, std::move(workers)};
}

TEST(Crowd, IsAFunctionOfItsSeed) {
  for (const Scenario& scenario : standard_scenarios()) {
    const Slots one = played(scenario, 7, 50);
    const Slots two = played(scenario, 7, 50);
    EXPECT_EQ(one.report, two.report) << scenario.name;
    EXPECT_EQ(one.outcome, two.outcome) << scenario.name;
  }
  const Scenario honest = standard_scenarios().back();
  EXPECT_NE(played(honest, 7, 50).report, played(honest, 8, 50).report);
}

TEST(Crowd, ReportsAsItsStrategiesSay) {
  const double accuracy = 0.75;
  const Scenario scenario = of({{accuracy, {"truthful"}},
                                {accuracy, {"exaggerating"}},
                                {accuracy, {"lying"}},
                                {accuracy, {"constant", "0.3"}}});
  const Slots slots = played(scenario, 1, 400);
  for (const auto& report : slots.report) {
    EXPECT_TRUE(report[0] == 0.75 || report[0] == 0.25);
    EXPECT_TRUE(report[1] == 1.0 || report[1] == 0.0);
    EXPECT_TRUE(report[2] == 1.0 || report[2] == 0.0);
    EXPECT_EQ(report[3], 0.3);
  }
}

TEST(Crowd, IsRightAsOftenAsItsAccuracySaysAndAIsAsOftenAsItsBaseRate) {
  const Scenario scenario =
      of({{0.9, {"truthful"}}, {0.9, {"exaggerating"}}, {0.9, {"lying"}}}, 0.3);
  const std::size_t n = 20'000;
  const Slots slots = played(scenario, 1, n);
  double outcome_a = 0;
  std::vector<double> right(3, 0.0);
  for (std::size_t s = 0; s < n; ++s) {
    outcome_a += slots.outcome[s];
    for (std::size_t i = 0; i < 3; ++i)
      right[i] += (slots.report[s][i] > 0.5) == (slots.outcome[s] == 1.0) ? 1.0 : 0.0;
  }
  // Four standard errors.
  EXPECT_NEAR(outcome_a / n, .3, .013);
  EXPECT_NEAR(right[0] / n, .9, .009);
  EXPECT_NEAR(right[1] / n, .9, .009);
  EXPECT_NEAR(right[2] / n, .1, .009);
}

TEST(Crowd, LetsWorkersOfAGroupCopyOneAnother) {
  const WorkerType first{.accuracy = 0.5, .strategy = {"exaggerating"}, .group = 0};
  WorkerType other = first;
  other.group = 1;
  const Slots slots = played(of({first, first, other, other}), 2, 300);
  int differ = 0;
  for (const auto& report : slots.report) {
    EXPECT_EQ(report[0], report[1]);
    EXPECT_EQ(report[2], report[3]);
    differ += report[0] != report[2] ? 1 : 0;
  }
  EXPECT_GT(differ, 100);  // groups are independent of each other
}

TEST(Crowd, TossesAFreshCoinForEverySlot) {
  const Slots slots = played(standard_scenarios()[1], 3, 200);  // copied-coin
  double heads = 0;
  for (const auto& report : slots.report) heads += report[1];
  EXPECT_GT(heads, 60);
  EXPECT_LT(heads, 140);
}

TEST(StandardScenarios, AreTheOnesOfTheCentralClaim) {
  std::vector<std::string> names;
  for (const Scenario& scenario : standard_scenarios()) names.push_back(scenario.name);
  EXPECT_EQ(names, (std::vector<std::string>{"fixed-forecasts", "copied-coin", "two-liars",
                                             "strategic-crowd", "honest-crowd"}));
  EXPECT_EQ(played(standard_scenarios()[0], 1, 1).report[0], (std::vector<double>{1, .2, .2}));
}

TEST(RandomCrowd, DrawsAccuraciesFromItsRangeAndLetsTheLastOnesLie) {
  const auto scenario = random_crowd(6, 0.6, 0.8, 2);
  ASSERT_TRUE(scenario.ok()) << scenario.error().message();
  ASSERT_EQ(scenario->workers.size(), 6U);
  for (std::size_t i = 0; i < 6; ++i)
    EXPECT_EQ(scenario->workers[i].strategy.name, i < 4 ? "truthful" : "always-wrong");
  const Slots slots = played(*scenario, 5, 20);
  for (const auto& report : slots.report)
    for (std::size_t i = 0; i < 4; ++i) {
      const double accuracy = std::max(report[i], 1.0 - report[i]);
      EXPECT_GE(accuracy, 0.6);
      EXPECT_LE(accuracy, 0.8);
    }
}

void expect_refused(const Result<Scenario>& scenario, std::string_view piece) {
  ASSERT_FALSE(scenario.ok());
  EXPECT_EQ(scenario.error().code, ErrorCode::out_of_range);
  EXPECT_NE(scenario.error().message().find(piece), std::string::npos)
      << scenario.error().message();
}

TEST(RandomCrowd, RefusesNobodyTooManyLiarsAndImpossibleAccuracies) {
  expect_refused(random_crowd(0, .5, .9, 0), "at least one worker");
  expect_refused(random_crowd(3, .5, .9, 4), "4 liars among 3 workers");
  expect_refused(random_crowd(3, .9, .5, 0), "0.9:0.5");
  expect_refused(random_crowd(3, -.1, .5, 0), "--accuracy");
  expect_refused(random_crowd(3, .5, 1.1, 0), "--accuracy");
  expect_refused(random_crowd(3, std::numeric_limits<double>::quiet_NaN(), .9, 0), "nan");
  EXPECT_TRUE(random_crowd(3, 0, 1, 3).ok());
}

}  // namespace
}  // namespace candor::game
