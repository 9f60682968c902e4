#include "candor/dataset/columns.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "dataset/test_files.h"

namespace candor::dataset {
namespace {

std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> names;
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    names.emplace_back(text.substr(0, comma));
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return names;
}

Result<Columns> recognise(std::string_view header, const ReadOptions& options = {}) {
  const std::vector<std::string> names = split(header);
  return recognise_columns({names, "t.csv"}, options);
}

TEST(Columns, KindsOfTheNativeTablesInAnyOrder) {
  EXPECT_EQ(recognise("event_id,time,worker_id,probability,outcome")->kind, Kind::forecasts);
  EXPECT_EQ(recognise("task_id,time,worker_id,item_a,item_b,choice,truth")->kind, Kind::pairwise);
  EXPECT_EQ(recognise("task_id,worker_id,choice")->kind, Kind::pairwise);
  const auto labels = recognise("seconds,truth,label,worker_id,task_id");
  EXPECT_EQ(labels->kind, Kind::labels);
  EXPECT_EQ(labels->of(Role::outcome), 1U);
  EXPECT_EQ(labels->of(Role::report), 2U);
  EXPECT_EQ(labels->of(Role::worker), 3U);
  EXPECT_EQ(labels->of(Role::slot), 4U);
  EXPECT_FALSE(labels->has(Role::time));
}

TEST(Columns, SynonymsOfCrowdKit) {
  EXPECT_EQ(recognise("task,worker,label")->kind, Kind::labels);
  EXPECT_EQ(recognise("task,worker,label,gold")->of(Role::outcome), 3U);
  const auto pairs = recognise("worker,left,right,label");
  EXPECT_EQ(pairs->kind, Kind::pairwise);
  EXPECT_TRUE(pairs->report_names_item);
  EXPECT_FALSE(pairs->has(Role::slot));
  EXPECT_FALSE(recognise("worker,left,right,choice")->report_names_item);
  EXPECT_EQ(recognise("slot,worker,report")->kind, Kind::forecasts);
  EXPECT_EQ(recognise("slot_id,worker,item_a,item_b,report")->kind, Kind::pairwise);
}

TEST(Columns, OptionsDecide) {
  ReadOptions options;
  options.truth_column = "gold_label";
  EXPECT_EQ(recognise("task,worker,label,truth,gold_label", options)->of(Role::outcome), 4U);
  options.truth_column = "label";
  EXPECT_EQ(recognise("task,worker,probability,label", options)->kind, Kind::forecasts);
  options = {};
  options.kind = Kind::labels;
  EXPECT_EQ(recognise("task,worker,label,probability", options)->of(Role::report), 2U);
}

TEST(Columns, AMissingColumnIsNamedWithWhatWasFoundAndWhatIsAccepted) {
  expect_message(recognise("task_id,label"),
                 {"t.csv:1:", "field \"worker\"", "task_id, label", "worker_id, worker", "rename"});
  expect_message(recognise("worker_id,label"), {"field \"slot\"", "task_id, task, event_id"});
  expect_message(recognise("task_id,worker_id"),
                 {"field \"report\"", "probability, choice, label"});
  expect_message(recognise("task,worker,left,label", {.kind = Kind::pairwise}),
                 {"field \"item_b\"", "item_b, right"});
  expect_message(recognise("task,worker,label", {.truth_column = "gold2"}),
                 {"field \"gold2\"", "task, worker, label", "--truth-column"});
  expect_message(recognise("task,worker,label", {.order = {Order::Mode::time, 0}}),
                 {"field \"time\""});
}

TEST(Columns, UnknownRolesAreListed) {
  expect_message(recognise("holiday,temp"), {"t.csv:1:", "holiday, temp", "unknown column role",
                                             "expected some of the columns", "rename"});
}

TEST(Columns, AmbiguousRolesNameBothAndTheWayOut) {
  expect_message(recognise("task_id,event_id,worker,label"),
                 {"field \"slot\"", "\"task_id\" and \"event_id\"", "rename or drop"});
  expect_message(recognise("task,worker,label,truth,outcome"),
                 {"field \"outcome\"", "\"truth\" and \"outcome\"", "--truth-column NAME"});
  expect_message(
      recognise("task,worker,label,probability"),
      {"field \"report\"", "\"label\" (labels) and \"probability\" (forecasts)", "--kind"});
  expect_message(recognise("task,worker,choice,report", {.kind = Kind::pairwise}),
                 {"field \"report\"", "\"choice\" and \"report\""});
}

}  // namespace
}  // namespace candor::dataset
