#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "campaign/toy.h"
#include "candor/campaign/judged_task.h"
#include "candor/campaign/recorded_task.h"

namespace candor::campaign {
namespace {

namespace fs = std::filesystem;

Question question(const std::string& slot, const std::string& a, const std::string& b) {
  return {slot, 0, "?", {a, b}};
}

class Recorded : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = toy::fresh_folder(::testing::UnitTest::GetInstance()->current_test_info()->name());
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }
  [[nodiscard]] std::string path() const { return folder_ + "/reports.csv"; }
  void put(const std::string& text) const { std::ofstream(path()) << text; }
  [[nodiscard]] std::unique_ptr<RecordedTask> task(std::size_t reports_a_slot = 1) const {
    auto task = RecordedTask::open({{"?"}, path(), reports_a_slot});
    EXPECT_TRUE(task.ok()) << task.error().message();
    return std::move(*task);
  }
  std::string folder_;
};

// The table of the header.
TEST_F(Recorded, HasTheReportsAndOutcomesOfTheTable) {
  put("task_id,worker_id,probability,outcome\nslot-0,ann,0.8,\nslot-0,bob,0.6,1\n");
  const auto recorded = task();
  EXPECT_EQ(recorded->workers(), (std::vector<std::string>{"ann", "bob"}));
  const auto reports = recorded->reports(question("slot-0", "good", "bad"), {}, 1);
  ASSERT_TRUE(reports.ok() && reports->has_value());
  ASSERT_EQ((*reports)->size(), 2U);
  EXPECT_EQ((**reports)[0].a_preferred, 0.8);
  EXPECT_EQ(*recorded->outcome(question("slot-0", "", "")), std::optional(1.0));
}

TEST_F(Recorded, WaitsForRowsWorkersAndOutcomes) {
  EXPECT_FALSE(task()->reports(question("slot-0", "", ""), {}, 1)->has_value()) << "no file yet";
  put("task_id,worker_id,probability,outcome\nslot-0,ann,0.8,\nslot-1,bob,0.4,\n");
  EXPECT_FALSE(task(2)->reports(question("slot-0", "", ""), {}, 1)->has_value());
  EXPECT_TRUE(task(1)->reports(question("slot-0", "", ""), {}, 1)->has_value());
  const std::vector<WorkerId> asked{WorkerId{1}};
  EXPECT_FALSE(task()->reports(question("slot-0", "", ""), asked, 1)->has_value());
  EXPECT_TRUE(task()->reports(question("slot-1", "", ""), asked, 1)->has_value());
  EXPECT_FALSE(task()->outcome(question("slot-0", "", ""))->has_value());
}

TEST_F(Recorded, RefusesATableWithThreeAnswers) {
  put("task_id,worker_id,label\nslot-0,ann,x\nslot-0,bob,y\nslot-1,ann,z\n");
  const auto task = RecordedTask::open({{"?"}, path(), 1});
  ASSERT_FALSE(task.ok());
  EXPECT_NE(task.error().message().find("3 answers"), std::string::npos) << task.error().message();
}

// A campaign of two runs, people in between.
TEST_F(Recorded, CarriesACampaignFromOneRunToTheNext) {
  CampaignOptions options = toy::options();
  options.rounds = 1;
  options.slots_per_round = 2;
  options.folder = folder_ + "/campaign";
  const auto policy = toy::even_policy();
  const auto first = run_campaign(*policy, toy::Words(), *task(), options);
  ASSERT_TRUE(first.ok()) << first.error().message();
  EXPECT_EQ(first->waiting, 2U);
  put("task_id,worker_id,probability,outcome\nslot-0,ann,0.8,1\nslot-1,ann,0.7,1\n");
  const auto again = toy::even_policy();
  const auto second = run_campaign(*again, toy::Words(), *task(), options);
  ASSERT_TRUE(second.ok()) << second.error().message();
  EXPECT_TRUE(second->finished());
  EXPECT_EQ(second->slots[0].question.answer, first->slots[0].question.answer);
}

TEST(Judged, WorkersSeeTheVerdictAsOftenAsTheirAccuracySays) {
  auto task = JudgedTask::create(
      {"?"}, longer_is_better(),
      {{1, 0.8, Conduct::honest}, {1, 0.8, Conduct::contrarian}, {1, 0.5, Conduct::always_a}});
  ASSERT_TRUE(task.ok()) << task.error().message();
  EXPECT_EQ((*task)->workers()[1], "contrarian-1");
  constexpr std::size_t slots = 4000;
  double honest = 0.0;
  double contrarian = 0.0;
  for (std::uint64_t seed = 0; seed < slots; ++seed) {
    const auto reports = (*task)->reports(question("s", "longer", "short"), {}, seed);
    honest += (**reports)[0].a_preferred;
    contrarian += (**reports)[1].a_preferred;
    ASSERT_EQ((**reports)[2].a_preferred, 1.0);
  }
  // A is better and they see it with .8: reports of .8 and .2 average to .68, and .32 turned round.
  EXPECT_NEAR(honest / slots, 0.68, 0.02);
  EXPECT_NEAR(contrarian / slots, 0.32, 0.02);
}

TEST(Judged, AnswersTheSameWhenAskedAgainOrAlone) {
  auto task = JudgedTask::create({"?"}, shorter_is_better(), {{5, 0.7, Conduct::honest}});
  const Question q = question("s", "a", "bb");
  const auto all = (*task)->reports(q, {}, 7);
  const std::vector<WorkerId> asked{WorkerId{3}};
  const auto one = (*task)->reports(q, asked, 7);
  ASSERT_EQ((*one)->size(), 1U);
  EXPECT_EQ((**one)[0].a_preferred, (**all)[3].a_preferred);
  EXPECT_EQ(*(*task)->outcome(q), std::optional(1.0));
}

TEST(Judged, RefusesAnAccuracyOfLessThanChance) {
  const auto task = JudgedTask::create({"?"}, longer_is_better(), {{1, 0.3, Conduct::honest}});
  ASSERT_FALSE(task.ok());
  EXPECT_EQ(task.error().field, "accuracy");
}

}  // namespace
}  // namespace candor::campaign
