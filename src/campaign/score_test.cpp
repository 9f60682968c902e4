#include "candor/campaign/score.h"

#include <gtest/gtest.h>

namespace candor::campaign {
namespace {

SlotState slot(double label, std::vector<WorkerReport> reports, std::vector<double> outcome) {
  SlotState state;
  state.label = {label, 1.0 - label};
  state.reports = std::move(reports);
  state.outcome = std::move(outcome);
  return state;
}

constexpr WorkerId ann{0};
constexpr WorkerId bob{1};

// The header's example, and a worker with too few reports.
TEST(CampaignScoreOf, ComparesTheLabelWithEachWorkerWhereItAnswered) {
  const std::vector<SlotState> slots{slot(0.5, {{ann, 0.9}, {bob, 1.0}}, {1, 0}),
                                     slot(0.5, {{ann, 0.2}}, {0, 1})};
  const CampaignScore result = score(slots, 2, 2);
  EXPECT_EQ(result.settled, 2U);
  EXPECT_DOUBLE_EQ(result.label_loss, 0.5);
  EXPECT_NEAR(result.worker[0].loss, 0.05, 1e-12);
  EXPECT_NEAR(*result.regret, 0.45, 1e-12);
  EXPECT_EQ(result.worker[1].reports, 1U);
}

TEST(CampaignScoreOf, CountsAccuracyOnCertainOutcomesAndHalfForNoOpinion) {
  const std::vector<SlotState> slots{slot(0.8, {}, {1, 0}), slot(0.8, {}, {0, 1}),
                                     slot(0.5, {}, {1, 0}), slot(0.9, {}, {0.5, 0.5})};
  EXPECT_DOUBLE_EQ(score(slots, 0).label_accuracy, 0.5);
}

TEST(CampaignScoreOf, HasNoRegretWithoutAWorkerToCompareWith) {
  EXPECT_FALSE(score({slot(0.8, {{ann, 0.9}}, {1, 0}), slot(0.4, {{ann, 0.9}}, {})}, 1).regret);
}

}  // namespace
}  // namespace candor::campaign
