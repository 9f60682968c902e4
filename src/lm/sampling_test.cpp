#include "lm/sampling.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include "candor/base/random.h"

namespace {

using candor::ErrorCode;
using candor::RandomStream;
using candor::lm::check_options;
using candor::lm::choose_token;
using candor::policy::GenerateOptions;
using candor::policy::Token;

const std::vector<float> one_two_five = {0.0F, std::log(2.0F), std::log(5.0F)};

Token chosen(std::span<const float> logits, const GenerateOptions& options, double uniform) {
  const auto token = choose_token(logits, options, uniform);
  EXPECT_TRUE(token.ok());
  return token.ok() ? *token : -1;
}

TEST(Sampling, WorkedExample) {
  EXPECT_EQ(chosen(one_two_five, {}, 0.1), 0);  // 1/8
  EXPECT_EQ(chosen(one_two_five, {}, 0.3), 1);  // up to 3/8
  EXPECT_EQ(chosen(one_two_five, {}, 0.4), 2);
  EXPECT_EQ(chosen(one_two_five, {.top_k = 2}, 0.28), 1);  // 2/7
  EXPECT_EQ(chosen(one_two_five, {.top_k = 2}, 0.3), 2);
  EXPECT_EQ(chosen(one_two_five, {.top_p = 0.6}, 0.0), 2);
  EXPECT_EQ(chosen(one_two_five, {.top_p = 0.7}, 0.0), 1);
}

TEST(Sampling, HighTemperatureFlattensAndZeroTakesTheLikeliest) {
  // Temperature 2: 1, sqrt 2, sqrt 5, of 4.65.
  EXPECT_EQ(chosen(one_two_five, {.temperature = 2.0}, 0.21), 0);
  EXPECT_EQ(chosen(one_two_five, {.temperature = 2.0}, 0.22), 1);
  EXPECT_EQ(chosen(one_two_five, {.temperature = 2.0}, 0.51), 1);
  EXPECT_EQ(chosen(one_two_five, {.temperature = 2.0}, 0.53), 2);
  const std::vector<float> tie = {1.0F, 3.0F, 3.0F};
  EXPECT_EQ(chosen(tie, {.temperature = 0.0}, 0.99), 1);
}

TEST(Sampling, OfEqualsTheLowerNumberIsKept) {
  const std::vector<float> tie(4, 1.0F);
  EXPECT_EQ(chosen(tie, {.top_k = 2}, 0.99), 1);
  EXPECT_EQ(chosen(tie, {.top_p = 0.25}, 0.99), 0);
}

TEST(Sampling, TinyTemperatureAndMinusInfinityAreNoNumbersToStumbleOver) {
  const float never = -std::numeric_limits<float>::infinity();
  const std::vector<float> logits = {never, 80.0F, -80.0F, never};
  for (const double uniform : {0.0, 0.5, 1.0 - 0x1p-53}) {
    EXPECT_EQ(chosen(logits, {.temperature = 1e-6}, uniform), 1);
    EXPECT_EQ(chosen(logits, {.top_p = 0.999}, uniform), 1);
  }
}

TEST(Sampling, RefusesLogitsThatAreNotNumbers) {
  const float infinity = std::numeric_limits<float>::infinity();
  for (const float bad : {std::nanf(""), infinity}) {
    const auto token = choose_token(std::vector<float>{0.0F, bad}, {.temperature = 0.0}, 0.5);
    ASSERT_FALSE(token.ok());
    EXPECT_EQ(token.error().code, ErrorCode::out_of_range);
  }
  EXPECT_FALSE(choose_token(std::vector<float>{-infinity, -infinity}, {}, 0.5).ok());
}

TEST(Sampling, OptionsOutOfRangeAreNamed) {
  const auto field = [](const GenerateOptions& options) {
    const auto status = check_options(options);
    return status.ok() ? std::string() : status.error().field;
  };
  EXPECT_EQ(field({.max_tokens = 0}), "max_tokens");
  EXPECT_EQ(field({.temperature = -1.0}), "temperature");
  EXPECT_EQ(field({.temperature = std::nan("")}), "temperature");
  EXPECT_EQ(field({.top_p = 0.0}), "top_p");
  EXPECT_EQ(field({.top_p = 1.5}), "top_p");
  EXPECT_EQ(field({}), "");
}

// The distribution by its definition: sort, cut, cut, normalise.
std::vector<double> exact_distribution(const std::vector<float>& logits,
                                       const GenerateOptions& options) {
  std::vector<std::size_t> order(logits.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return logits[a] > logits[b]; });
  if (options.top_k > 0 && options.top_k < order.size()) order.resize(options.top_k);
  const auto mass = [&](std::size_t v) {
    return std::exp(double{logits[v]} / options.temperature);
  };
  double all = 0.0;
  for (const std::size_t v : order) all += mass(v);
  double held = 0.0;
  std::size_t kept = 0;
  while (kept < order.size() && held < options.top_p * all) held += mass(order[kept++]);
  std::vector<double> probability(logits.size(), 0.0);
  for (std::size_t i = 0; i < kept; ++i) probability[order[i]] = mass(order[i]) / held;
  return probability;
}

// Pearson's statistic of 10,000 draws, and the degrees of freedom.
std::pair<double, double> chi_square(const std::vector<float>& logits,
                                     const GenerateOptions& options, RandomStream& random) {
  constexpr int draws = 10'000;
  const std::vector<double> probability = exact_distribution(logits, options);
  std::vector<double> count(logits.size(), 0.0);
  for (int i = 0; i < draws; ++i)
    count[static_cast<std::size_t>(chosen(logits, options, random.uniform()))] += 1.0;
  double statistic = 0.0;
  double freedom = -1.0;
  for (std::size_t v = 0; v < logits.size(); ++v) {
    if (probability[v] == 0.0) {
      EXPECT_EQ(count[v], 0.0) << "token " << v << " was cut";
      continue;
    }
    const double expected = draws * probability[v];
    statistic += (count[v] - expected) * (count[v] - expected) / expected;
    freedom += 1.0;
  }
  return {statistic, freedom};
}

TEST(Sampling, DrawsFollowTheExactDistribution) {
  RandomStream random(3);
  std::vector<float> logits(100);
  for (float& logit : logits) logit = static_cast<float>(random.normal());
  for (const GenerateOptions& options :
       {GenerateOptions{}, GenerateOptions{.temperature = 0.7, .top_k = 20},
        GenerateOptions{.temperature = 1.5, .top_p = 0.8},
        GenerateOptions{.top_k = 60, .top_p = 0.9}}) {
    const auto [statistic, freedom] = chi_square(logits, options, random);
    // Six deviations of a chi-square of so many degrees.
    EXPECT_LT(statistic, freedom + 6.0 * std::sqrt(2.0 * freedom));
    EXPECT_GT(statistic, freedom - 6.0 * std::sqrt(2.0 * freedom));
  }
}

}  // namespace
