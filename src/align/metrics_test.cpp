#include "candor/align/metrics.h"

#include <gtest/gtest.h>

#include "align/test_pairs.h"

namespace candor::align {
namespace {

double value_of(const std::vector<Metric>& metrics, std::string_view name) {
  return Metrics{.step = 0, .values = metrics}.find(name).value_or(-99);
}

TEST(Metrics, the_chosen_answer_is_the_one_with_the_larger_label) {
  const auto dpo = must(make_objective("dpo", {.beta = 0.5}));
  Tally tally;
  const PairTerms b_better{.score_a = -1, .score_b = -2, .reference_b = -5, .label = 0.3};
  add_pair(tally, *dpo, b_better, dpo->loss(b_better));
  const auto means = tally.means();
  EXPECT_EQ(value_of(means, "logps/chosen"), -2);
  EXPECT_EQ(value_of(means, "logps/rejected"), -1);
  EXPECT_EQ(value_of(means, "rewards/chosen"), 1.5);
  EXPECT_EQ(value_of(means, "rewards/rejected"), -0.5);
  EXPECT_EQ(value_of(means, "rewards/margins"), 2);
  EXPECT_EQ(value_of(means, "rewards/accuracies"), 1);
  EXPECT_EQ(value_of(means, "loss"), dpo->loss(b_better).value);
}

TEST(Metrics, ties_of_rewards_count_one_half_and_undecided_pairs_only_in_the_loss) {
  const auto model = must(make_objective("reward-model"));
  Tally tally;
  const auto add = [&](PairTerms terms) { add_pair(tally, *model, terms, model->loss(terms)); };
  add({.score_a = 1, .score_b = 1, .label = 0.9});
  add({.score_a = 5, .score_b = 1, .label = 0.5});
  add({.score_a = 5, .score_b = 1, .label = 1, .weight = 0});
  EXPECT_EQ(value_of(tally.means(), "rewards/accuracies"), 0.5);
  EXPECT_EQ(value_of(tally.means(), "logps/chosen"), 1);
  EXPECT_GT(value_of(tally.means(), "loss"), 0.3);
  Tally undecided;
  add_pair(undecided, *model, {.label = 0.5}, {.value = 1});
  EXPECT_EQ(undecided.means("eval_"), (std::vector<Metric>{{"eval_loss", 1}})) << "absent, not 0";
}

TEST(Metrics, clipped_is_the_share_of_pairs_that_were) {
  const auto robust = must(make_objective("robust-dpo", {.beta = 1, .clip = 3}));
  Tally tally;
  for (const double gap : {1.0, 2.0, 4.0, 5.0}) {
    const PairTerms terms{.score_a = gap};
    add_pair(tally, *robust, terms, robust->loss(terms));
  }
  EXPECT_EQ(value_of(tally.means(), "clipped"), 0.5);
}

TEST(Estimate, the_worked_example) {
  const Estimate e = must(estimate(std::vector<double>{1, 0, 1, 1}));
  EXPECT_EQ(e.mean, 0.75);
  EXPECT_NEAR(e.standard_error, 0.25, 1e-15);
  EXPECT_EQ(e.count, 4U);
  EXPECT_EQ(must(estimate(std::vector<double>{3})).standard_error, 0);
  EXPECT_FALSE(estimate({}).ok());
}

TEST(RankingAccuracy, the_worked_example) {
  const std::vector<PairScores> scores = {{2, 1}, {0, 3}, {1, 1}};
  EXPECT_EQ(must(ranking_accuracy(scores, std::vector<double>{0.9, 0.8, 0.7})), 0.5);
  EXPECT_EQ(must(ranking_accuracy(scores, std::vector<double>{0.5, 0.2, 0.5})), 1)
      << "b is the better, and labels of 1/2 are left out";
  EXPECT_FALSE(ranking_accuracy(scores, std::vector<double>{0.5, 0.5, 0.5}).ok());
  EXPECT_FALSE(ranking_accuracy(scores, std::vector<double>{0.5}).ok());
}

}  // namespace
}  // namespace candor::align
