#include "candor/dataset/survey.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <string>
#include <vector>

#include "dataset/test_files.h"

namespace candor::dataset {
namespace {

using Answers = std::vector<std::string>;
using Numbers = std::vector<std::uint64_t>;

class SurveyTest : public ::testing::Test {
 protected:
  Result<Survey> of(std::string_view text, const ReadOptions& options = {}) {
    return survey({folder_.write("t.csv", text)}, options);
  }
  TestFolder folder_;
};

std::vector<double> outcome_of(const Survey& survey, std::uint32_t slot) {
  std::vector<double> outcome(survey.answers.size());
  if (!survey.write_outcome(SlotId{slot}, outcome)) outcome.clear();
  return outcome;
}

using Outcome = std::vector<double>;

TEST_F(SurveyTest, WorkedExampleOfLabels) {
  const auto seen =
      of("task_id,worker_id,label,truth\n"
         "t0,ann,10,\n"
         "t1,ann,9,9\n"
         "t0,bob,10,10\n");
  ASSERT_TRUE(seen.ok()) << seen.error().message();
  EXPECT_EQ(seen->kind, Kind::labels);
  EXPECT_EQ(seen->answers, (Answers{"9", "10"}));
  EXPECT_EQ(seen->workers[0], "ann");
  EXPECT_EQ(seen->workers[1], "bob");
  EXPECT_EQ(seen->slots[1], "t1");
  EXPECT_EQ(seen->last_row, (Numbers{4, 3}));
  EXPECT_EQ(outcome_of(*seen, 0), (Outcome{0, 1}));
  EXPECT_EQ(outcome_of(*seen, 1), (Outcome{1, 0}));
  EXPECT_EQ(seen->rows, 3U);
  EXPECT_EQ(seen->settled_slots, 2U);
  EXPECT_EQ(seen->settled_reports, 3U);
  EXPECT_EQ(seen->place_of(4).row, 4U);
}

TEST_F(SurveyTest, AnswersAreSortedOverLabelsAndTruths) {
  EXPECT_EQ(of("task,worker,label,truth\nt,w,b,a\nt,v,10,\n")->answers, (Answers{"10", "a", "b"}));
  EXPECT_EQ(of("task,worker,label,truth\nt,w,-1,\nt,v,10,\nu,v,9,\n")->answers,
            (Answers{"-1", "9", "10"}));
}

TEST_F(SurveyTest, ForecastsMayHaveFractionalOutcomes) {
  const auto seen = of("event_id,worker_id,probability,outcome\ne,w,0.25,0.75\nf,w,1e-3,\n");
  ASSERT_TRUE(seen.ok()) << seen.error().message();
  EXPECT_EQ(seen->answers, (Answers{"yes", "no"}));
  EXPECT_EQ(outcome_of(*seen, 0), (Outcome{0.75, 0.25}));
  EXPECT_FALSE(seen->has_outcome(SlotId{1}));
  EXPECT_TRUE(outcome_of(*seen, 1).empty());
}

TEST_F(SurveyTest, TiesAreAHalfOrAThirdAnswer) {
  const std::string_view text = "task_id,worker_id,choice,truth\nt,w,a,tie\nu,w,tie,b\n";
  const auto split = of(text);
  EXPECT_EQ(split->answers, (Answers{"a", "b"}));
  EXPECT_EQ(outcome_of(*split, 0), (Outcome{.5, .5}));
  EXPECT_EQ(outcome_of(*split, 1), (Outcome{0, 1}));
  const auto third = of(text, {.ties = Ties::answer});
  EXPECT_EQ(third->answers, (Answers{"a", "b", "tie"}));
  EXPECT_EQ(outcome_of(*third, 0), (Outcome{0, 0, 1}));
}

TEST_F(SurveyTest, PairsOfCrowdKitAreSlotsInEitherOrder) {
  const auto seen =
      of("worker,left,right,label,truth\n"
         "w,cat,dog,cat,\n"
         "v,dog,cat,cat,cat\n"
         "w,cat,eel,eel,eel\n");
  ASSERT_TRUE(seen.ok()) << seen.error().message();
  ASSERT_EQ(seen->slots.size(), 2U);
  EXPECT_EQ(seen->slots[0], "cat|dog");
  EXPECT_EQ(seen->item_a(SlotId{0}), "cat");
  EXPECT_EQ(seen->item_b(SlotId{0}), "dog");
  EXPECT_EQ(outcome_of(*seen, 0), (Outcome{1, 0})) << "the cat is item a, whatever its place";
  EXPECT_EQ(outcome_of(*seen, 1), (Outcome{0, 1}));
}

TEST_F(SurveyTest, NamedPairsMayBeExchangedButNotReplaced) {
  const std::string header = "task_id,worker_id,item_a,item_b,choice,truth\n";
  const auto seen = of(header + "t,w,x,y,a,\nt,v,y,x,b,b\n");
  ASSERT_TRUE(seen.ok()) << seen.error().message();
  EXPECT_EQ(outcome_of(*seen, 0), (Outcome{1, 0}));
  expect_message(of(header + "t,w,x,y,a,\nt,v,x,z,b,\n"),
                 {":3:", "field \"item_a\"", "\"x\" and \"z\"", "first row", "slot of its own"});
}

TEST_F(SurveyTest, FilesFollowOneAnotherAsOneTable) {
  const std::string first = folder_.write("1.csv", "task,worker,label\nt,w,x\nu,w,y\n");
  const std::string second =
      folder_.write("2.jsonl", R"({"worker_id": "v", "label": "x", "task_id": "t", "truth": "x"})");
  const auto seen = survey({first, second}, {});
  ASSERT_TRUE(seen.ok()) << seen.error().message();
  EXPECT_EQ(seen->last_row, (Numbers{4, 3}));
  EXPECT_EQ(seen->place_of(4).file, second);
  EXPECT_EQ(seen->place_of(4).row, 1U);
  EXPECT_EQ(seen->place_of(3).file, first);
  EXPECT_EQ(outcome_of(*seen, 0), (Outcome{1, 0}));
  const std::string other = folder_.write("3.csv", "task,worker,choice\nt,w,a\n");
  expect_message(survey({first, other}, {}), {other + ":1:", "a table of pairwise", "labels"});
}

TEST_F(SurveyTest, JsonKeysMayTurnUpLate) {
  const std::string text =
      "{\"task\": \"t\", \"worker\": \"w\", \"label\": 1}\n"
      "{\"task\": \"t\", \"worker\": \"v\", \"label\": 0, \"truth\": 1, \"note\": {\"x\": []}}\n";
  const auto seen = of(text);
  ASSERT_TRUE(seen.ok()) << seen.error().message();
  EXPECT_EQ(outcome_of(*seen, 0), (Outcome{0, 1}));
  EXPECT_TRUE(of(text, {.truth_column = "truth"}).ok());
  expect_message(of(text, {.truth_column = "gold2"}), {"t.csv", "gold2", "--truth-column"});
  expect_message(of(text + "{\"task\": \"t\", \"worker\": \"v\", \"label\": 0, \"gold\": 1}\n"),
                 {":3:", "\"truth\" and \"gold\"", "--truth-column"});
}

TEST_F(SurveyTest, BadFieldsNameFileRowFieldAndWayOut) {
  const std::string forecasts = "event_id,worker_id,probability,outcome\ne,w,0.5,1\n";
  for (const char* bad : {"1.7", "nan", "inf", "-0.1", "-inf"}) {
    expect_message(of(forecasts + "f,w," + bad + ",1\n"),
                   {folder_.path("t.csv") + ":3:", "field \"probability\"", bad,
                    "expected a number in [0,1]", "correct the row, or drop it"});
    EXPECT_EQ(of(forecasts + "f,w," + bad + ",1\n").error().code, ErrorCode::out_of_range);
    expect_message(of(forecasts + "f,w,1," + bad + "\n"), {":3:", "field \"outcome\"", bad});
  }
  expect_message(of(forecasts + "f,w,half,1\n"), {":3:", "field \"probability\"", "half"});
  expect_message(of(forecasts + "f,w,,1\n"), {":3:", "field \"probability\"", "an empty field"});
  expect_message(of(forecasts + "f,,.5,1\n"), {":3:", "field \"worker_id\"", "an empty field"});
  expect_message(of(forecasts + ",w,.5,1\n"), {":3:", "field \"event_id\"", "an empty field"});
  expect_message(of("task,worker,label\nt,w,NaN\n"), {":2:", "field \"label\"", "NaN", "a label"});
  expect_message(of("task,worker,choice\nt,w,c\n"), {":2:", "field \"choice\"", "a, b or tie"});
  expect_message(of("worker,left,right,label\nw,x,y,z\n"), {":2:", "\"z\"", "two items"});
  expect_message(of("task,worker,label\nt,w,x\n"), {"only the label \"x\"", "at least two"});
}

TEST_F(SurveyTest, TheFirstBadRowIsReportedWhateverFollows) {
  expect_message(of("task,worker,label\nt,w,x\nt,,y\nt,\"broken\n"), {":3:", "field \"worker\""});
  expect_message(of("task,worker,label\nt,w,x\nt,\"broken\n"), {":3:", "never closed"});
}

TEST_F(SurveyTest, ContradictingOutcomesNameBothRows) {
  const auto seen = of("task,worker,label,truth\nt,w,x,x\nt,v,y,\nt,u,y,y\n");
  expect_message(seen, {":4:", "field \"truth\"", "\"y\"", "slot \"t\"", "\"x\"", "row 2 of",
                        "correct one of the two rows"});
  EXPECT_EQ(seen.error().code, ErrorCode::conflict);
}

TEST_F(SurveyTest, EmptyTablesAreErrors) {
  expect_message(of(""), {"t.csv", "an empty file", "check how"});
  expect_message(of("\n\n"), {"t.csv", "an empty file"});
  expect_message(of("task,worker,label\n"),
                 {"t.csv", "a header without rows", "at least one report"});
  expect_message(of("[{\"task\": 1}]"), {"t.csv:1:", "a JSON array", "one object a line"});
  expect_message(survey({}, {}), {"expected"});
}

TEST_F(SurveyTest, TooManyLabelsAreNotLabels) {
  std::string text = "task,worker,label\n";
  for (int i = 0; i < 2000; ++i)
    text += "t,w" + std::to_string(i) + ",l" + std::to_string(i) + "\n";
  expect_message(of(text), {"over 1024 different labels"});
}

TEST_F(SurveyTest, TruncatedGzipNamesFileAndRow) {
  std::string text = "task,worker,label\n";
  for (int i = 0; i < 5000; ++i) text += "t" + std::to_string(i * 7919) + ",w,x\n";
  const std::string whole = gzipped(text);
  const auto seen = of(std::string_view(whole).substr(0, whole.size() / 2));
  expect_message(seen, {folder_.path("t.csv") + ":", "the data end", "fetch or compress"});
  EXPECT_EQ(seen.error().code, ErrorCode::corrupt);
  EXPECT_GT(seen.error().row, 1000U);
}

TEST_F(SurveyTest, ProgressEndsWithTheNumberOfRows) {
  std::uint64_t last = 0;
  const std::string path = folder_.write("t.csv", "task,worker,label\nt,w,x\nt,v,y\n");
  ASSERT_TRUE(survey({path}, {}, [&](std::uint64_t rows) { last = rows; }).ok());
  EXPECT_EQ(last, 2U);
}

}  // namespace
}  // namespace candor::dataset
