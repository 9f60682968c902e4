#include "lm/transformer.h"

#include <gtest/gtest.h>

#include <set>

#include "lm/small_models.h"

namespace candor::lm {
namespace {

using small::Architecture;
using small::relative_difference;
using torch::Tensor;

Tensor oracle_logits(const Transformer& model, const std::vector<std::int64_t>& tokens) {
  return small::matrix(oracle::logits(model->config(), small::parameters_of(model), tokens));
}

Tensor all_logits(Transformer& model, const Tensor& tokens) {
  return model->logits(model->hidden(tokens));
}

// Scores of the tokens in a batch, weighted unevenly: something to differentiate.
Tensor some_loss(Transformer& model, const Tensor& tokens) {
  const Tensor logits = all_logits(model, tokens);
  const Tensor weight = at::arange(1, tokens.numel() + 1, torch::kFloat64).view(tokens.sizes());
  const Tensor chosen =
      at::log_softmax(logits, -1).gather(-1, tokens.roll(-1, 1).unsqueeze(-1)).squeeze(-1);
  return (chosen * weight.to(chosen.dtype())).sum();
}

Tensor two_rows(const checkpoint::ModelConfig& config) {
  return at::cat(
      {small::row(small::draw_tokens(config, 6, 3)), small::row(small::draw_tokens(config, 6, 4))});
}

TEST(Transformer, LogitsEqualTheOracleInDouble) {
  for (const checkpoint::ModelConfig& config : small::configs()) {
    Transformer model = small::model_of(config, 1);
    const std::vector<std::int64_t> tokens = small::draw_tokens(config, 11, 2);
    const Tensor logits = all_logits(model, small::row(tokens))[0];
    EXPECT_LT(relative_difference(logits, oracle_logits(model, tokens)), 1e-12);
  }
}

TEST(Transformer, LogitsEqualTheOracleInSinglePrecision) {
  for (const checkpoint::ModelConfig& config : small::configs()) {
    Transformer model = small::model_of(config, 1);
    model->to(torch::kFloat32);
    const std::vector<std::int64_t> tokens = small::draw_tokens(config, 11, 2);
    const Tensor logits = all_logits(model, small::row(tokens))[0];
    EXPECT_EQ(logits.scalar_type(), torch::kFloat32);
    EXPECT_LT(relative_difference(logits, oracle_logits(model, tokens)), 1e-5);
  }
}

TEST(Transformer, RowsOfABatchDoNotTouchEachOther) {
  for (const checkpoint::ModelConfig& config : small::configs()) {
    Transformer model = small::model_of(config, 1);
    const Tensor batch = two_rows(config);
    const Tensor together = all_logits(model, batch);
    for (int i = 0; i < 2; ++i) {
      EXPECT_LT(relative_difference(together[i], all_logits(model, batch.narrow(0, i, 1))[0]),
                1e-12);
    }
  }
}

TEST(Transformer, LaterTokensChangeNothingBefore) {
  for (const checkpoint::ModelConfig& config : small::configs()) {
    Transformer model = small::model_of(config, 1);
    const Tensor tokens = small::row(small::draw_tokens(config, 9, 2));
    const Tensor front = all_logits(model, tokens.narrow(1, 0, 4));
    EXPECT_LT(relative_difference(all_logits(model, tokens).narrow(1, 0, 4), front), 1e-12);
  }
}

TEST(Transformer, PieceByPieceThroughACacheEqualsOnePass) {
  for (const checkpoint::ModelConfig& config : small::configs()) {
    Transformer model = small::model_of(config, 1);
    const torch::NoGradGuard no_gradient;
    const Tensor tokens = two_rows(config);
    KeyValueCache cache;
    std::vector<Tensor> pieces;
    std::int64_t at = 0;
    for (const std::int64_t length : {2, 1, 3}) {
      pieces.push_back(model->hidden(tokens.narrow(1, at, length), {}, &cache));
      at += length;
      EXPECT_EQ(cache.length(), at);
    }
    EXPECT_LT(relative_difference(at::cat(pieces, 1), model->hidden(tokens)), 1e-12);
  }
}

// Rows of lengths 6 and 4, the second with two padding tokens before it.
TEST(Transformer, LeftPaddingEqualsNoPadding) {
  for (const checkpoint::ModelConfig& config : small::configs()) {
    Transformer model = small::model_of(config, 1);
    const Tensor tokens = two_rows(config);
    const Tensor first = torch::tensor({0, 2}, torch::kInt64);
    const Tensor padded = model->hidden(tokens, first);
    const Tensor alone = model->hidden(tokens.narrow(0, 1, 1).narrow(1, 2, 4));
    EXPECT_LT(relative_difference(padded[0], model->hidden(tokens.narrow(0, 0, 1))[0]), 1e-12);
    EXPECT_LT(relative_difference(padded[1].narrow(0, 2, 4), alone[0]), 1e-12);
    EXPECT_TRUE(padded.isfinite().all().item<bool>()) << "padding must not spread NaN";

    const torch::NoGradGuard no_gradient;
    KeyValueCache cache;
    const Tensor prompt = model->hidden(tokens.narrow(1, 0, 4), first, &cache);
    const Tensor next = model->hidden(tokens.narrow(1, 4, 1), first, &cache);
    const Tensor last = model->hidden(tokens.narrow(1, 5, 1), first, &cache);
    EXPECT_LT(relative_difference(at::cat({prompt, next, last}, 1)[1].narrow(0, 2, 4), alone[0]),
              1e-12);
  }
}

// Along one random direction for each parameter tensor.
TEST(Transformer, GradientsEqualDifferences) {
  for (const checkpoint::ModelConfig& config : small::configs()) {
    Transformer model = small::model_of(config, 1);
    const Tensor tokens = two_rows(config);
    some_loss(model, tokens).backward();
    const torch::NoGradGuard no_gradient;
    RandomStream random(5);
    for (auto& named : model->named_parameters()) {
      Tensor& parameter = named.value();
      Tensor direction = torch::empty(parameter.sizes(), torch::kFloat64);
      for (std::int64_t i = 0; i < direction.numel(); ++i) {
        direction.data_ptr<double>()[i] = random.normal();
      }
      constexpr double step = 1e-6;
      parameter.add_(direction, step);
      const double above = some_loss(model, tokens).item<double>();
      parameter.sub_(direction, 2.0 * step);
      const double below = some_loss(model, tokens).item<double>();
      parameter.add_(direction, step);
      const double expected = (above - below) / (2.0 * step);
      const double got = (parameter.grad() * direction).sum().item<double>();
      EXPECT_NEAR(got, expected, 1e-6 * std::max(1.0, std::abs(expected))) << named.key();
    }
  }
}

TEST(Transformer, RecomputingActivationsGivesTheSameGradients) {
  for (const checkpoint::ModelConfig& config : small::configs()) {
    Transformer plain = small::model_of(config, 1);
    Transformer recomputing = small::model_of(config, 1);
    recomputing->checkpoint_activations(true);
    const Tensor tokens = two_rows(config);
    const Tensor loss = some_loss(plain, tokens);
    const Tensor same_loss = some_loss(recomputing, tokens);
    EXPECT_EQ(loss.item<double>(), same_loss.item<double>());
    loss.backward();
    same_loss.backward();
    const auto expected = plain->named_parameters();
    for (const auto& named : recomputing->named_parameters()) {
      EXPECT_TRUE(at::equal(named.value().grad(), expected[named.key()].grad())) << named.key();
    }
  }
}

// Adapters leave the embedding frozen: then nothing before the first block needs a gradient.
TEST(Transformer, RecomputingReachesBlocksBehindAFrozenEmbedding) {
  const checkpoint::ModelConfig config = small::config_of(Architecture::llama);
  const Tensor tokens = two_rows(config);
  std::vector<Tensor> gradients;
  for (const bool recompute : {false, true}) {
    Transformer model = small::model_of(config, 1);
    for (Tensor& parameter : model->parameters()) parameter.set_requires_grad(false);
    Tensor trained = model->named_parameters()["model.layers.0.self_attn.q_proj.weight"];
    trained.set_requires_grad(true);
    model->checkpoint_activations(recompute);
    some_loss(model, tokens).backward();
    gradients.push_back(trained.grad());
  }
  EXPECT_GT(gradients[0].abs().max().item<double>(), 0.0);
  EXPECT_TRUE(at::equal(gradients[0], gradients[1]));
}

TEST(Transformer, ParametersHaveTheCanonicalNamesAndNumber) {
  for (const checkpoint::ModelConfig& config : small::configs()) {
    const Transformer model(config);
    std::set<std::string> names;
    std::size_t numbers = 0;
    for (const auto& named : model->named_parameters()) {
      names.insert(named.key());
      numbers += static_cast<std::size_t>(named.value().numel());
    }
    std::set<std::string> expected;
    for (const auto& tensor : checkpoint::tensors_of(config)) expected.insert(tensor.name);
    EXPECT_EQ(names, expected);
    EXPECT_EQ(numbers, config.parameters());
  }
}

TEST(Transformer, InitialParametersAreAFunctionOfTheSeed) {
  checkpoint::ModelConfig config = small::config_of(Architecture::llama);
  config.width = 64;
  config.vocabulary = 500;
  Transformer model(config);
  model->initialise(7);
  const auto parameters = model->named_parameters();
  const Tensor embedding = parameters["model.embed_tokens.weight"];
  EXPECT_EQ(embedding[0][0].item<float>(), static_cast<float>(0.02 * RandomStream(7, 0).normal()));
  EXPECT_NEAR(embedding.std().item<double>(), 0.02, 0.0005);
  EXPECT_NEAR(parameters["model.layers.1.mlp.down_proj.weight"].std().item<double>(), 0.01, 0.001);
  EXPECT_TRUE(parameters["model.norm.weight"].eq(1.0).all().item<bool>());

  Transformer other(config);
  other->initialise(8);
  EXPECT_FALSE(at::equal(other->named_parameters()["model.embed_tokens.weight"], embedding));
}

TEST(Transformer, LinearLayersCarryTheirPaths) {
  const Transformer gpt2(small::config_of(Architecture::gpt2));
  EXPECT_EQ(gpt2->linear_layers().size(), 8U);
  EXPECT_EQ(gpt2->linear_layers().front().first, "transformer.h.0.attn.c_attn");
  const Transformer llama(small::config_of(Architecture::llama));
  EXPECT_EQ(llama->linear_layers().size(), 15U);
  EXPECT_EQ(llama->linear_layers().back().first, "lm_head");
}

}  // namespace
}  // namespace candor::lm
