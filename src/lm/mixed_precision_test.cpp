#include "lm/mixed_precision.h"

#include <gtest/gtest.h>

#include "lm/small_models.h"

namespace candor::lm {
namespace {

using torch::Tensor;

TEST(MixedPrecision, IsOnInsideAGuardOnly) {
  EXPECT_FALSE(mixed_precision_state().cpu);
  {
    const MixedPrecisionGuard guard(Precision::bf16, {});
    EXPECT_TRUE(mixed_precision_state().cpu);
    const MixedPrecisionGuard inner(Precision::f32, {});
    EXPECT_FALSE(mixed_precision_state().cpu);
  }
  EXPECT_FALSE(mixed_precision_state().cpu);
}

struct Pass {
  double loss = 0.0;
  std::vector<Tensor> gradients;
};

Pass pass(Precision precision, bool recompute) {
  Transformer model(small::config_of(small::Architecture::qwen2));
  small::randomise(model, 1);
  model->checkpoint_activations(recompute);
  Tensor loss;
  {
    const MixedPrecisionGuard guard(precision, {});
    loss =
        model->logits(model->hidden(small::row({1, 2, 3, 4}))).to(torch::kFloat32).square().mean();
  }
  loss.backward();
  Pass result{.loss = loss.item<double>(), .gradients = {}};
  for (const Tensor& parameter : model->parameters()) result.gradients.push_back(parameter.grad());
  return result;
}

// The backward pass lies outside of the guard; what it computes again must be in bf16 all the same,
// and reach every parameter.
TEST(MixedPrecision, RecomputingGivesTheSameGradients) {
  if (!precision_of("bf16", {}).ok()) GTEST_SKIP() << "no bf16 on this processor";
  const Pass exact = pass(Precision::f32, false);
  const Pass plain = pass(Precision::bf16, false);
  const Pass recomputed = pass(Precision::bf16, true);
  EXPECT_EQ(plain.loss, recomputed.loss);
  EXPECT_NE(plain.loss, exact.loss);
  EXPECT_NEAR(plain.loss, exact.loss, 0.05 * exact.loss);
  for (std::size_t i = 0; i < plain.gradients.size(); ++i) {
    ASSERT_TRUE(recomputed.gradients[i].defined());
    EXPECT_EQ(recomputed.gradients[i].scalar_type(), torch::kFloat32);
    EXPECT_TRUE(at::equal(recomputed.gradients[i], plain.gradients[i])) << i;
  }
}

}  // namespace
}  // namespace candor::lm
