// The files of a replay: what is in them, and that a failed replay leaves none.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>

#include "candor/event/fold.h"
#include "candor/store/ledger.h"
#include "dataset/test_files.h"
#include "evaluation/replay_oracle.h"

namespace candor::evaluation {
namespace {

using dataset::expect_message;
using dataset::TestFolder;
using nlohmann::json;

constexpr std::string_view pairs =
    "task_id,worker_id,choice,truth\n"
    "p0,\"Ann, the \"\"first\"\"\",a,a\np0,bob,b,a\n"
    "p1,\"Ann, the \"\"first\"\"\",b,b\np1,bob,b,b\n"
    "p2,\"Ann, the \"\"first\"\"\",a,\np2,bob,tie,\n";
constexpr std::string_view tasks =
    R"({"task_id":"p0","prompt":"Say \"hi\"","response_a":"Hi!","response_b":"No\nway"})"
    "\n"
    R"({"task_id":"p2","prompt":"数","response_a":"一","response_b":"二"})"
    "\n";

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

std::set<std::string> names_in(const std::string& folder) {
  std::set<std::string> names;
  if (!std::filesystem::exists(folder)) return names;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder))
    names.insert(entry.path().filename().string());
  return names;
}

// A replay into the folder "out" of a test folder.
struct OutRun {
  TestFolder folder;
  ReplayOptions options;

  OutRun() {
    options.auto_step_size = false;
    options.spec.weighted_score.step_size = 0.25;
    options.spec.label = "average";
    options.out_folder = folder.path("out");
  }
  Result<ReplayResult> on(std::string_view table) {
    options.paths = {folder.write("table.csv", table)};
    return replay(options);
  }
  [[nodiscard]] std::string out(const std::string& name) const {
    return folder.read("out/" + name);
  }
};

TEST(ReplayFiles, HoldOneLabelForEachSlot) {
  OutRun run;
  ASSERT_TRUE(run.on(pairs).ok());
  EXPECT_EQ(run.out("pooled.jsonl"),
            R"({"slot_id":"p0","reports":2,"label":[0.5,0.5],"outcome":[1,0]})"
            "\n"
            R"({"slot_id":"p1","reports":2,"label":[0,1],"outcome":[0,1]})"
            "\n"
            R"({"slot_id":"p2","reports":2,"label":[0.75,0.25]})"
            "\n");
}

// p0: Ann was right, bob wrong: weights .5 +- .25 * .5 * .5. p1: both right.
TEST(ReplayFiles, HoldTheWeightsWithNamesQuotedAsCsvNeeds) {
  OutRun run;
  ASSERT_TRUE(run.on(pairs).ok());
  EXPECT_EQ(run.out("weights.csv"),
            "worker,weight,slots,loss\n"
            "\"Ann, the \"\"first\"\"\",0.5625,2,0\n"
            "bob,0.4375,2,0.5\n");
}

TEST(ReplayFiles, HoldTheRegretOfEveryMethodAsSlotsSettle) {
  OutRun run;
  run.options.baselines = {"glad"};
  const auto result = run.on(pairs);
  ASSERT_TRUE(result.ok()) << result.error().message();
  const auto lines = lines_of(run.out("regret.csv"));
  EXPECT_EQ(lines[0], "slots,method,regret,bound");
  EXPECT_EQ(lines.size(), 1 + 2 * result->methods.size());
  std::set<std::string> all(lines.begin(), lines.end());
  EXPECT_TRUE(all.contains("1,average,0.25,")) << run.out("regret.csv");
  EXPECT_TRUE(all.contains("2,average,0.25,"));
  EXPECT_TRUE(std::any_of(all.begin(), all.end(), [](const std::string& line) {
    return line.starts_with("2,weighted-score,") && !line.ends_with(",");
  }));
  EXPECT_TRUE(std::any_of(all.begin(), all.end(),
                          [](const std::string& line) { return line.starts_with("2,glad,"); }));
}

// p1 has no texts; the label of p2 is (.75, .25).
TEST(ReplayFiles, HoldPreferencePairsWhereTextsAreGiven) {
  OutRun run;
  run.options.tasks_path = run.folder.write("tasks.jsonl", tasks);
  const auto result = run.on(pairs);
  ASSERT_TRUE(result.ok()) << result.error().message();
  EXPECT_EQ(result->pairs_without_text, 1U);
  const auto lines = lines_of(run.out("preferences.jsonl"));
  ASSERT_EQ(lines.size(), 2U);
  const json first = json::parse(lines[0]);
  EXPECT_EQ(first["prompt"], "Say \"hi\"");
  EXPECT_EQ(first["p_chosen"], 0.5);
  EXPECT_EQ(first["margin"], 0.0);
  const json second = json::parse(lines[1]);
  EXPECT_EQ(second["slot_id"], "p2");
  EXPECT_EQ(second["chosen"], "一");
  EXPECT_EQ(second["rejected"], "二");
  EXPECT_EQ(second["p_chosen"], 0.75);
  EXPECT_NEAR(second["margin"].get<double>(), std::log(3), 1e-12);
}

TEST(ReplayFiles, RefuseTextsForATableOfManyLabels) {
  OutRun run;
  run.options.tasks_path = run.folder.write("tasks.jsonl", tasks);
  expect_message(run.on("task_id,worker_id,label\np0,ann,x\np0,bob,y\np0,cyd,z\n"),
                 {"--tasks", "3 answers"});
}

// The ledger alone gives the weights again, to the bit.
TEST(ReplayFiles, HoldALedgerFromWhichTheWeightsAreRecomputed) {
  OutRun run;
  run.options.spec.slot_budget_micro = 999;
  const auto result = run.on(csv_of(random_crowd(2, 6, 100, 2, false), false));
  ASSERT_TRUE(result.ok()) << result.error().message();
  event::Fold fold;
  const auto events =
      store::read_ledger(run.folder.path("out/ledger.jsonl"),
                         [&](const event::Event& event) { return fold.apply(event); });
  ASSERT_TRUE(events.ok()) << events.error().message();
  EXPECT_TRUE(fold.closed());
  EXPECT_EQ(fold.settled_slots(), result->settled);
  EXPECT_EQ(*events, 2 + result->workers + result->reports + 2 * result->slots + result->slots +
                         result->settled);
  const std::vector<double> weights = fold.mechanism()->weight_rule().weights();
  ASSERT_EQ(weights.size(), result->weights.size());
  for (std::size_t i = 0; i < weights.size(); ++i)
    EXPECT_EQ(weights[i], weight_of(*result, fold.worker_names()[i]));
}

// The sign of a zero is a bit too.
TEST(ReplayFiles, HoldALedgerThatVerifiesWhereReportsAreMinusZero) {
  OutRun run;
  run.options.spec.output = mechanism::Output::drawn;
  ASSERT_TRUE(run.on("event_id,worker_id,probability,outcome\n"
                     "s0,ann,-0,1\ns0,bob,-0.0,1\ns1,ann,-0,\ns1,bob,1,0\n")
                  .ok());
  event::Fold fold;
  const auto events =
      store::read_ledger(run.folder.path("out/ledger.jsonl"),
                         [&](const event::Event& event) { return fold.apply(event); });
  EXPECT_TRUE(events.ok()) << events.error().message();
}

TEST(ReplayFiles, AreTheSameBytesForTheSameTable) {
  const std::string table = csv_of(random_crowd(3, 6, 60, 3, true), true);
  OutRun one;
  OutRun two;
  two.options.out_folder = two.folder.path("other");
  ASSERT_TRUE(one.on(table).ok());
  ASSERT_TRUE(two.on(table).ok());
  for (const std::string name : {"ledger.jsonl", "pooled.jsonl", "weights.csv", "regret.csv"}) {
    EXPECT_FALSE(one.out(name).empty());
    EXPECT_EQ(one.out(name), two.folder.read("other/" + name)) << name;
  }
}

TEST(ReplayFiles, HoldTheSameSlotsInAShuffledOrder) {
  const std::string table = csv_of(random_crowd(5, 4, 80, 2, false), false);
  OutRun run;
  ASSERT_TRUE(run.on(table).ok());
  const auto in_file_order = lines_of(run.out("pooled.jsonl"));
  run.options.read.order = {dataset::Order::Mode::shuffle, 3};
  ASSERT_TRUE(run.on(table).ok());
  const auto shuffled = lines_of(run.out("pooled.jsonl"));
  EXPECT_NE(shuffled, in_file_order);
  EXPECT_EQ(std::multiset<std::string>(shuffled.begin(), shuffled.end()),
            std::multiset<std::string>(in_file_order.begin(), in_file_order.end()));
}

TEST(ReplayFiles, AreExactlyThoseThatWereAskedFor) {
  OutRun run;
  ASSERT_TRUE(run.on(pairs).ok());
  EXPECT_EQ(names_in(run.folder.path("out")),
            (std::set<std::string>{"ledger.jsonl", "pooled.jsonl", "regret.csv", "weights.csv"}));
}

TEST(ReplayFiles, AreNotThereWhenARowInTheMiddleIsBad) {
  OutRun run;
  expect_message(run.on("event_id,worker_id,probability,outcome\n"
                        "s0,ann,0.5,1\ns0,bob,0.5,1\ns1,ann,1.7,1\ns1,bob,0.5,1\n"),
                 {"table.csv:4", "probability", "1.7"});
  EXPECT_EQ(names_in(run.folder.path("out")), std::set<std::string>{});
}

// This report is refused only when its slot is folded, after other slots have been written.
TEST(ReplayFiles, AreNotThereWhenTheFoldRefusesAReportInTheMiddle) {
  OutRun run;
  run.options.spec.loss = {scoring::LossRule::Kind::clipped_log, 0.01};
  run.options.tasks_path = run.folder.write("tasks.jsonl", tasks);
  expect_message(run.on("task_id,worker_id,choice,truth\n"
                        "p0,ann,tie,a\np0,bob,tie,a\np1,ann,a,a\np1,bob,tie,a\n"),
                 {"\"ann\"", "\"p1\"", "floor 0.01"});
  EXPECT_EQ(names_in(run.folder.path("out")), std::set<std::string>{});
}

TEST(ReplayFiles, OfAnEarlierReplayStayWholeWhenALaterOneFails) {
  OutRun run;
  ASSERT_TRUE(run.on(pairs).ok());
  const std::string ledger = run.out("ledger.jsonl");
  run.options.spec.loss = {scoring::LossRule::Kind::clipped_log, 0.01};
  ASSERT_FALSE(run.on(pairs).ok());
  EXPECT_EQ(run.out("ledger.jsonl"), ledger);
  EXPECT_EQ(names_in(run.folder.path("out")),
            (std::set<std::string>{"ledger.jsonl", "pooled.jsonl", "regret.csv", "weights.csv"}));
}

TEST(ReplayFiles, NameAFolderThatCannotBeMade) {
  OutRun run;
  run.options.out_folder = run.folder.write("file", "x") + "/out";
  const auto result = run.on(pairs);
  expect_message(result, {"file/out", "making the folder failed"});
  EXPECT_EQ(result.error().code, ErrorCode::io);
}

}  // namespace
}  // namespace candor::evaluation
