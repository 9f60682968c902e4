#include "candor/evaluation/peer_pay.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "candor/base/random.h"
#include "candor/evaluation/replay.h"
#include "dataset/test_files.h"

namespace candor::evaluation {
namespace {

using dataset::expect_message;
using dataset::TestFolder;

constexpr std::string_view hand_worked =
    "task,worker,label\n"
    "t0,ann,x\nt0,bob,x\nt0,cyd,x\n"
    "t1,ann,x\nt1,bob,x\nt1,cyd,x\n"
    "t2,ann,y\nt2,bob,y\nt2,cyd,y\n"
    "t3,ann,y\nt3,bob,y\nt3,cyd,x\n";

Result<PeerPayResult> run(std::string_view table, PeerPayOptions options = {}) {
  const TestFolder folder;
  options.paths = {folder.write("table.csv", table)};
  return peer_pay(options);
}

PeerPayResult paid(std::string_view table, const PeerPayOptions& options = {}) {
  auto result = run(table, options);
  EXPECT_TRUE(result.ok()) << result.error().message();
  return result.ok() ? std::move(result).value() : PeerPayResult{};
}

PeerPay row_of(const PeerPayResult& result, std::string_view worker) {
  for (const PeerPay& row : result.pay)
    if (row.worker == worker) return row;
  ADD_FAILURE() << "no worker " << worker;
  return {};
}

std::int64_t total_of(const PeerPayResult& result) {
  std::int64_t total = 0;
  for (const PeerPay& row : result.pay) total += row.paid_micro;
  return total;
}

TEST(PeerPay, MatchesTheHandWorkedCrowd) {
  const PeerPayResult result = paid(hand_worked, {.budget_micro = 1000});
  EXPECT_EQ(result.kind, "labels");
  EXPECT_EQ(result.answers, (std::vector<std::string>{"x", "y"}));
  EXPECT_EQ(result.slots, 4U);
  EXPECT_EQ(result.reports, 12U);
  EXPECT_EQ(result.scored, 3U);
  EXPECT_EQ(result.pay[0].worker, "ann");
  EXPECT_EQ(result.pay[1].worker, "bob");
  EXPECT_NEAR(result.pay[0].points, 2.0, 1e-15);
  EXPECT_NEAR(result.pay[2].points, 4.0 / 3.0, 1e-15);
  EXPECT_EQ(result.pay[0].paid_micro, 375);
  EXPECT_EQ(result.pay[1].paid_micro, 375);
  EXPECT_EQ(result.pay[2].paid_micro, 250);
  EXPECT_EQ(result.paid_micro, 1000);
}

// Workers w0 .. of these accuracies; the last always says yes. Outcomes are false on purpose.
std::string simulated(const std::vector<double>& accuracy, std::uint64_t seed, bool outcomes) {
  RandomStream random(seed);
  std::string table = outcomes ? "task,worker,probability,truth\n" : "task,worker,probability\n";
  for (int t = 0; t < 300; ++t) {
    const bool yes = random.bernoulli(.5);
    const std::string outcome = outcomes ? (yes ? ",0" : ",1") : "";
    for (std::size_t i = 0; i < accuracy.size(); ++i) {
      const bool says_yes = random.bernoulli(accuracy[i]) == yes || i + 1 == accuracy.size();
      table += "t" + std::to_string(t) + ",w" + std::to_string(i) + ',' +
               (says_yes ? "0.8" : "0.3") + outcome + '\n';
    }
  }
  return table;
}

TEST(PeerPay, PaysAccurateWorkersMoreAndConstantOnesNothing) {
  for (const PeerRule rule : {PeerRule::correlated_agreement, PeerRule::mutual_information}) {
    PeerPayOptions options{.score = {.rule = rule}, .budget_micro = 1'000'003};
    const PeerPayResult result = paid(simulated({.95, .95, .7, .8, .8, .8, .8}, 4, false), options);
    EXPECT_GT(row_of(result, "w0").paid_micro, 3 * row_of(result, "w2").paid_micro / 2);
    EXPECT_GT(row_of(result, "w2").paid_micro, 0);
    const PeerPay constant = row_of(result, "w6");
    EXPECT_EQ(constant.paid_micro, 0);
    EXPECT_NEAR(*constant.score.score, 0.0, 1e-15);
    EXPECT_EQ(total_of(result), 1'000'003);
    EXPECT_EQ(result.paid_micro, 1'000'003);
  }
}

TEST(PeerPay, NeverLooksAtOutcomes) {
  const std::vector<double> accuracy{.9, .8, .7, .8, .6};
  for (const PeerRule rule : {PeerRule::correlated_agreement, PeerRule::mutual_information}) {
    const PeerPayOptions options{.score = {.rule = rule}, .budget_micro = 999};
    EXPECT_EQ(peer_pay_json(paid(simulated(accuracy, 5, true), options)),
              peer_pay_json(paid(simulated(accuracy, 5, false), options)));
  }
}

// A truth that nobody said is no answer: with three answers every determinant would be 0.
TEST(PeerPay, CountsAnswersThatSomebodyGave) {
  std::string table = "task,worker,label,truth\n";
  for (int t = 0; t < 8; ++t)
    for (const char* worker : {"ann", "bob"})
      table += "t" + std::to_string(t) + ',' + worker + (t < 4 ? ",a,b\n" : ",c,b\n");
  const PeerPayResult result = paid(table, {.score = {.rule = PeerRule::mutual_information}});
  EXPECT_EQ(result.answers, (std::vector<std::string>{"a", "c"}));
  EXPECT_EQ(result.min_shared, 4U);
  EXPECT_GT(*result.pay[0].score.score, 0.0);
}

TEST(PeerPay, LeavesOutAndCountsWhatSaysNothing) {
  const PeerPayResult result = paid(
      "task,worker,probability\n"
      "t0,ann,0.9\nt0,bob,0.8\nt0,cyd,0.5\nt0,dee,0.7\nt0,ann,0.1\n"
      "t1,ann,0.2\nt1,bob,0.3\nt1,cyd,0.5\nt1,dee,0.1\n"
      "t2,eve,0.4\nt2,ann,0.9\n",
      {.budget_micro = 100});
  EXPECT_EQ(result.duplicates, 1U);
  EXPECT_EQ(result.reports, 10U);
  EXPECT_EQ(result.undecided, 2U);
  EXPECT_EQ(result.pairs, 3U);
  EXPECT_EQ(result.pairs_left_out, 1U);
  EXPECT_EQ(row_of(result, "cyd").why_nothing, "no report with a most probable answer");
  EXPECT_EQ(row_of(result, "eve").why_nothing,
            "shares at most 1 slot with any one worker, 2 are needed");
  EXPECT_EQ(row_of(result, "ann").score.slots, 2U);
  EXPECT_EQ(row_of(result, "ann").score.answered, 3U);
  EXPECT_EQ(total_of(result), 100);
}

TEST(PeerPay, KeepsTheBudgetWhereNobodyHasPoints) {
  const PeerPayResult result =
      paid("task,worker,label\nt0,ann,x\nt0,bob,y\nt1,ann,x\nt1,cyd,y\n", {.budget_micro = 100});
  EXPECT_EQ(result.paid_micro, 0);
  EXPECT_EQ(total_of(result), 0);
}

TEST(PeerPay, WritesCsvAndJson) {
  const PeerPayResult result = paid(
      "task,worker,label\nt0,\"a, b\",x\nt0,bob,x\nt0,cyd,x\nt1,\"a, b\",y\nt1,bob,y\nt1,cyd,y\n"
      "t2,dee,x\n",
      {.budget_micro = 10});
  EXPECT_EQ(peer_pay_csv(result),
            "worker,answered,slots,peers,score,points,paid_micro,why_nothing\n"
            "\"a, b\",2,2,2,1,2,4,\n"
            "bob,2,2,2,1,2,3,\n"
            "cyd,2,2,2,1,2,3,\n"
            "dee,1,0,0,,0,0,\"shares at most 0 slots with any one worker, 2 are needed\"\n");
  const nlohmann::json json = peer_pay_json(result);
  EXPECT_EQ(json["workers"][0]["worker"], "a, b");
  EXPECT_EQ(json["workers"][3]["score"], nullptr);
  EXPECT_EQ(json["paid_micro"], 10);
}

TEST(PeerPay, RefusesANegativeBudgetAndPassesOnWhatIsWrongWithTheTable) {
  expect_message(run(hand_worked, {.budget_micro = -1}), {"budget", "-1"});
  expect_message(run("task,worker,label\n"), {"table.csv"});
}

// Thirteen of 39 workers each: who earns most without outcomes was right more often than who earns
// least (outcomes are read for the comparison only).
TEST(PeerPay, RanksARealCrowdByAccuracy) {
  const char* set = std::getenv("CANDOR_DATA");
  const std::string path =
      std::string(set != nullptr ? set : "../shared/data") + "/bluebird/labels.csv.gz";
  if (!std::filesystem::exists(path)) GTEST_SKIP() << "no table " << path << "; set CANDOR_DATA";
  ReplayOptions with_outcomes;
  with_outcomes.paths = {path};
  const auto judged = replay(with_outcomes);
  ASSERT_TRUE(judged.ok()) << judged.error().message();
  const auto loss_of = [&](const PeerPay& row) {
    for (const WorkerResult& worker : judged->weights)
      if (worker.worker == row.worker) return *worker.loss;
    return 1.0;
  };
  for (const PeerRule rule : {PeerRule::correlated_agreement, PeerRule::mutual_information}) {
    const auto result = peer_pay({.paths = {path}, .read = {}, .score = {.rule = rule}});
    ASSERT_TRUE(result.ok()) << result.error().message();
    ASSERT_EQ(result->pay.size(), 39U);
    EXPECT_EQ(result->scored, 39U);
    double best = 0.0;
    double worst = 0.0;
    for (std::size_t i = 0; i < 13; ++i) {
      best += loss_of(result->pay[i]) / 13.0;
      worst += loss_of(result->pay[38 - i]) / 13.0;
    }
    EXPECT_LT(best, worst - .1) << name_of(rule);
  }
}

}  // namespace
}  // namespace candor::evaluation
