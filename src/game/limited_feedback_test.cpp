#include "candor/game/limited_feedback.h"

#include <gtest/gtest.h>

namespace candor::game {
namespace {

LimitedFeedbackOptions small() {
  LimitedFeedbackOptions options;
  options.slots = 4096;
  options.seeds = 4;
  options.threads = 1;
  return options;
}

double regret_of(const SimulatedScenario& scenario, const std::string& name) {
  for (const SimulatedMethod& method : scenario.methods)
    if (method.name == name) return method.regret.back();
  ADD_FAILURE() << name;
  return 0.0;
}

// Asking fewer costs more; and with one asked, the published rule learns slowest by far.
TEST(LimitedFeedback, CostsMoreTheFewerAreAsked) {
  const auto result = compare_limited_feedback(small());
  ASSERT_TRUE(result.ok()) << result.error().message();
  const SimulatedScenario& steady = result->scenarios[0];
  EXPECT_LT(regret_of(steady, "weighted-score"), regret_of(steady, "lf, 5 asked"));
  EXPECT_LT(regret_of(steady, "lf, 5 asked"), regret_of(steady, "lf, 2 asked"));
  for (const std::string faster : {"lf, 2 asked", "log-barrier, 1 asked"})
    EXPECT_LT(2.0 * regret_of(steady, faster), regret_of(steady, "wsu-ux, 1 asked")) << faster;
}

TEST(LimitedFeedback, GrowsWithTheRootOfTheHorizonWhereSoPromised) {
  LimitedFeedbackOptions options = small();
  options.slots = 16384;
  options.seeds = 2;
  const auto result = compare_limited_feedback(options);
  ASSERT_TRUE(result.ok());
  for (const SimulatedMethod& method : result->scenarios[0].methods) {
    const bool promised = method.name.starts_with("weighted") || method.name.starts_with("lf");
    if (promised) {
      EXPECT_NEAR(*method.slope, .5, .12) << method.name;
    }
    if (method.name.starts_with("wsu-ux")) {
      EXPECT_GT(*method.slope, .8);
    }
  }
}

TEST(LimitedFeedback, StaysWithinEveryRulesBound) {
  const auto result = compare_limited_feedback(small());
  ASSERT_TRUE(result.ok());
  int bounded = 0;
  for (const SimulatedScenario& scenario : result->scenarios)
    for (const SimulatedMethod& method : scenario.methods)
      for (std::size_t h = 0; h < scenario.horizons.size(); ++h) {
        if (!method.bound[h]) continue;
        ++bounded;
        EXPECT_LE(method.regret[h], *method.bound[h]) << scenario.scenario.name << method.name;
      }
  EXPECT_GE(bounded, 40);
}

TEST(LimitedFeedback, GivesTheSameBitsForAnyNumberOfThreads) {
  LimitedFeedbackOptions options = small();
  options.slots = 256;
  const auto one = compare_limited_feedback(options);
  options.threads = 4;
  const auto many = compare_limited_feedback(options);
  ASSERT_TRUE(one.ok() && many.ok());
  EXPECT_EQ(to_json(*one).dump(), to_json(*many).dump());
}

TEST(LimitedFeedback, RefusesTooFewWorkersSlotsOrSeeds) {
  LimitedFeedbackOptions options = small();
  options.workers = 2;
  EXPECT_EQ(compare_limited_feedback(options).error().field, "--workers");
  options = small();
  options.slots = 8;
  EXPECT_EQ(compare_limited_feedback(options).error().field, "--slots");
  options = small();
  options.seeds = 0;
  EXPECT_EQ(compare_limited_feedback(options).error().field, "--seeds");
}

}  // namespace
}  // namespace candor::game
