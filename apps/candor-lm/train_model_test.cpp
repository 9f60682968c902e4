#include "train_model.h"

#include <gtest/gtest.h>

namespace candor::app {
namespace {

// Two blocks of width 8: q_proj is [8, 8], so an adapter of rank 2 on it has 2 (8 + 8) numbers.
checkpoint::ModelConfig two_blocks() {
  checkpoint::ModelConfig config;
  config.architecture = checkpoint::Architecture::llama;
  config.vocabulary = 20;
  config.context = config.width = config.hidden = 8;
  config.layers = config.heads = config.kv_heads = 2;
  config.head_width = 4;
  return config;
}

std::size_t trained_with(const std::string& targets) {
  TrainOptions options;
  options.lora = 2;
  options.lora_targets = targets;
  return trained_parameters(options, two_blocks());
}

TEST(TrainedParameters, OfTheLayersThatTheTargetsMean) {
  EXPECT_EQ(trained_with("q_proj"), 64U);
  EXPECT_EQ(trained_with("model.layers.0.self_attn.q_proj"), 32U);
  EXPECT_EQ(trained_with("self_attn.q_proj,model.layers.1.self_attn.v_proj"), 96U);
  EXPECT_EQ(trained_with("all-linear"), 2U * 7U * 32U);
  EXPECT_EQ(trained_with("q_proj,all-linear"), 2U * 7U * 32U);
  EXPECT_EQ(trained_with("lm_head"), 2U * (20U + 8U));
  EXPECT_EQ(trained_with("embed_tokens"), 0U);
}

}  // namespace
}  // namespace candor::app
