// The replay of random and adversarial tables: equal to the slow one, and within its bounds.
#include <gtest/gtest.h>

#include <cmath>

#include "dataset/test_files.h"
#include "evaluation/replay_oracle.h"

namespace candor::evaluation {
namespace {

using dataset::TestFolder;

ReplayResult replay_of(const Crowd& crowd, bool labels, ReplayOptions options) {
  const TestFolder folder;
  options.paths = {folder.write("crowd.csv", csv_of(crowd, labels))};
  auto result = replay(options);
  EXPECT_TRUE(result.ok()) << result.error().message();
  return result.ok() ? std::move(result).value() : ReplayResult{};
}

void expect_equal(const ReplayResult& result, const SlowReplay& slow) {
  for (const auto& [name, score] : slow.score) {
    const MethodResult method = method_of(result, name);
    EXPECT_NEAR(*method.score.brier(), score.brier, 1e-12) << name;
    EXPECT_NEAR(*method.score.mean_log_loss(), score.log_loss, 1e-11) << name;
    EXPECT_NEAR(*method.score.accuracy(), score.accuracy, 1e-12) << name;
    EXPECT_NEAR(*method.regret, score.regret, 1e-9) << name;
  }
  for (std::size_t i = 0; i < slow.weight.size(); ++i)
    EXPECT_NEAR(weight_of(result, "w" + std::to_string(i)), slow.weight[i], 1e-12);
  EXPECT_NEAR(*method_of(result, "weighted-score").drawn_loss, slow.drawn_loss, 1e-12);
}

TEST(ReplayOracle, AgreesOnTablesOfForecasts) {
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    const Crowd crowd = random_crowd(seed, 2 + seed, 150, 2, false);
    ReplayOptions options;
    options.auto_step_size = false;
    options.spec.weighted_score.step_size = 0.1 * static_cast<double>(seed);
    options.min_reports = 10;
    expect_equal(replay_of(crowd, false, options),
                 slow_replay(crowd, options.spec.weighted_score.step_size, 10));
  }
}

TEST(ReplayOracle, AgreesOnTablesOfLabels) {
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    const Crowd crowd = random_crowd(seed, 5, 150, 2 + seed % 3, true);
    ReplayOptions options;
    options.auto_step_size = false;
    options.spec.weighted_score.step_size = 0.3;
    const ReplayResult result = replay_of(crowd, true, options);
    EXPECT_EQ(result.answers.size(), 2 + seed % 3);
    expect_equal(result, slow_replay(crowd, 0.3, 20));
  }
}

// Regret to every worker over its own slots, not only to the worst one.
TEST(ReplayBounds, HoldOnRandomTables) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    ReplayOptions options;
    options.min_reports = 1;
    const ReplayResult result =
        replay_of(random_crowd(seed, 3 + seed % 5, 200, 2, seed % 2 == 0), false, options);
    int bounded = 0;
    for (const MethodResult& method : result.methods) {
      if (!method.bound) continue;
      ++bounded;
      EXPECT_LE(*method.regret, *method.bound) << method.name << ", seed " << seed;
    }
    EXPECT_GE(bounded, 2) << "seed " << seed;
    for (const Curve& curve : result.regret_curves)
      for (std::size_t s = 0; s < curve.value.size(); ++s)
        EXPECT_LE(*curve.value[s], curve.bound[s].value_or(1e9)) << curve.name;
  }
}

// Two workers who contradict each other; the one with more weight is always wrong.
Crowd against_the_heavier(double step_size, std::size_t slots) {
  Crowd crowd{2, 2, {}};
  double weight = 0.5;
  for (std::size_t s = 0; s < slots; ++s) {
    const bool first_is_right = weight < 0.5;
    crowd.slots.push_back({{0, 1}, {{1, 0}, {0, 1}}, first_is_right ? Row{1, 0} : Row{0, 1}});
    weight += step_size * weight * (1.0 - weight) * (first_is_right ? 1.0 : -1.0);
  }
  return crowd;
}

TEST(ReplayBounds, HoldAgainstAnAdversary) {
  for (const double step_size : {0.05, 0.3, 0.68}) {
    ReplayOptions options;
    options.auto_step_size = false;
    options.spec.weighted_score.step_size = step_size;
    const ReplayResult result = replay_of(against_the_heavier(step_size, 400), false, options);
    const MethodResult rule = method_of(result, "weighted-score");
    EXPECT_LE(*rule.regret, *rule.bound) << step_size;
    EXPECT_GE(*rule.score.brier(), .24) << "the adversary does not bite";
    EXPECT_LE(*method_of(result, "hedged").regret, *method_of(result, "hedged").bound);
    // Following the best: every second slot is a tie, which costs 1/4, the others are lost.
    EXPECT_NEAR(*method_of(result, "follow-the-best").regret, 400 / 8.0, 1.0);
  }
}

TEST(ReplayHedged, IsNeverMoreThanTheMixingCostBehindTheBestMember) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const std::size_t answers = 2 + seed % 3;
    const ReplayResult result =
        replay_of(random_crowd(seed, 6, 120, answers, answers > 2), answers > 2, {});
    const double members = static_cast<double>(result.methods.size() - 1);
    const double hedged = method_of(result, "hedged").score.loss;
    for (const MethodResult& method : result.methods)
      EXPECT_LE(hedged, method.score.loss + std::log(members) / 2 + 1e-9)
          << method.name << ", seed " << seed;
  }
}

// What the label is made of cannot touch reputations, payments or any other method's label.
TEST(ReplaySeparation, GivesTheSameWeightsToTheBitForEveryLabel) {
  const Crowd crowd = random_crowd(4, 5, 80, 2, false);
  const ReplayResult hedged = replay_of(crowd, false, {});
  ASSERT_GE(hedged.methods.size(), 10U);
  for (const MethodResult& label : hedged.methods) {
    ReplayOptions options;
    options.spec.label = label.name;
    const ReplayResult result = replay_of(crowd, false, options);
    ASSERT_EQ(result.weights.size(), hedged.weights.size());
    for (std::size_t i = 0; i < result.weights.size(); ++i) {
      EXPECT_EQ(result.weights[i].worker, hedged.weights[i].worker) << label.name;
      EXPECT_EQ(result.weights[i].weight, hedged.weights[i].weight) << label.name;
    }
    EXPECT_EQ(method_of(result, label.name).score.loss, label.score.loss);
  }
}

TEST(ReplaySeparation, GivesTheSameWeightsWhateverTheDrawsAre) {
  const Crowd crowd = random_crowd(4, 5, 80, 2, false);
  ReplayOptions options;
  options.spec.output = mechanism::Output::drawn;
  const ReplayResult one = replay_of(crowd, false, options);
  options.seed = 99;
  const ReplayResult two = replay_of(crowd, false, options);
  for (std::size_t i = 0; i < one.weights.size(); ++i)
    EXPECT_EQ(one.weights[i].weight, two.weights[i].weight);
}

// A shuffle settles the same slots in another order: methods that learn nothing score the same.
TEST(ReplayOrder, ShufflesTheSameSlots) {
  const Crowd crowd = random_crowd(6, 5, 120, 2, false);
  const ReplayResult file = replay_of(crowd, false, {});
  ReplayOptions options;
  options.read.order = {dataset::Order::Mode::shuffle, 7};
  const ReplayResult shuffled = replay_of(crowd, false, options);
  EXPECT_EQ(shuffled.slots, file.slots);
  EXPECT_EQ(shuffled.settled, file.settled);
  EXPECT_EQ(shuffled.reports, file.reports);
  for (const char* name : {"average", "median", "trimmed-mean", "majority"}) {
    EXPECT_NEAR(method_of(shuffled, name).score.loss, method_of(file, name).score.loss, 1e-9);
    EXPECT_EQ(method_of(shuffled, name).score.credit, method_of(file, name).score.credit);
  }
  EXPECT_NE(weight_of(shuffled, "w0"), weight_of(file, "w0"));
  const ReplayResult again = replay_of(crowd, false, options);
  EXPECT_EQ(weight_of(again, "w0"), weight_of(shuffled, "w0"));
}

TEST(ReplayWholeFile, ScoresTheLabelsOfTheKeptReports) {
  // Duplicates and slots without outcome are in the file; Dawid-Skene labels must still fit.
  Crowd crowd = random_crowd(11, 7, 200, 3, true);
  const TestFolder folder;
  ReplayOptions options;
  options.paths = {folder.write("crowd.csv", csv_of(crowd, true) + "s0,w0,0,\ns0,w1,2,\n")};
  options.baselines = {"dawid-skene", "glad", "dawid-skene-one-coin"};
  const auto result = replay(options);
  ASSERT_TRUE(result.ok()) << result.error().message();
  EXPECT_EQ(result->duplicates, 2U);
  for (const std::string& name : options.baselines) {
    const MethodResult method = method_of(*result, name);
    EXPECT_EQ(method.score.slots, result->settled);
    // Skills differ widely here: EM must beat the plain vote.
    EXPECT_LT(*method.score.brier(), *method_of(*result, "majority").score.brier()) << name;
  }
}

}  // namespace
}  // namespace candor::evaluation
