// The replay of small tables, by hand.
#include "candor/evaluation/replay.h"

#include <gtest/gtest.h>

#include <cmath>

#include "candor/evaluation/result_json.h"
#include "dataset/test_files.h"
#include "evaluation/replay_oracle.h"

namespace candor::evaluation {
namespace {

using dataset::expect_message;
using dataset::TestFolder;

// Three workers, four slots: a tie in s1, an absence and a second report of ann (left out) in s1
// and s2, no outcome for s3.
constexpr std::string_view three_by_four =
    "event_id,worker_id,probability,outcome\n"
    "s0,ann,0.8,1\ns0,bob,0.6,1\ns0,cyd,0.1,1\n"
    "s1,ann,0.5,0\ns1,bob,0.2,0\ns1,ann,0.9,0\ns1,cyd,0.9,0\n"
    "s2,ann,1,1\ns2,bob,0.4,1\n"
    "s3,ann,0.3,\ns3,bob,0.3,\ns3,cyd,0.3,\n";

ReplayOptions with_step_size(double step_size) {
  ReplayOptions options;
  options.auto_step_size = false;
  options.spec.weighted_score.step_size = step_size;
  return options;
}

ReplayResult replayed(std::string_view csv, ReplayOptions options = with_step_size(0.25)) {
  const TestFolder folder;
  options.paths = {folder.write("table.csv", csv)};
  auto result = replay(options);
  EXPECT_TRUE(result.ok()) << result.error().message();
  return result.ok() ? std::move(result).value() : ReplayResult{};
}

Result<ReplayResult> refused(ReplayOptions options, std::string_view csv = three_by_four) {
  const TestFolder folder;
  options.paths = {folder.write("table.csv", csv)};
  return replay(options);
}

void expect_score(const ReplayResult& result, const std::string& name, double brier,
                  double log_loss, double accuracy, double regret) {
  const MethodResult method = method_of(result, name);
  EXPECT_NEAR(*method.score.brier(), brier, 1e-6) << name;
  EXPECT_NEAR(*method.score.mean_log_loss(), log_loss, 1e-6) << name;
  EXPECT_NEAR(*method.score.accuracy(), accuracy, 1e-6) << name;
  EXPECT_NEAR(*method.regret, regret, 1e-6) << name;
}

TEST(Replay, CountsWhatIsInTheTable) {
  const ReplayResult result = replayed(three_by_four);
  EXPECT_EQ(result.kind, "forecasts");
  EXPECT_EQ(result.answers, (std::vector<std::string>{"yes", "no"}));
  EXPECT_EQ(result.workers, 3U);
  EXPECT_EQ(result.slots, 4U);
  EXPECT_EQ(result.settled, 3U);
  EXPECT_EQ(result.reports, 11U);
  EXPECT_EQ(result.duplicates, 1U);
  EXPECT_EQ(result.min_reports, 3U);
}

TEST(Replay, NamesTheDuplicatesByFileAndRow) {
  const ReplayResult result = replayed(three_by_four);
  ASSERT_EQ(result.duplicate_notes.size(), 1U);
  EXPECT_NE(result.duplicate_notes[0].find(
                "table.csv:7: worker \"ann\" had already reported on slot \"s1\""),
            std::string::npos)
      << result.duplicate_notes[0];
}

// Labels (P(yes)) of the three settled slots, whose outcomes are 1, 0, 1:
//   average         .5     8/15    .7     losses .25    .284444 .09      ties once
//   median          .6     .5      .7            .16    .25     .09      ties once
//   majority        1      .5      .5            0      .25     .25      ties twice
// ann and bob have three settled reports; ann's losses .04 .25 0 sum to .29, bob's to .56.
TEST(Replay, ScoresAverageMedianAndMajorityAsByHand) {
  const ReplayResult result = replayed(three_by_four);
  expect_score(result, "average", .6244444 / 3, -std::log(.5 * 7 / 15 * .7) / 3, .5, .3344444);
  expect_score(result, "median", .5 / 3, -std::log(.6 * .5 * .7) / 3, 2.5 / 3, .21);
  expect_score(result, "majority", .5 / 3, -std::log(.25) / 3, 2.0 / 3, .21);
}

// Step size 1/4. Weights start at 1/3 each.
//   s0  label .5; losses .04 .16 .81, mean .336667; weights .358056 .348056 .293889
//   s1  label .513139; losses .25 .04 .81, mean .341486; weights .366246 .374289 .259466
//   s2  ann and bob only: label .696742; losses 0 .36, mean .181956; weights .382905 .357629
TEST(Replay, WeighsWorkersAsByHand) {
  const ReplayResult result = replayed(three_by_four);
  EXPECT_NEAR(weight_of(result, "ann"), .382905, 1e-6);
  EXPECT_NEAR(weight_of(result, "bob"), .357629, 1e-6);
  EXPECT_NEAR(weight_of(result, "cyd"), .259466, 1e-6);
  const double loss = .25 + .2633112 + .0919656;
  expect_score(result, "weighted-score", loss / 3, -std::log(.5 * .486861 * .696742) / 3, .5,
               loss - .29);
  EXPECT_NEAR(*method_of(result, "weighted-score").drawn_loss, (.336667 + .341486 + .181956) / 3,
              1e-6);
}

TEST(Replay, ListsWorkersHeaviestFirstWithTheirOwnLoss) {
  const ReplayResult result = replayed(three_by_four);
  ASSERT_EQ(result.weights.size(), 3U);
  EXPECT_EQ(result.weights[0].worker, "ann");
  EXPECT_EQ(result.weights[0].slots, 3U);
  EXPECT_NEAR(*result.weights[0].loss, .29 / 3, 1e-15);
  EXPECT_EQ(result.weights[2].worker, "cyd");
  EXPECT_EQ(result.weights[2].slots, 2U);
  EXPECT_NEAR(*result.weights[2].loss, .81, 1e-15);
}

// ln(3)/.25 + .25 * 3 slots for weighted-score, 2 ln 3 for exponential; the hedge is bounded by the
// least of these and ln(M)/2, since ann answered every settled slot.
TEST(Replay, GivesTheBoundsThatTheoryPromises) {
  const ReplayResult result = replayed(three_by_four);
  EXPECT_NEAR(*method_of(result, "weighted-score").bound, 4 * std::log(3) + .75, 1e-12);
  EXPECT_NEAR(*method_of(result, "exponential").bound, 2 * std::log(3), 1e-12);
  const auto members = static_cast<double>(result.methods.size() - 1);
  EXPECT_NEAR(*method_of(result, "hedged").bound, 2 * std::log(3) + std::log(members) / 2, 1e-12);
  EXPECT_FALSE(method_of(result, "average").bound);
}

TEST(Replay, PutsTheLabelFirstAndTheWeightRuleSecond) {
  EXPECT_EQ(replayed(three_by_four).methods[0].name, "hedged");
  EXPECT_EQ(replayed(three_by_four).methods[1].name, "weighted-score");
  ReplayOptions options = with_step_size(0.25);
  options.spec.label = "median";
  options.spec.weight_rule = "exponential";
  const ReplayResult result = replayed(three_by_four, options);
  EXPECT_EQ(result.methods[0].name, "median");
  EXPECT_EQ(result.methods[1].name, "exponential");
}

TEST(Replay, ComparesWithEveryBaselineOnRequest) {
  ReplayOptions options = with_step_size(0.25);
  options.baselines = known_baselines();
  const ReplayResult result = replayed(three_by_four, options);
  for (const std::string& name : known_baselines())
    EXPECT_EQ(method_of(result, name).whole_file, name != "dawid-skene-online") << name;
  const MethodResult best = method_of(result, "best-worker");  // ann: .29 over three slots
  EXPECT_NEAR(*best.score.brier(), .29 / 3, 1e-15);
  EXPECT_NEAR(*best.score.accuracy(), 2.5 / 3, 1e-15);
  EXPECT_FALSE(best.regret.has_value());  // workers answered different slots
}

TEST(Replay, CountsInTheRegretOnlyWorkersWithEnoughSettledReports) {
  // cyd was always wrong about s0 and s1; somebody new is right once.
  const std::string csv = std::string(three_by_four) + "s4,dee,1,1\ns4,ann,0,1\n";
  ReplayOptions options = with_step_size(0.25);
  options.min_reports = 1;
  // average on s4: .5, so .25 to dee, who lost nothing; to ann .6244+.25 - 1.29.
  EXPECT_NEAR(*method_of(replayed(csv, options), "average").regret, .25, 1e-6);
  options.min_reports = 3;  // bob, over s0 to s2
  EXPECT_NEAR(*method_of(replayed(csv, options), "average").regret, .6244444 - .56, 1e-6);
}

TEST(Replay, LeavesWeightsAloneWhereOnlyOneWorkerAnswers) {
  const ReplayResult result =
      replayed("event_id,worker_id,probability,outcome\ns0,ann,0.5,1\ns0,bob,0.5,1\ns1,ann,0,1\n");
  EXPECT_EQ(weight_of(result, "ann"), 0.5);
  EXPECT_EQ(weight_of(result, "bob"), 0.5);
}

// Step size auto: sqrt(ln N / settled reports a worker), 8 settled reports of 3 workers here; the
// duplicate does not count.
TEST(Replay, ChoosesTheStepSizeFromTheSettledReportsOfAWorker) {
  EXPECT_EQ(replayed(three_by_four, ReplayOptions{}).spec.weighted_score.step_size, 0.5);
  std::string csv(three_by_four);
  for (int s = 0; s < 30; ++s)
    for (const char* worker : {"ann", "bob", "cyd"})
      csv += "x" + std::to_string(s) + "," + worker + ",0.5,1\n";
  EXPECT_NEAR(replayed(csv, ReplayOptions{}).spec.weighted_score.step_size,
              std::sqrt(std::log(3) / (98.0 / 3)), 1e-12);
  ReplayOptions known_horizon;
  known_horizon.horizon = 1000;
  EXPECT_NEAR(replayed(csv, known_horizon).spec.weighted_score.step_size,
              std::sqrt(std::log(3) / 1000), 1e-12);
}

TEST(Replay, RefusesAHorizonOfZero) {
  for (const double horizon : {0.0, -5.0}) {
    ReplayOptions options;
    options.horizon = horizon;
    const auto result = refused(options);
    expect_message(result, {"horizon"});
    EXPECT_EQ(result.error().code, ErrorCode::out_of_range);
  }
}

TEST(Replay, RefusesAStepSizeAboveTheGuardAndSaysWhy) {
  const auto result = refused(with_step_size(1.5));
  expect_message(result, {"1.5", "(0,1]", "negative"});
  EXPECT_EQ(result.error().code, ErrorCode::out_of_range);
}

TEST(Replay, RefusesAnUnknownBaselineAndListsTheKnownOnes) {
  ReplayOptions options;
  options.baselines = {"best-worker", "em"};
  const auto result = refused(options);
  expect_message(result, {"--baseline", "em", "dawid-skene-online", "dawid-skene-one-coin", "glad",
                          "best-worker"});
  EXPECT_EQ(result.error().code, ErrorCode::invalid_argument);
}

TEST(Replay, RefusesAnUnknownLabelAndListsTheKnownOnes) {
  ReplayOptions options;
  options.spec.label = "mean";
  expect_message(refused(options), {"mean", "hedged, average, median"});
}

// The clipped log takes no report below its floor: whose it is, and on what, is said.
TEST(Replay, NamesTheReportThatTheLossRuleCannotTake) {
  ReplayOptions options = with_step_size(0.25);
  options.spec.loss = {scoring::LossRule::Kind::clipped_log, 0.01};
  const auto result = refused(options);
  expect_message(result, {"ann", "s2", "floor 0.01"});
  EXPECT_EQ(result.error().code, ErrorCode::out_of_range);
}

TEST(Replay, RunsWithoutAnyOutcome) {
  const ReplayResult result =
      replayed("event_id,worker_id,probability\ns0,ann,0.8\ns0,bob,0.4\n", ReplayOptions{});
  EXPECT_EQ(result.settled, 0U);
  EXPECT_FALSE(method_of(result, "hedged").score.brier());
  EXPECT_FALSE(method_of(result, "hedged").regret);
  EXPECT_EQ(weight_of(result, "ann"), 0.5);
  EXPECT_TRUE(to_json(result)["methods"][0]["brier"].is_null());
}

// ann and bob found the campaign at s0. cyd comes with s1 and must wait for the next cohort, at s2
// (period 2): then it has the cohort's mass 0.05, taken from the others alike.
TEST(Replay, GivesNewcomersAFixedMass) {
  ReplayOptions options = with_step_size(0.25);
  options.newcomers = true;
  options.spec.admission = {.mass = 0.05, .period = 2};
  const ReplayResult result = replayed(
      "event_id,worker_id,probability,outcome\n"
      "s0,ann,0.5,1\ns0,bob,0.5,1\n"
      "s1,cyd,0,1\ns1,ann,1,1\ns1,bob,1,1\n"
      "s2,ann,0.5,1\ns2,bob,0.5,1\n",
      options);
  EXPECT_NEAR(weight_of(result, "ann"), .475, 1e-15);
  EXPECT_NEAR(weight_of(result, "cyd"), .05, 1e-15);
  EXPECT_EQ(method_of(result, "weighted-score").bound, std::nullopt);
  // In s1 the label is that of ann and bob.
  EXPECT_NEAR(*method_of(result, "weighted-score").score.brier(), .5 / 3, 1e-15);
}

// A thousand newcomers together weigh no more than one would.
TEST(Replay, GivesACohortOfManyNoMoreThanACohortOfOne) {
  ReplayOptions options = with_step_size(0.25);
  options.newcomers = true;
  options.spec.admission = {.mass = 0.05, .period = 1};
  std::string csv = "event_id,worker_id,probability,outcome\ns0,ann,0.5,1\ns0,bob,0.5,1\n";
  for (int i = 0; i < 100; ++i) csv += "s1,puppet" + std::to_string(i) + ",0.5,1\n";
  csv += "s2,ann,0.5,1\ns2,bob,0.5,1\n";
  const ReplayResult result = replayed(csv, options);
  EXPECT_NEAR(weight_of(result, "puppet7"), .05 / 100, 1e-15);
  EXPECT_NEAR(weight_of(result, "ann"), .475, 1e-15);
}

constexpr std::string_view pairs_with_ties =
    "task_id,worker_id,choice,truth\n"
    "p0,ann,a,a\np0,bob,tie,a\n"
    "p1,ann,b,tie\np1,bob,tie,tie\n";

// Split: reports 1 and 1/2, then 0 and 1/2; outcomes 1 and 1/2: averages .75 and .25.
TEST(Replay, SplitsTiesInHalves) {
  const ReplayResult result = replayed(pairs_with_ties);
  EXPECT_EQ(result.answers, (std::vector<std::string>{"a", "b"}));
  const MethodResult average = method_of(result, "average");
  EXPECT_NEAR(*average.score.brier(), (.0625 + .0625) / 2, 1e-15);
  EXPECT_EQ(average.score.certain, 1U);  // a split outcome is no certain one
  EXPECT_EQ(*average.score.accuracy(), 1.0);
}

// A third answer: averages (.5, 0, .5) and (0, .5, .5) against a and tie.
TEST(Replay, CountsTiesAsAThirdAnswerOnRequest) {
  ReplayOptions options = with_step_size(0.25);
  options.read.ties = dataset::Ties::answer;
  const ReplayResult result = replayed(pairs_with_ties, options);
  EXPECT_EQ(result.answers, (std::vector<std::string>{"a", "b", "tie"}));
  const MethodResult average = method_of(result, "average");
  EXPECT_NEAR(*average.score.brier(), .25, 1e-15);
  EXPECT_EQ(average.score.certain, 2U);
  EXPECT_EQ(*average.score.accuracy(), .5);
}

// s0 settles after s1: its last report comes later in the file.
TEST(Replay, SettlesASlotWhenItsLastReportHasBeenRead) {
  const std::string csv =
      "event_id,worker_id,probability,outcome\n"
      "s0,ann,1,1\ns1,ann,0,1\ns1,bob,1,1\ns0,bob,0,1\n";
  const ReplayResult result = replayed(csv);
  // s1 first: ann loses 1, bob 0: weights .4375 .5625. Then s0: label .4375.
  const Score score = method_of(result, "weighted-score").score;
  EXPECT_NEAR(score.loss, .25 + .5625 * .5625, 1e-15);
}

// When a slot's last row is a duplicate, the slot settles with the kept report before it.
TEST(Replay, LeavesDuplicatesOutOfTheOrderOfSlots) {
  const std::string plain =
      "event_id,worker_id,probability,outcome\n"
      "s0,ann,1,1\ns0,bob,0,1\ns1,ann,0.3,1\ns1,bob,0.9,1\ns2,ann,0.1,0\ns2,bob,0.4,0\n";
  const ReplayResult without = replayed(plain, ReplayOptions{});
  const ReplayResult with = replayed(plain + "s0,bob,0.7,1\n", ReplayOptions{});
  EXPECT_EQ(with.duplicates, 1U);
  EXPECT_EQ(weight_of(with, "ann"), weight_of(without, "ann"));
  EXPECT_EQ(with.spec.weighted_score.step_size, without.spec.weighted_score.step_size);
  for (const MethodResult& method : without.methods)
    EXPECT_EQ(method.score.loss, method_of(with, method.name).score.loss) << method.name;
}

TEST(Replay, ReadsSeveralFilesAsOne) {
  const TestFolder folder;
  ReplayOptions options = with_step_size(0.25);
  const std::string header = "event_id,worker_id,probability,outcome\n";
  options.paths = {folder.write("one.csv", header + "s0,ann,1,1\ns0,bob,0,1\n"),
                   folder.write("two.csv", header + "s1,bob,1,1\ns1,ann,1,1\n")};
  const auto result = replay(options);
  ASSERT_TRUE(result.ok()) << result.error().message();
  EXPECT_EQ(result->slots, 2U);
  EXPECT_EQ(result->workers, 2U);
}

TEST(ReplayJson, HasTheMembersThatAreDocumented) {
  const nlohmann::json json = to_json(replayed(three_by_four));
  for (const char* member : {"kind", "answers", "workers", "slots", "settled", "reports",
                             "duplicates", "methods", "weights"})
    EXPECT_TRUE(json.contains(member)) << member;
  for (const char* member : {"name", "brier", "log_loss", "accuracy", "regret", "bound"})
    EXPECT_TRUE(json["methods"][0].contains(member)) << member;
  EXPECT_TRUE(json["methods"][1].contains("drawn_loss"));
  for (const char* member : {"worker", "weight", "slots", "loss"})
    EXPECT_TRUE(json["weights"][0].contains(member)) << member;
  EXPECT_EQ(json["workers"], 3);
  EXPECT_EQ(json["weights"][0]["worker"], "ann");
  EXPECT_TRUE(json["methods"][2]["bound"].is_null());
}

TEST(ReplayJson, HoldsTheCurvesOfTheReport) {
  const ReplayResult result = replayed(three_by_four);
  const nlohmann::json json = report_json(result, "title", "candor replay x.csv");
  EXPECT_EQ(json["title"], "title");
  EXPECT_EQ(json["command"], "candor replay x.csv");
  EXPECT_EQ(json["regret_curves"]["t"], (std::vector<double>{1, 2, 3}));
  for (const auto& series : json["regret_curves"]["series"])
    EXPECT_EQ(series["regret"].size(), 3U) << series["name"];
  EXPECT_EQ(json["weight_curves"]["series"].size(), 3U);
}

}  // namespace
}  // namespace candor::evaluation
