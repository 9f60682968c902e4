#include <gtest/gtest.h>

#include "candor/policy/bigram_policy.h"

namespace candor::policy {
namespace {

// One step up the score of "0 1", with a gradient of this scale.
void learn(BigramPolicy& policy, double scale, StepOptions step) {
  const Sequence sequence{{0, 1}, 1};
  ASSERT_TRUE(policy.forward(std::span(&sequence, 1)).ok());
  const double derivative = -scale;
  ASSERT_TRUE(policy.backward(std::span(&derivative, 1)).ok());
  step.max_gradient_norm = 0.0;
  ASSERT_TRUE(policy.step(step).ok());
}

// How far ten steps of rate .01 move a logit after many with gradients a thousandth as large.
double move_after_small_gradients(bool first) {
  auto made = BigramPolicy::create({.vocabulary = 2, .context = 4});
  const std::unique_ptr<BigramPolicy> policy = std::move(*made);
  for (int i = 0; i < 3000; ++i) learn(*policy, 1e-3, {.learning_rate = 0.0});
  for (int i = 0; i < 10; ++i)
    learn(*policy, 1.0, {.learning_rate = 0.01, .first = first && i == 0});
  return policy->logits(0)[1];
}

// AdamW moves a parameter by about its learning rate a step, at most; with stale moments several
// times that.
TEST(FirstStep, StartsTheMomentsAnew) {
  EXPECT_NEAR(move_after_small_gradients(true), 0.1, 0.005);
  EXPECT_GT(move_after_small_gradients(false), 0.3);
}

}  // namespace
}  // namespace candor::policy
