#include "candor/checkpoint/model_config.h"

#include <gtest/gtest.h>

#include <functional>
#include <limits>

#include "checkpoint/test_files.h"

namespace candor::checkpoint {
namespace {

TEST(Architecture, WorkedExamples) {
  EXPECT_EQ(*architecture_of("llama"), Architecture::llama);
  expect_error(architecture_of("mamba"), ErrorCode::unsupported, {"mamba", "gpt2, llama, qwen2"});
}

// Counted by hand: width 4, two heads of 2, one for keys and values, hidden 6, vocabulary 5.
TEST(ModelConfig, CountsParameters) {
  ModelConfig config;
  config.vocabulary = 5;
  config.context = 8;
  config.width = 4;
  config.layers = 1;
  config.heads = 2;
  config.kv_heads = 1;
  config.head_width = 2;
  config.hidden = 6;
  ASSERT_TRUE(config.check().ok());
  const std::size_t layer = 4 + 4 * 4 + 2 * 4 + 2 * 4 + 4 * 4 + 4 + 3 * 6 * 4;
  EXPECT_EQ(config.parameters(), 5 * 4 + layer + 4 + 5 * 4U);
  config.tied_embeddings = true;
  EXPECT_EQ(config.parameters(), 5 * 4 + layer + 4);
  config.architecture = Architecture::qwen2;
  EXPECT_EQ(config.parameters(), 5 * 4 + layer + 4 + 4 + 2 + 2);
  config.architecture = Architecture::gpt2;
  config.kv_heads = 2;
  const std::size_t gpt2 = 4 * 4 + 4 * 12 + 12 + 4 * 4 + 4 + 4 * 6 + 6 + 6 * 4 + 4;
  EXPECT_EQ(config.parameters(), 5 * 4 + 8 * 4 + gpt2 + 2 * 4U);
}

// The 135M-parameter SmolLM2, as its authors count it.
TEST(ModelConfig, CountsParametersOfAKnownModel) {
  ModelConfig config;
  config.vocabulary = 49152;
  config.context = 8192;
  config.width = 576;
  config.layers = 30;
  config.heads = 9;
  config.kv_heads = 3;
  config.head_width = 64;
  config.hidden = 1536;
  config.tied_embeddings = true;
  EXPECT_EQ(config.parameters(), 134515008U);
}

struct Refused {
  std::string field;
  std::function<void(ModelConfig&)> spoil;
};

TEST(ModelConfig, RefusesShapesThatMakeNoNetwork) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  const std::vector<Refused> cases{
      {"vocabulary", [](auto& c) { c.vocabulary = 0; }},
      {"context", [](auto& c) { c.context = 0; }},
      {"width", [](auto& c) { c.width = std::size_t{1} << 60U; }},
      {"layers", [](auto& c) { c.layers = std::size_t{1} << 60U; }},
      {"heads", [](auto& c) { c.heads = 0; }},
      {"kv_heads", [](auto& c) { c.kv_heads = 3; }},
      {"kv_heads", [](auto& c) { c.kv_heads = 8; }},
      {"head_width", [](auto& c) { c.head_width = 7; }},
      {"hidden", [](auto& c) { c.hidden = 0; }},
      {"norm_epsilon", [](auto& c) { c.norm_epsilon = 0; }},
      {"rope_base", [](auto& c) { c.rope_base = infinity; }},
      {"rope_scaling.factor", [](auto& c) { c.rope_scaling = {RopeScaling::Kind::linear, -1.0}; }},
      {"rope_scaling.high_frequency_factor",
       [](auto& c) { c.rope_scaling = {RopeScaling::Kind::llama3, 8.0, 4.0, 4.0}; }},
      {"begin_token", [](auto& c) { c.begin_token = -1; }},
      {"end_tokens", [](auto& c) { c.end_tokens = {1, -2}; }},
  };
  for (const Refused& refused : cases) {
    ModelConfig config = small_config(Architecture::llama);
    ASSERT_TRUE(config.check().ok());
    refused.spoil(config);
    expect_error(config.check(), ErrorCode::out_of_range, {"\"" + refused.field + "\""});
  }
}

TEST(ModelConfig, Gpt2HasNoGroupsAndNoFreeHeadWidth) {
  ModelConfig config = small_config(Architecture::gpt2);
  ASSERT_TRUE(config.check().ok());
  config.kv_heads = 2;
  expect_error(config.check(), ErrorCode::out_of_range, {"kv_heads", "groups"});
  config = small_config(Architecture::gpt2);
  config.head_width = 4;
  expect_error(config.check(), ErrorCode::out_of_range, {"head_width"});
}

}  // namespace
}  // namespace candor::checkpoint
