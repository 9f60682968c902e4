#include "train_summary.h"

#include <gtest/gtest.h>

namespace candor::app {
namespace {

using align::Metrics;

std::vector<Metrics> falling(std::uint64_t steps) {
  std::vector<Metrics> all;
  for (std::uint64_t k = 1; k <= steps; ++k)
    all.push_back({k, {{"loss", static_cast<double>(100 - k)}}});
  return all;
}

TEST(TrainSummary, ARowIsTheMeanOfItsStretch) {
  const auto curve = curve_of(falling(6), 3);
  ASSERT_EQ(curve.size(), 3U);
  EXPECT_EQ(curve[0].step, 2U);
  EXPECT_EQ(curve[0].find("loss"), 98.5);
  EXPECT_EQ(curve[2].step, 6U);
  EXPECT_EQ(curve[2].find("loss"), 94.5);
}

TEST(TrainSummary, FewStepsHaveARowEach) {
  EXPECT_EQ(curve_of(falling(3)), falling(3));
  EXPECT_TRUE(curve_of({}).empty());
}

TEST(TrainSummary, HeldOutMetricsAreTheLastOfAStretch) {
  std::vector<Metrics> steps = falling(4);
  steps[0].values.push_back({"eval_loss", 7.0});
  steps[2].values.push_back({"eval_loss", 5.0});
  const auto curve = curve_of(steps, 1);
  EXPECT_EQ(curve[0].find("eval_loss"), 5.0);
}

// An accuracy is absent from a step whose pairs are all ties.
TEST(TrainSummary, AMeanIsOverTheStepsThatHaveIt) {
  std::vector<Metrics> steps = falling(3);
  steps[1].values.push_back({"rewards/accuracies", 0.5});
  EXPECT_EQ(curve_of(steps, 1)[0].find("rewards/accuracies"), 0.5);
}

TEST(TrainSummary, TheTableShowsWhatIsThere) {
  std::vector<Metrics> steps = falling(2);
  steps[1].values.push_back({"eval_loss", 5.0});
  EXPECT_EQ(curve_table(curve_of(steps)),
            "    step       loss  eval loss\n"
            "       1         99          -\n"
            "       2         98          5\n");
}

TEST(TrainSummary, JsonHasNullForWhatIsNoNumber) {
  const auto json = curve_json({{1, {{"loss", std::nan("")}, {"epoch", 0.5}}}});
  EXPECT_EQ(json.dump(), R"([{"step":1,"loss":null,"epoch":0.5}])");
}

}  // namespace
}  // namespace candor::app
