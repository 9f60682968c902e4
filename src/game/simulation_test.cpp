#include "candor/game/simulation.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

namespace candor::game {
namespace {

Scenario standard(std::string_view name) {
  for (const Scenario& scenario : standard_scenarios())
    if (scenario.name == name) return scenario;
  ADD_FAILURE() << "no scenario " << name;
  return {};
}

SimulatedScenario simulated(const Scenario& scenario, std::uint64_t slots, std::uint64_t seeds) {
  SimulationOptions options;
  options.scenarios = {scenario};
  options.slots = slots;
  options.seeds = seeds;
  const auto result = simulate(options);
  EXPECT_TRUE(result.ok()) << result.error().message();
  return result.ok() ? result->scenarios[0] : SimulatedScenario{};
}

SimulatedMethod method_of(const SimulatedScenario& scenario, const std::string& name) {
  for (const SimulatedMethod& method : scenario.methods)
    if (method.name == name) return method;
  ADD_FAILURE() << "no method " << name;
  return {};
}

TEST(LogLogSlope, IsOneHalfForTheWorkedExample) {
  const std::array<double, 3> x{1, 4, 16};
  EXPECT_NEAR(*log_log_slope(x, std::array<double, 3>{3, 6, 12}), .5, 1e-14);
  EXPECT_NEAR(*log_log_slope(x, std::array<double, 3>{5, 20, 80}), 1.0, 1e-14);
  EXPECT_NEAR(*log_log_slope(x, std::array<double, 3>{5, 5, 5}), 0.0, 1e-14);
}

TEST(LogLogSlope, IsThatOfTheLeastSquaresLine) {
  // In base 2: (0,0) (1,2) (2,1): slope 1/2.
  EXPECT_NEAR(*log_log_slope(std::array<double, 3>{1, 2, 4}, std::array<double, 3>{1, 4, 2}), .5,
              1e-14);
}

TEST(LogLogSlope, DoesNotExistForOnePointOrWithoutGrowth) {
  EXPECT_FALSE(log_log_slope(std::array<double, 1>{4}, std::array<double, 1>{2}));
  EXPECT_FALSE(log_log_slope(std::array<double, 2>{1, 4}, std::array<double, 2>{0, 2}));
  EXPECT_FALSE(log_log_slope(std::array<double, 2>{1, 4}, std::array<double, 2>{1, -2}));
}

// A is always right; reports 1, .2, .2: the average is 7/15, the median .2, the best worker exact.
TEST(Simulation, GivesTheExactRegretOfAverageAndMedianForFixedForecasts) {
  const SimulatedScenario result = simulated(standard("fixed-forecasts"), 1024, 2);
  EXPECT_EQ(result.horizons, (std::vector<double>{16, 32, 64, 128, 256, 512, 1024}));
  const SimulatedMethod average = method_of(result, "average");
  const SimulatedMethod median = method_of(result, "median");
  for (std::size_t h = 0; h < result.horizons.size(); ++h) {
    EXPECT_NEAR(average.regret[h], 64.0 / 225 * result.horizons[h], 1e-9);
    EXPECT_NEAR(median.regret[h], .64 * result.horizons[h], 1e-9);
    EXPECT_EQ(average.regret_se[h], 0.0);
  }
  EXPECT_NEAR(*average.slope, 1.0, 1e-9);
  EXPECT_NEAR(average.brier, 64.0 / 225, 1e-12);
  EXPECT_EQ(median.accuracy, 0.0);
}

// Regret that grows with T for the usual ways of pooling, with its square root for this rule.
TEST(Simulation, ReproducesTheCentralClaim) {
  for (const char* name : {"fixed-forecasts", "copied-coin", "two-liars", "strategic-crowd"}) {
    const SimulatedScenario result = simulated(standard(name), 2048, 3);
    for (const char* method : {"average", "median", "dawid-skene-online"})
      EXPECT_GE(method_of(result, method).slope.value_or(0.0), .9) << name << ", " << method;
    for (const char* method : {"weighted-score", "hedged"})
      EXPECT_LE(method_of(result, method).slope.value_or(0.0), .6) << name << ", " << method;
  }
}

TEST(Simulation, KeepsEveryRegretWithinItsBound) {
  for (const Scenario& scenario : standard_scenarios()) {
    const SimulatedScenario result = simulated(scenario, 512, 3);
    int bounded = 0;
    for (const SimulatedMethod& method : result.methods) {
      for (std::size_t h = 0; h < result.horizons.size(); ++h) {
        if (!method.bound[h]) continue;
        ++bounded;
        EXPECT_LE(method.regret[h], *method.bound[h]) << scenario.name << ", " << method.name;
      }
    }
    EXPECT_GE(bounded, 14) << scenario.name;
  }
}

// A liar's report is the opposite of its belief: it must lose weight against an honest crowd.
TEST(Simulation, LetsTheRuleBeatTheAverageInACrowdOfLiars) {
  const SimulatedScenario result = simulated(standard("strategic-crowd"), 2048, 3);
  EXPECT_LT(method_of(result, "weighted-score").brier, method_of(result, "average").brier - .1);
  EXPECT_LT(method_of(result, "hedged").brier, method_of(result, "weighted-score").brier);
  EXPECT_LT(method_of(result, "majority").accuracy, .5);
  EXPECT_GT(method_of(result, "hedged").accuracy, .9);
}

TEST(Simulation, GivesTheSameBitsForAnyNumberOfThreads) {
  SimulationOptions options;
  options.scenarios = {standard("copied-coin"), standard("honest-crowd")};
  options.slots = 128;
  options.seeds = 5;
  options.threads = 1;
  const auto one = simulate(options);
  ASSERT_TRUE(one.ok());
  for (const std::size_t threads : {2U, 3U, 8U}) {
    options.threads = threads;
    const auto many = simulate(options);
    ASSERT_TRUE(many.ok());
    EXPECT_EQ(to_json(*many).dump(), to_json(*one).dump()) << threads << " threads";
    for (std::size_t s = 0; s < 2; ++s)
      for (std::size_t m = 0; m < one->scenarios[s].methods.size(); ++m)
        EXPECT_EQ(many->scenarios[s].methods[m].regret, one->scenarios[s].methods[m].regret);
  }
}

// Campaign h of seed s does not depend on which other scenarios or horizons are simulated.
TEST(Simulation, PlaysTheSameCampaignWhateverElseIsSimulated) {
  const SimulatedScenario alone = simulated(standard("two-liars"), 128, 2);
  SimulationOptions options;
  options.scenarios = standard_scenarios();
  options.slots = 256;
  options.seeds = 2;
  const auto all = simulate(options);
  ASSERT_TRUE(all.ok());
  const SimulatedScenario& among = all->scenarios[2];
  ASSERT_EQ(among.horizons[among.horizons.size() - 2], 128);
  for (std::size_t m = 0; m < alone.methods.size(); ++m)
    EXPECT_EQ(alone.methods[m].regret.back(), among.methods[m].regret[among.horizons.size() - 2]);
}

TEST(Simulation, ReportsTheMeanAndStandardErrorOverSeeds) {
  SimulationOptions options;
  options.scenarios = {standard("two-liars")};
  options.slots = 64;
  std::vector<double> regret;
  for (std::uint64_t seed = 11; seed <= 13; ++seed) {
    options.first_seed = seed;
    options.seeds = 1;
    const auto one = simulate(options);
    ASSERT_TRUE(one.ok());
    regret.push_back(method_of(one->scenarios[0], "average").regret.back());
    EXPECT_EQ(method_of(one->scenarios[0], "average").regret_se.back(), 0.0);
  }
  options.first_seed = 11;
  options.seeds = 3;
  const auto three = simulate(options);
  ASSERT_TRUE(three.ok());
  const SimulatedMethod average = method_of(three->scenarios[0], "average");
  const double mean = (regret[0] + regret[1] + regret[2]) / 3;
  double squares = 0.0;
  for (const double value : regret) squares += (value - mean) * (value - mean);
  EXPECT_NEAR(average.regret.back(), mean, 1e-12);
  EXPECT_NEAR(average.regret_se.back(), std::sqrt(squares / 2 / 3), 1e-12);
}

TEST(Simulation, RunsWithAnUnknownHorizonToo) {
  SimulationOptions options;
  options.scenarios = {standard("copied-coin")};
  options.slots = 1024;
  options.seeds = 2;
  options.spec.weighted_score.doubling = true;
  const auto result = simulate(options);
  ASSERT_TRUE(result.ok());
  const SimulatedMethod rule = method_of(result->scenarios[0], "weighted-score");
  EXPECT_LE(rule.slope.value_or(0.0), .6);
  EXPECT_LE(rule.regret.back(), *rule.bound.back());
}

TEST(Simulation, RefusesTooFewSlotsNoSeedsAndImpossibleMechanisms) {
  SimulationOptions options;
  options.scenarios = {standard("copied-coin")};
  options.slots = 15;
  EXPECT_NE(simulate(options).error().message().find("--slots"), std::string::npos);
  options.slots = 16;
  options.seeds = 0;
  EXPECT_NE(simulate(options).error().message().find("--seeds"), std::string::npos);
  options.seeds = 2;
  options.spec.label = "mean";
  EXPECT_EQ(simulate(options).error().code, ErrorCode::invalid_argument);
  options.spec.label = "hedged";
  EXPECT_TRUE(simulate(options).ok());
}

TEST(SimulationJson, HoldsEveryScenarioWithItsCurves) {
  SimulationOptions options;
  options.scenarios = standard_scenarios();
  options.slots = 32;
  options.seeds = 2;
  const auto result = simulate(options);
  ASSERT_TRUE(result.ok());
  const nlohmann::json json = report_json(*result, "candor simulate", "weighted-score x hedged");
  EXPECT_EQ(json["command"], "candor simulate");
  EXPECT_EQ(json["seeds"], 2);
  ASSERT_EQ(json["scenarios"].size(), 5U);
  const auto& first = json["scenarios"][0];
  EXPECT_EQ(first["name"], "fixed-forecasts");
  EXPECT_EQ(first["workers"], 3);
  EXPECT_EQ(first["regret_curves"]["t"], (std::vector<double>{16, 32}));
  for (const auto& series : first["regret_curves"]["series"]) {
    EXPECT_EQ(series["regret"].size(), 2U);
    EXPECT_LE(series["low"][1], series["regret"][1]);
    EXPECT_GE(series["high"][1], series["regret"][1]);
  }
}

}  // namespace
}  // namespace candor::game
