// Objectives trained to their optimum on a tabular policy: the theorems of their headers.
#include <gtest/gtest.h>

#include <cmath>

#include "align/test_pairs.h"
#include "candor/align/rejection_sampling.h"
#include "candor/align/self_play.h"
#include "candor/base/math.h"

namespace candor::align {
namespace {

constexpr std::size_t n = 4;

std::vector<double> random_rewards(std::uint64_t seed) {
  RandomStream random(seed);
  std::vector<double> reward(n);
  for (double& r : reward) r = random.normal();
  return reward;
}

/// Preferences without a reward behind them.
WinMatrix random_wins(std::uint64_t seed) {
  RandomStream random(seed);
  std::vector<double> win(n * n, 0.5);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < i; ++j) win[j * n + i] = 1 - (win[i * n + j] = random.uniform());
  return must(WinMatrix::create(n, std::move(win)));
}

const auto even = [](std::size_t, std::size_t) { return 1.0; };

void expect_law(const policy::TabularPolicy& policy, const std::vector<double>& expected) {
  const std::vector<double> got = policy.probabilities(0);
  for (std::size_t y = 0; y < got.size(); ++y) EXPECT_NEAR(got[y], expected[y], 1e-7);
}

TEST(DpoTraining, labels_of_rewards_give_the_reference_tilted_by_them) {
  const auto reward = random_rewards(1);
  auto policy = random_policy(n, 2);
  const auto reference = policy->probabilities(0);
  auto pairs = all_pairs(
      n, [&](std::size_t i, std::size_t j) { return 1 / (1 + std::exp(reward[j] - reward[i])); },
      even);
  must(cache_reference(*policy, pairs));
  descend(*policy, pairs, *must(make_objective("dpo", {.beta = 0.8})), 4, 4000);
  expect_law(*policy, tilted(reference, reward, 0.8));
}

TEST(DpoTraining, the_pooled_probability_itself_is_learned) {
  auto policy = random_policy(2, 3);
  std::vector<PreferencePair> pair = {{.a = answer(0), .b = answer(1), .label = 0.8}};
  must(cache_reference(*policy, pair));
  const double before = policy->logits(0)[0] - policy->logits(0)[1];
  descend(*policy, pair, *must(make_objective("dpo", {.beta = 1})), 1, 2000);
  const double gap = policy->logits(0)[0] - policy->logits(0)[1];
  EXPECT_NEAR(gap - before, std::log(4.0), 1e-9) << "the pooled probability itself is learned";
}

TEST(IpoTraining, the_squared_loss_projects_preferences_on_differences) {
  // With every pair equally often, the fit of (2p-1)/(2 tau) by f_a - f_b is the row mean.
  const WinMatrix wins = random_wins(4);
  auto policy = random_policy(n, 5);
  std::vector<double> expected(policy->logits(0).begin(), policy->logits(0).end());
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j)
      expected[i] += (2 * wins.at(i, j) - 1) / (2 * 0.5) / static_cast<double>(n);
  softmax(expected);
  auto pairs = all_pairs(n, [&](std::size_t i, std::size_t j) { return wins.at(i, j); }, even);
  must(cache_reference(*policy, pairs));
  descend(*policy, pairs, *must(make_objective("ipo", {.ipo_tau = 0.5})), 0.5, 2000);
  expect_law(*policy, expected);
}

TEST(RobustDpoTraining, flipped_labels_give_the_clean_optimum) {
  const auto reward = random_rewards(6);
  auto policy = random_policy(n, 7);
  const auto reference = policy->probabilities(0);
  const auto flipped = [&](std::size_t i, std::size_t j) {
    const double p = 1 / (1 + std::exp(reward[j] - reward[i]));
    return p * 0.7 + (1 - p) * 0.3;
  };
  auto pairs = all_pairs(n, flipped, even);
  must(cache_reference(*policy, pairs));
  descend(*policy, pairs, *must(make_objective("robust-dpo", {.beta = 0.8, .flip_rate = 0.3})), 4,
          4000);
  expect_law(*policy, tilted(reference, reward, 0.8));
}

TEST(HingeTraining, pairs_end_one_apart_whatever_the_certainty) {
  for (const double p : {0.6, 0.99}) {
    auto policy = random_policy(2, 8);
    std::vector<PreferencePair> pair = {{.a = answer(0), .b = answer(1), .label = p}};
    must(cache_reference(*policy, pair));
    const double before = policy->logits(0)[0] - policy->logits(0)[1];
    descend(*policy, pair, *must(make_objective("hinge", {.beta = 0.5})), 0.002, 20000);
    EXPECT_NEAR(0.5 * (policy->logits(0)[0] - policy->logits(0)[1] - before), 1, 5e-3);
  }
}

TEST(SimpoTraining, mean_log_probabilities_reach_the_stated_gap) {
  policy::TabularShape shape{.prompts = {{0}}, .answers = {{1}, {2, 2}, {3}}};
  shape.optimiser = policy::Optimiser::plain;
  auto policy = must(policy::TabularPolicy::create(shape));
  std::vector<PreferencePair> pair = {
      {.a = policy->sequence(0, 0), .b = policy->sequence(0, 1), .label = 0.7}};
  descend(*policy, pair, *must(make_objective("simpo", {.beta = 2, .simpo_margin = 0})), 0.5, 4000);
  const auto law = policy->probabilities(0);
  EXPECT_NEAR(2 * (std::log(law[0]) - std::log(law[1]) / 2), std::log(0.7 / 0.3), 1e-8);
}

TEST(InpoTraining, a_round_is_the_stated_step_of_mirror_descent) {
  const WinMatrix wins = random_wins(9);
  auto policy = random_policy(n, 10);
  auto reference = random_policy(n, 11);
  const double eta = 0.6;
  const double tau = 0.25;
  const auto current = policy->probabilities(0);
  const auto rate = wins.win_rates(current);
  std::vector<double> expected(n);
  for (std::size_t y = 0; y < n; ++y)
    expected[y] = (1 - tau / eta) * std::log(current[y]) +
                  tau / eta * std::log(reference->probabilities(0)[y]) + rate[y] / eta;
  softmax(expected);
  auto pairs = all_pairs(
      n, [&](std::size_t i, std::size_t j) { return wins.at(i, j); },
      [&](std::size_t i, std::size_t j) { return current[i] * current[j]; });
  must(cache_reference(*reference, pairs));
  must(cache_previous(*policy, pairs));
  descend(*policy, pairs, *must(make_objective("inpo", {.eta = eta, .inpo_tau = tau})), 8, 6000);
  expect_law(*policy, expected);
}

/// The label of (a, b) in the mean over the k-2 further answers that they are compared with.
double mean_label(const WinMatrix& wins, const std::vector<double>& rate, std::size_t a,
                  std::size_t b, double k) {
  const double difference = ((k - 2) * (rate[a] - rate[b]) + 2 * wins.at(a, b) - 1) / (k - 1);
  return 0.5 + difference / 2;
}

TEST(SpoTraining, a_round_is_a_step_of_hedge_whatever_the_number_of_samples) {
  for (const std::size_t k : {2U, 3U, 8U}) {
    const WinMatrix wins = random_wins(12);
    auto policy = random_policy(n, 13);
    const auto current = policy->probabilities(0);
    const auto rate = wins.win_rates(current);
    std::vector<double> expected(n);
    for (std::size_t y = 0; y < n; ++y) expected[y] = std::log(current[y]) + rate[y] / 0.7;
    softmax(expected);
    auto pairs = all_pairs(
        n,
        [&](std::size_t i, std::size_t j) {
          return mean_label(wins, rate, i, j, static_cast<double>(k));
        },
        [&](std::size_t i, std::size_t j) { return current[i] * current[j]; });
    must(cache_previous(*policy, pairs));
    descend(*policy, pairs, *must(make_objective("spo", {.eta = 0.7, .samples = k})), 8, 6000);
    expect_law(*policy, expected);
  }
}

TEST(RewardModelTraining, rewards_are_found_again_up_to_a_constant) {
  const auto reward = random_rewards(14);
  auto model = must(policy::TabularRewardModel::create(one_prompt(n)));
  const auto pairs = all_pairs(
      n, [&](std::size_t i, std::size_t j) { return 1 / (1 + std::exp(reward[j] - reward[i])); },
      even);
  descend(*model, pairs, *must(make_objective("reward-model")), 4, 4000);
  for (std::size_t y = 1; y < n; ++y)
    EXPECT_NEAR(model->rewards(0)[y] - model->rewards(0)[0], reward[y] - reward[0], 1e-7);
}

TEST(RewardModelTraining, a_margin_and_a_soft_label_add_up) {
  auto model = must(policy::TabularRewardModel::create(one_prompt(2)));
  const std::vector<PreferencePair> pair = {
      {.a = answer(0), .b = answer(1), .label = 0.8, .margin = 0.5}};
  descend(*model, pair, *must(make_objective("reward-model", {.use_margin = true})), 1, 2000);
  EXPECT_NEAR(model->rewards(0)[0] - model->rewards(0)[1], 0.5 + std::log(4.0), 1e-9);
}

}  // namespace
}  // namespace candor::align
