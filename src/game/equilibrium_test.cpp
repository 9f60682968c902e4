#include "candor/game/equilibrium.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "game/distortion.h"
#include "game/play.h"

namespace candor::game {
namespace {

EquilibriumResult played(const std::string& mechanism, Motive utility) {
  EquilibriumOptions options;
  options.mechanisms = {mechanism};
  options.utility = utility;
  options.accuracy = {.9, .8, .6};
  options.learning_slots = 200;
  options.learning_seeds = 8;
  options.slots = 1024;
  options.seeds = 2;
  options.threads = 1;
  auto result = play_to_equilibrium(options);
  EXPECT_TRUE(result.ok()) << result.error().message();
  return std::move(result).value();
}

TEST(Distortions, DoWhatTheirNamesSay) {
  const auto report = [](std::string_view name, double belief) {
    for (const Distortion& one : distortions())
      if (one.name == name) return one.report(belief);
    ADD_FAILURE() << name;
    return 0.0;
  };
  EXPECT_EQ(report("truthful", .8), .8);
  EXPECT_NEAR(report("hedging", .8), 2.0 / 3, 1e-15);         // odds 4 -> 2
  EXPECT_NEAR(report("exaggerating", .8), 16.0 / 17, 1e-15);  // odds 4 -> 16
  EXPECT_EQ(report("all-in", .8), 1.0);
  EXPECT_EQ(report("lying", .8), 0.0);
  EXPECT_NEAR(report("flipped", .8), .2, 1e-15);
  EXPECT_EQ(report("even", .8), .5);
  EXPECT_EQ(report("always-a", .2), 1.0);
  EXPECT_EQ(report("always-b", .8), 0.0);
  EXPECT_EQ(distortions().at(truthful_distortion).name, "truthful");
  EXPECT_EQ(distortions().at(lying_distortion).name, "lying");
}

// Whoever is paid by weight under the weighted-score rule ends up honest, from wherever play
// starts.
TEST(Equilibrium, OfTheWeightedScoreRuleIsHonesty) {
  const EquilibriumResult result = played("weighted-score", Motive::pay);
  for (const auto& play : {result.from_truth[0], result.from_lies[0]}) {
    EXPECT_TRUE(play.settled);
    EXPECT_TRUE(play.all_truthful()) << strategies_in_words(play);
    EXPECT_LT(play.slope.value_or(0.0), .75);
  }
}

// Paid for agreement, workers who start honest stop being so, and those who start by lying go on.
TEST(Equilibrium, OfPayForAgreementIsNotHonesty) {
  const EquilibriumResult result = played("average", Motive::pay);
  EXPECT_FALSE(result.from_truth[0].all_truthful());
  EXPECT_FALSE(result.from_lies[0].all_truthful());
  EXPECT_GT(*result.from_lies[0].slope, .9);
}

// Whoever wants the label near its belief exaggerates under the average, and is honest where the
// label is one worker's report drawn by weight (weights move slowly, and are not what it wants).
TEST(Equilibrium, OfSwayIsExaggerationUnlessTheLabelIsDrawn) {
  EXPECT_FALSE(played("average", Motive::sway).from_truth[0].all_truthful());
  EXPECT_FALSE(played("weighted-score", Motive::sway).from_truth[0].all_truthful());
}

TEST(Equilibrium, GivesTheSameBitsForAnyNumberOfThreads) {
  EquilibriumOptions options;
  options.mechanisms = {"average", "lf", "exponential"};
  options.accuracy = {.9, .7};
  options.learning_slots = 40;
  options.learning_seeds = 3;
  options.slots = 64;
  options.seeds = 2;
  options.threads = 1;
  const auto one = play_to_equilibrium(options);
  ASSERT_TRUE(one.ok()) << one.error().message();
  for (const std::size_t threads : {2U, 5U}) {
    options.threads = threads;
    const auto many = play_to_equilibrium(options);
    ASSERT_TRUE(many.ok());
    EXPECT_EQ(to_json(*many).dump(), to_json(*one).dump());
  }
}

TEST(Equilibrium, RefusesWhatCannotBePlayed) {
  EquilibriumOptions options;
  options.mechanisms = {"mean"};
  const auto unknown = play_to_equilibrium(options);
  ASSERT_FALSE(unknown.ok());
  EXPECT_NE(unknown.error().message().find("weighted-score-drawn"), std::string::npos);
  options.mechanisms = {"average"};
  options.accuracy = {.9};
  EXPECT_EQ(play_to_equilibrium(options).error().code, ErrorCode::out_of_range);
  options.accuracy = {.9, 1.5};
  EXPECT_EQ(play_to_equilibrium(options).error().code, ErrorCode::out_of_range);
  options.accuracy = {.9, .5};
  options.slots = 8;
  EXPECT_EQ(play_to_equilibrium(options).error().code, ErrorCode::out_of_range);
}

// Every playable mechanism: parts of weight and of pay are parts, labels are probabilities.
TEST(Play, KeepsWeightsPayAndLabelsInTheirRanges) {
  for (const std::string& mechanism : playable_mechanisms()) {
    const auto play = make_play(mechanism, 4, 100.0);
    ASSERT_TRUE(play.ok()) << mechanism << ": " << play.error().message();
    RandomStream random(3);
    for (int slot = 0; slot < 100; ++slot) {
      std::vector<double> report(4);
      for (double& value : report) value = random.uniform();
      const double label = (*play)->pool(report, random);
      EXPECT_GE(label, 0.0) << mechanism;
      EXPECT_LE(label, 1.0 + 1e-12) << mechanism;
      (*play)->settle(report, random.bernoulli(.5) ? 1.0 : 0.0);
      std::vector<double> weight(4);
      (*play)->weights(weight);
      double total = 0.0;
      for (const double value : weight) {
        EXPECT_GE(value, 0.0) << mechanism;
        total += value;
      }
      EXPECT_NEAR(total, 1.0, 1e-9) << mechanism;
      std::vector<double> pay(4);
      (*play)->pay(pay);
      double paid = 0.0;
      for (const double value : pay) paid += value;
      EXPECT_LE(paid, 1.0 + 1e-9) << mechanism;
    }
  }
}

}  // namespace
}  // namespace candor::game
