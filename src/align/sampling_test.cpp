// Rejection sampling, best of n, extrapolation and divergence, on policies with known laws.
#include <gtest/gtest.h>

#include <cmath>

#include "align/test_pairs.h"
#include "candor/align/best_of_n.h"
#include "candor/align/divergence.h"
#include "candor/align/extrapolation.h"
#include "candor/align/rejection_sampling.h"
#include "candor/base/math.h"

namespace candor::align {
namespace {

using Prompts = std::vector<std::vector<policy::Token>>;

std::size_t answer_of(const policy::Sequence& sequence) {
  return static_cast<std::size_t>(sequence.answer()[0] - 1);
}

void expect_frequencies(const std::vector<double>& count, const std::vector<double>& law) {
  double total = 0;
  for (const double c : count) total += c;
  for (std::size_t y = 0; y < law.size(); ++y)
    EXPECT_NEAR(count[y] / total, law[y], 4.5 * std::sqrt(law[y] * (1 - law[y]) / total)) << y;
}

TEST(RejectionSampling, accepted_answers_follow_the_tilted_law) {
  auto policy = random_policy(4, 1);
  const std::vector<double> reward = {0.3, -1.0, 1.0, 0.8};
  const auto written = must(policy->generate(Prompts(60000, {0}), {}, 2));
  std::vector<double> drawn;
  for (const auto& s : written) drawn.push_back(reward[answer_of(s)]);
  RandomStream random(3);
  for (const double bound :
       {1.0, 1.5}) {  // the least bound that holds, and one with room for noise
    const auto kept = must(accept_samples(drawn, {.beta = 0.7, .bound = bound}, random));
    std::vector<double> count(4);
    for (const auto i : kept.index) count[answer_of(written[i])] += 1;
    expect_frequencies(count, tilted(policy->probabilities(0), reward, 0.7));
    double share = 0;
    for (std::size_t y = 0; y < 4; ++y)
      share += policy->probabilities(0)[y] * std::exp((reward[y] - bound) / 0.7);
    EXPECT_NEAR(static_cast<double>(kept.index.size()) / 60000, share, 0.01);
    EXPECT_EQ(kept.above_bound, 0U);
  }
}

TEST(RejectionSampling, without_a_bound_the_best_answer_drawn_is_always_accepted) {
  RandomStream random(4);
  const std::vector<double> rewards = {-3, 5, 1};
  const auto kept = must(accept_samples(rewards, {.beta = 1e-3}, random));
  EXPECT_EQ(kept.index, (std::vector<std::uint32_t>{1}));
  EXPECT_EQ(must(accept_samples(rewards, {.beta = 1, .bound = 2}, random)).above_bound, 1U);
  const auto one = must(accept_samples(rewards, {.beta = 1e9, .most = 1}, random));
  EXPECT_EQ(one.index.size(), 1U);
  EXPECT_EQ(one.tried, 1U);
  EXPECT_TRUE(must(accept_samples({}, {}, random)).index.empty());
}

TEST(RejectionSampling, worked_examples_and_refusals) {
  const auto law = tilted(std::vector<double>{.5, .5}, std::vector<double>{0, std::log(3.0)}, 1);
  EXPECT_NEAR(law[1], 0.75, 1e-15);
  const std::vector<double> rewards = {1, 0, 2};
  const auto pairs = label_by_reward(std::vector<std::uint32_t>{2, 1, 0}, rewards);
  ASSERT_EQ(pairs.size(), 1U) << "the odd last one is left out";
  EXPECT_EQ(pairs[0].a, 2U);
  EXPECT_NEAR(pairs[0].label, 1 / (1 + std::exp(-2.0)), 1e-15);
  RandomStream random(5);
  EXPECT_EQ(accept_samples(rewards, {.beta = 0}, random).error().field, "beta");
  EXPECT_EQ(accept_samples(rewards, {.bound = INFINITY}, random).error().field, "bound");
  EXPECT_EQ(accept_samples(std::vector<double>{NAN}, {}, random).error().field, "reward");
}

TEST(BestOfN, the_worked_example_and_the_law) {
  const std::vector<double> two =
      best_of_n_law(std::vector<double>{.5, .5}, std::vector<double>{0, 1}, 2);
  EXPECT_NEAR(two[0], .25, 1e-15);
  EXPECT_NEAR(two[1], .75, 1e-15);
  auto policy = random_policy(4, 6);
  auto model = must(policy::TabularRewardModel::create(one_prompt(4)));
  const std::vector<double> reward = {0.2, 1, 1, -3};  // with a tie at the top
  std::copy(reward.begin(), reward.end(), model->rewards(0).begin());
  std::vector<double> count(4);
  for (const auto& best : must(best_of_n(*policy, *model, Prompts(20000, {0}), 3, {}, 7))) {
    count[answer_of(best.sequence)] += 1;
    EXPECT_EQ(best.reward, reward[answer_of(best.sequence)]);
  }
  expect_frequencies(count, best_of_n_law(policy->probabilities(0), reward, 3));
  EXPECT_EQ(best_of_n(*policy, *model, Prompts{{0}}, 0, {}, 1).error().field, "n");
}

TEST(BestOfN, takes_the_first_best_of_each_prompts_own_answers) {
  auto policy = random_policy(5, 8);
  auto model = must(policy::TabularRewardModel::create(one_prompt(5)));
  for (std::size_t y = 0; y < 5; ++y) model->rewards(0)[y] = static_cast<double>(y % 3);
  const auto written = must(policy->generate(Prompts(12, {0}), {}, 9));
  const auto best = must(best_of_n(*policy, *model, Prompts(3, {0}), 4, {}, 9));
  for (std::size_t prompt = 0; prompt < 3; ++prompt) {
    std::size_t expected = 4 * prompt;
    for (std::size_t i = expected; i < 4 * prompt + 4; ++i)
      if (answer_of(written[i]) % 3 > answer_of(written[expected]) % 3) expected = i;
    EXPECT_EQ(best[prompt].sequence.tokens, written[expected].tokens);
  }
}

TEST(BestOfN, divergence_stays_below_its_bound) {
  RandomStream random(10);
  for (int trial = 0; trial < 100; ++trial) {
    const auto p = random_policy(6, random.next())->probabilities(0);
    std::vector<double> reward(6);
    for (double& r : reward) r = random.normal();
    for (const std::size_t n : {1U, 2U, 8U, 100U})
      EXPECT_LE(exact_divergence(best_of_n_law(p, reward, n), p),
                best_of_n_divergence_bound(n) + 1e-12);
  }
  EXPECT_NEAR(best_of_n_divergence_bound(2), 0.193147, 1e-6);
  // Many equally likely answers come close to it.
  const std::size_t many = 5000;
  std::vector<double> even(many, 1.0 / many);
  std::vector<double> reward(many);
  for (std::size_t y = 0; y < many; ++y) reward[y] = static_cast<double>(y);
  EXPECT_NEAR(exact_divergence(best_of_n_law(even, reward, 4), even), best_of_n_divergence_bound(4),
              1e-3);
}

TEST(Extrapolation, worked_examples) {
  EXPECT_EQ(extrapolate(std::vector<double>{0, 2}, std::vector<double>{0, 1}, 0.5),
            (std::vector<double>{0, 2.5}));
  EXPECT_EQ(accelerated_rounds(0, 7), 7);
  EXPECT_EQ(accelerated_rounds(0.5, 1), 1);
  EXPECT_EQ(accelerated_rounds(0.5, 2), 2.5);
  EXPECT_EQ(accelerated_rounds(0.5, 3), 4.25);
}

TEST(Extrapolation, momentum_walks_the_same_path_faster) {
  const std::vector<double> reward = {0.4, -0.2, 0.9};
  const double beta = 2;
  const double a = 0.6;
  std::vector<double> current = {0.3, 0.1, -0.5};
  std::vector<double> old = current;
  const std::vector<double> start = current;
  for (std::size_t t = 1; t <= 30; ++t) {
    std::vector<double> trained = current;  // an exact round: tilted by exp(reward / beta)
    for (std::size_t y = 0; y < 3; ++y) trained[y] += reward[y] / beta;
    current = extrapolate(trained, old, a);
    old = trained;
    const double rounds = accelerated_rounds(a, t);
    const auto time = static_cast<double>(t);
    EXPECT_NEAR(rounds, (time - a * (1 - std::pow(a, time)) / (1 - a)) / (1 - a), 1e-9);
    for (std::size_t y = 0; y < 3; ++y)
      EXPECT_NEAR(trained[y], start[y] + rounds * reward[y] / beta, 1e-9);
  }
}

/// The largest gap E_best[r] - E_q[r] over rewards (0, d) after so many plain rounds from uniform.
double worst_gap(double rounds, double beta) {
  double worst = 0;
  for (double d = 1e-4; d < 50; d *= 1.01)
    worst = std::max(worst, d / (1 + std::exp(d * rounds / beta)));
  return worst;
}

TEST(Extrapolation, the_claimed_factor_holds_in_the_limit_and_not_before) {
  const double beta = 3;
  const auto factor = [&](double a, std::size_t t) {
    return worst_gap(accelerated_rounds(a, t), beta) / worst_gap(static_cast<double>(t), beta);
  };
  for (const double a : {0.3, 0.6, 0.9}) {
    EXPECT_NEAR(factor(a, 1), 1, 1e-12) << "the first round gains nothing";
    EXPECT_GT(factor(a, 10), 1 - a);
    EXPECT_NEAR(factor(a, 3000) / (1 - a), 1, 0.01);
  }
  EXPECT_NEAR(factor(0.9, 10), 0.24, 0.01);
  EXPECT_NEAR(factor(0.9, 100), 0.11, 0.005);
  EXPECT_LT(worst_gap(10, beta * 0.1), worst_gap(accelerated_rounds(0.9, 10), beta))
      << "a smaller beta gains more";
}

TEST(Divergence, agrees_with_the_exact_one_within_its_error) {
  auto policy = random_policy(5, 11);
  auto reference = random_policy(5, 12);
  const Estimate kl = must(divergence(*policy, *reference, Prompts(20000, {0}), {}, 13));
  const double exact = exact_divergence(policy->probabilities(0), reference->probabilities(0));
  EXPECT_GT(exact, 0.1);
  EXPECT_LT(kl.standard_error, 0.02);
  EXPECT_NEAR(kl.mean, exact, 4 * kl.standard_error);
}

TEST(Divergence, worked_examples_and_refusals) {
  auto policy = random_policy(3, 14);
  const auto copy = must(policy->frozen_copy());
  const Estimate none = must(divergence(*policy, *copy, Prompts(10, {0}), {}, 1));
  EXPECT_EQ(none.mean, 0);
  EXPECT_EQ(none.standard_error, 0);
  EXPECT_NEAR(exact_divergence(std::vector<double>{1, 0}, std::vector<double>{.5, .5}),
              std::log(2.0), 1e-15);
  const auto field = [&](const policy::GenerateOptions& options) {
    return divergence(*policy, *copy, Prompts(1, {0}), options, 1).error().field;
  };
  EXPECT_EQ(field({.temperature = 0.7}), "temperature");
  EXPECT_EQ(field({.top_k = 5}), "top_k");
  EXPECT_EQ(field({.top_p = 0.9}), "top_p");
  EXPECT_FALSE(divergence(*policy, *copy, Prompts{}, {}, 1).ok());
}

}  // namespace
}  // namespace candor::align
