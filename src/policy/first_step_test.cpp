#include <gtest/gtest.h>

#include "candor/policy/bigram_policy.h"

namespace candor::policy {
namespace {

// One step up the score of "0 1", scaled.
void learn(BigramPolicy& policy, double scale, bool first) {
  const Sequence sequence{{0, 1}, 1};
  ASSERT_TRUE(policy.forward(std::span(&sequence, 1)).ok());
  const double derivative = -scale;
  ASSERT_TRUE(policy.backward(std::span(&derivative, 1)).ok());
  ASSERT_TRUE(policy.step({.learning_rate = 0.01, .max_gradient_norm = 0.0, .first = first}).ok());
}

// What the moments of an earlier objective, with gradients a thousandth as large, do to the next.
double move_after_small_gradients(bool first) {
  auto made = BigramPolicy::create({.vocabulary = 2, .context = 4});
  const std::unique_ptr<BigramPolicy> policy = std::move(*made);
  for (int i = 0; i < 200; ++i) learn(*policy, 1e-3, false);
  const double before = policy->logits(0)[1];
  learn(*policy, 1.0, first);
  return policy->logits(0)[1] - before;
}

// AdamW moves a parameter by about its learning rate, at most; with stale moments many times that.
TEST(FirstStep, StartsTheMomentsAnew) {
  EXPECT_NEAR(move_after_small_gradients(true), 0.01, 1e-6);
  EXPECT_GT(move_after_small_gradients(false), 0.02);
}

}  // namespace
}  // namespace candor::policy
