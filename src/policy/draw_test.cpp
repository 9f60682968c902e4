#include "candor/policy/draw.h"

#include <gtest/gtest.h>

#include <cmath>

#include "candor/base/math.h"

namespace candor::policy {
namespace {

const std::vector<double> logits = {0.0, portable_log(3.0), portable_log(6.0)};  // 1 : 3 : 6

void expect_near(const std::vector<double>& got, const std::vector<double>& expected) {
  ASSERT_EQ(got.size(), expected.size());
  for (std::size_t i = 0; i < got.size(); ++i) EXPECT_NEAR(got[i], expected[i], 1e-15) << i;
}

TEST(Draw, the_worked_example) {
  expect_near(draw_probabilities(logits, {.top_k = 2}), {0, 1.0 / 3, 2.0 / 3});
}

TEST(Draw, temperature_sharpens_or_picks_the_likeliest) {
  expect_near(draw_probabilities(logits, {.temperature = 0.5}), {1.0 / 46, 9.0 / 46, 36.0 / 46});
  expect_near(draw_probabilities(logits, {.temperature = 0}), {0, 0, 1});
  expect_near(draw_probabilities(std::vector<double>{2, 2, 1}, {.temperature = 0}), {1, 0, 0});
}

TEST(Draw, top_p_keeps_the_fewest_that_hold_the_mass) {
  expect_near(draw_probabilities(logits, {.top_p = 0.6}), {0, 0, 1});
  expect_near(draw_probabilities(logits, {.top_p = 0.61}), {0, 1.0 / 3, 2.0 / 3});
  expect_near(draw_probabilities(logits, {.top_p = 0.95}), {0.1, 0.3, 0.6});
}

TEST(Draw, of_equals_lower_numbers_stay) {
  expect_near(draw_probabilities(std::vector<double>{1, 1, 1, 1}, {.top_k = 2}), {0.5, 0.5, 0, 0});
}

TEST(Draw, frequencies_are_the_probabilities) {
  RandomStream random(5);
  std::vector<double> count(3);
  constexpr int draws = 40000;
  for (int i = 0; i < draws; ++i) count[draw(logits, {}, random)] += 1.0 / draws;
  const std::vector<double> expected = {0.1, 0.3, 0.6};
  for (std::size_t i = 0; i < 3; ++i)
    EXPECT_NEAR(count[i], expected[i], 4 * std::sqrt(expected[i] * (1 - expected[i]) / draws));
}

TEST(Draw, a_cold_draw_needs_no_random_number) {
  RandomStream random(5);
  RandomStream untouched(5);
  EXPECT_EQ(draw(logits, {.temperature = 0}, random), 2U);
  EXPECT_EQ(random.next(), untouched.next());
}

TEST(Draw, huge_logits_do_not_overflow) {
  const auto p = draw_probabilities(std::vector<double>{1e300, 0, -1e300}, {.temperature = 1e-3});
  expect_near(p, {1, 0, 0});
  expect_near(log_softmax(std::vector<double>{1000, 1000}), {-portable_log(2), -portable_log(2)});
}

TEST(Draw, names_the_option_that_is_out_of_range) {
  EXPECT_TRUE(check(GenerateOptions{}).ok());
  EXPECT_EQ(check(GenerateOptions{.max_tokens = 0}).error().field, "max_tokens");
  EXPECT_EQ(check(GenerateOptions{.temperature = -1}).error().field, "temperature");
  EXPECT_EQ(check(GenerateOptions{.top_p = 0}).error().field, "top_p");
  EXPECT_EQ(check(GenerateOptions{.top_p = 1.1}).error().field, "top_p");
}

}  // namespace
}  // namespace candor::policy
