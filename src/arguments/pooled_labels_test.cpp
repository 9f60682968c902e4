#include "candor/arguments/pooled_labels.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "arguments/small_crowd.h"
#include "candor/arguments/strategic_votes.h"

namespace candor::arguments {
namespace {

std::vector<std::size_t> all_pairs(const CrowdText& text) {
  std::vector<std::size_t> pairs(text.pairs.size());
  std::iota(pairs.begin(), pairs.end(), 0U);
  return pairs;
}

TEST(PooledLabels, AreThoseOfTheWorkedExample) {
  const CrowdText text = small_crowd();
  const auto labels = pooled_labels(text, all_pairs(text), label_methods());
  ASSERT_TRUE(labels.ok()) << labels.error().message();
  const auto& l = *labels;
  EXPECT_NEAR(l[0][0], 0.625, 1e-12);  // weighted-score: equal weights yet
  EXPECT_NEAR(l[2][0], 0.625, 1e-12);  // average
  EXPECT_NEAR(l[3][0], 0.75, 1e-12);   // median
  EXPECT_EQ(l[4][0], 1.0);             // majority
  EXPECT_EQ(l[6], (std::vector<double>{1.0, 0.5, 0.0}));
  EXPECT_NEAR(l[2][2], 1.0 / 3.0, 1e-12);
  for (const auto& method : l)
    for (const double p : method) EXPECT_TRUE(p >= 0.0 && p <= 1.0);
}

// The weighted score, written out: weights 1/N; label sum w r / sum w; then each reporter's weight
// times 1 - eta (loss - the reporters' weighted mean loss), loss (r - outcome)^2.
std::vector<double> weighted_score_by_hand(const CrowdText& text, double eta) {
  std::map<WorkerId, double> weight;
  for (const ArgumentPair& pair : text.pairs)
    for (const Vote& vote : pair.votes) weight[vote.worker] = 1.0;
  std::vector<double> labels;
  for (const ArgumentPair& pair : text.pairs) {
    double mass = 0.0;
    double label = 0.0;
    double mean = 0.0;
    for (const Vote& vote : pair.votes) {
      mass += weight[vote.worker];
      label += weight[vote.worker] * vote.a_preferred;
      mean += weight[vote.worker] * std::pow(vote.a_preferred - pair.gold.value_or(0.0), 2);
    }
    labels.push_back(label / mass);
    if (!pair.gold) continue;
    for (const Vote& vote : pair.votes)
      weight[vote.worker] *= 1.0 - eta * (std::pow(vote.a_preferred - *pair.gold, 2) - mean / mass);
  }
  return labels;
}

TEST(PooledLabels, OfTheWeightedScoreEqualASlowFold) {
  CrowdText text = generated_crowd_text(5);
  text.pairs.resize(400);
  for (std::size_t i = 0; i < 400; i += 7) text.pairs[i].gold.reset();  // those slots expire
  const auto labels = pooled_labels(text, all_pairs(text), {"weighted-score"}, {.step_size = 0.2});
  ASSERT_TRUE(labels.ok()) << labels.error().message();
  const auto expected = weighted_score_by_hand(text, 0.2);
  for (std::size_t i = 0; i < 400; ++i) EXPECT_NEAR((*labels)[0][i], expected[i], 1e-9) << i;
}

TEST(PooledLabels, NeverDependOnTheirOwnOutcomeNorALaterOne) {
  CrowdText text = generated_crowd_text(6);
  text.pairs.resize(120);
  const std::vector<std::string> methods{"weighted-score", "hedged", "majority", "dawid-skene"};
  const auto pairs = all_pairs(text);
  const auto before = pooled_labels(text, pairs, methods).value();
  for (std::size_t i = 60; i < 120; ++i) text.pairs[i].gold = 1.0 - *text.pairs[i].gold;
  const auto after = pooled_labels(text, pairs, methods).value();
  for (std::size_t m = 0; m < methods.size(); ++m)
    for (std::size_t i = 0; i <= 60; ++i) EXPECT_EQ(after[m][i], before[m][i]) << methods[m];
  EXPECT_NE(after[0], before[0]);
  EXPECT_EQ(after[2], before[2]);
  EXPECT_EQ(after[3], before[3]);
}

TEST(PooledLabels, WithNewcomersBeginWithTheFirstVoters) {
  const CrowdText text = generated_crowd_text(6);
  const auto labels =
      pooled_labels(text, all_pairs(text), {"weighted-score", "average"}, {.newcomers = true});
  ASSERT_TRUE(labels.ok()) << labels.error().message();
  EXPECT_NEAR((*labels)[0][0], (*labels)[1][0], 1e-12);
  EXPECT_NE((*labels)[0], pooled_labels(text, all_pairs(text), {"weighted-score"}).value()[0]);
}

// Equal votes weighted by shares that sum to 1 up to rounding: labels of 1 + 2^-52 would be refused
// by training.
TEST(PooledLabels, AreProbabilitiesToTheLastBit) {
  CrowdText text = generated_crowd_text(7);
  for (std::size_t i = 1; i < text.pairs.size(); i += 2)
    for (Vote& vote : text.pairs[i].votes) vote.a_preferred = 1.0;
  const auto labels = pooled_labels(text, all_pairs(text), {"weighted-score", "hedged"}).value();
  std::size_t sure = 0;
  for (const auto& label : labels)
    for (const double p : label) {
      EXPECT_TRUE(p >= 0.0 && p <= 1.0) << p - 1.0;
      sure += p == 1.0 ? 1 : 0;
    }
  EXPECT_GE(sure, text.pairs.size() / 2);
}

TEST(PooledLabels, RefuseWhatTheyDoNotKnow) {
  const CrowdText text = small_crowd();
  EXPECT_NE(pooled_labels(text, all_pairs(text), {"mode"})
                .error()
                .message()
                .find("found mode; expected one of weighted-score, hedged"),
            std::string::npos);
  EXPECT_FALSE(pooled_labels(text, {}, {"average"}).ok());
}

TEST(ScoreLabels, CountsTiesAsHalf) {
  const CrowdText text = small_crowd();  // gold a, tie, b; the first and last are strict
  const std::vector<double> label{0.8, 0.9, 0.5};
  const LabelScore score = score_labels(text, all_pairs(text), label);
  EXPECT_EQ(score.strict_pairs, 2U);
  EXPECT_EQ(score.gold_pairs, 3U);
  EXPECT_NEAR(score.accuracy, 0.75, 1e-12);
  EXPECT_NEAR(score.brier, (0.04 + 0.16 + 0.25) / 3.0, 1e-12);
}

std::map<std::string, LabelScore> measure(const CrowdText& text,
                                          std::span<const std::size_t> pairs) {
  const auto labels = pooled_labels(text, pairs, label_methods());
  EXPECT_TRUE(labels.ok());
  for (const auto& label : *labels)  // also where rounding would carry a sure label above 1
    EXPECT_TRUE(std::all_of(label.begin(), label.end(), [](double p) { return p >= 0 && p <= 1; }));
  std::map<std::string, LabelScore> scores;
  for (std::size_t m = 0; m < labels->size(); ++m)
    scores[label_methods()[m]] = score_labels(text, pairs, (*labels)[m]);
  return scores;
}

TEST(RealLabels, OfStrategicCrowdsMisleadWhoeverWeighsAllAlike) {
  if (real_data_absent())
    GTEST_SKIP() << "no real data at " << real_folder() << " (set CANDOR_DATA)";
  const CrowdText text = read_crowd_text(real_folder()).value();
  const auto pairs = training_pairs(text, split_debates(text, 4, 1).value());
  auto honest = measure(text, pairs);
  auto strategic = measure(with_strategic_votes(text, {}, 1).value(), pairs);
  for (const std::string& name : label_methods())
    std::printf("%-15s accuracy %.4f / %.4f, Brier %.4f / %.4f (honest / strategic)\n",
                name.c_str(), honest[name].accuracy, strategic[name].accuracy, honest[name].brier,
                strategic[name].brier);
  for (const std::string& name : label_methods()) EXPECT_GT(honest[name].accuracy, 0.92) << name;
  EXPECT_GT(honest["hedged"].accuracy, honest["majority"].accuracy);
  for (const std::string name : {"average", "median", "majority", "dawid-skene"})
    EXPECT_LT(strategic[name].accuracy, 0.7) << name;
  EXPECT_GT(strategic["hedged"].accuracy, 0.95);
  EXPECT_GT(strategic["weighted-score"].accuracy, 0.9);
  EXPECT_LT(strategic["hedged"].brier, 0.05);
}

}  // namespace
}  // namespace candor::arguments
