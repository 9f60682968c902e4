#include "candor/dataset/tasks.h"

#include <gtest/gtest.h>

#include <string>

#include "dataset/test_files.h"

namespace candor::dataset {
namespace {

class TasksTest : public ::testing::Test {
 protected:
  TasksTest() {
    auto seen = survey({folder_.write("t.csv",
                                      "task_id,worker_id,item_a,item_b,choice\n"
                                      "t0,w,x,y,a\n7,w,x,z,b\nt2,w,y,z,b\n")},
                       {});
    EXPECT_TRUE(seen.ok());
    survey_ = std::move(seen).value();
  }
  Result<TaskTexts> tasks(std::string_view text) {
    return read_tasks(folder_.write("tasks.jsonl", text), survey_);
  }
  TestFolder folder_;
  Survey survey_;
};

TEST_F(TasksTest, TextsOfTheSurveysSlots) {
  const auto texts = tasks(
      "{\"task_id\": \"t0\", \"prompt\": \"Say hello\", \"response_a\": \"Hello!\", "
      "\"response_b\": \"No.\", \"more\": [1]}\n"
      "{\"task_id\": 7, \"prompt\": \"p\", \"response_a\": \"\", \"response_b\": \"r\"}\n"
      "{\"task_id\": \"other\", \"prompt\": \"p\", \"response_a\": \"q\", \"response_b\": "
      "\"r\"}\n");
  ASSERT_TRUE(texts.ok()) << texts.error().message();
  ASSERT_NE(texts->find(SlotId{0}), nullptr);
  EXPECT_EQ(*texts->find(SlotId{0}), (TaskText{"Say hello", "Hello!", "No."}));
  EXPECT_EQ(texts->find(SlotId{1}), nullptr) << "an empty response is a missing one";
  EXPECT_EQ(texts->find(SlotId{2}), nullptr);
  EXPECT_EQ(texts->missing(), 2U);
}

TEST_F(TasksTest, ResponsesFollowTheItems) {
  const std::string rest =
      "\"prompt\": \"p\", \"response_a\": \"of y\", \"response_b\": \"of x\"}\n";
  const auto texts = tasks("{\"task_id\": \"t0\", \"item_a\": \"y\", \"item_b\": \"x\", " + rest);
  ASSERT_TRUE(texts.ok()) << texts.error().message();
  EXPECT_EQ(texts->find(SlotId{0})->response_a, "of x");
  expect_message(tasks("{\"task_id\": \"t0\", \"item_a\": \"y\", \"item_b\": \"z\", " + rest),
                 {"tasks.jsonl:1:", "item_a", "\"y\" and \"z\"", "correct the tasks"});
}

TEST_F(TasksTest, OneSetOfTextsForASlot) {
  const std::string line =
      "{\"task_id\": \"t0\", \"prompt\": \"p\", \"response_a\": \"q\", \"response_b\": \"r\"}\n";
  EXPECT_TRUE(tasks(line + line).ok());
  std::string other = line;
  other.replace(other.find("\"q\""), 3, "\"s\"");
  expect_message(tasks(line + other),
                 {"tasks.jsonl:2:", "other texts for slot \"t0\"", "drop one"});
}

TEST_F(TasksTest, ColumnsAreChecked) {
  expect_message(tasks("{\"prompt\": \"p\"}\n"), {"tasks.jsonl:1:", "task_id", "add the column"});
  expect_message(tasks("{\"task\": \"p\", \"task_id\": \"q\"}\n"), {"\"task\" and \"task_id\""});
  EXPECT_FALSE(tasks("").ok());
}

}  // namespace
}  // namespace candor::dataset
