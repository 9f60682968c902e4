#include "lm/rotary.h"

#include <gtest/gtest.h>

#include "lm/reference_transformer_oracle.h"

namespace candor::lm {
namespace {

using checkpoint::RopeScaling;

checkpoint::ModelConfig heads_of(std::size_t head_width) {
  checkpoint::ModelConfig config;
  config.head_width = head_width;
  return config;
}

TEST(Rotary, WorkedExample) {
  checkpoint::ModelConfig config = heads_of(4);
  EXPECT_EQ(rotary_frequencies(config), (std::vector<double>{1.0, 0.01}));
  config.rope_scaling = {.kind = RopeScaling::Kind::linear, .factor = 2.0};
  EXPECT_EQ(rotary_frequencies(config), (std::vector<double>{0.5, 0.005}));
}

TEST(Rotary, NoneForLearnedPositions) {
  checkpoint::ModelConfig config = heads_of(4);
  config.architecture = checkpoint::Architecture::gpt2;
  EXPECT_TRUE(rotary_frequencies(config).empty());
}

// Fast pairs stay, slow ones are divided by the factor, those between lie between.
TEST(Rotary, Llama3StretchesOnlySlowPairs) {
  checkpoint::ModelConfig config = heads_of(64);
  const std::vector<double> plain = rotary_frequencies(config);
  config.rope_scaling = {.kind = RopeScaling::Kind::llama3, .factor = 8.0};
  const std::vector<double> stretched = rotary_frequencies(config);
  EXPECT_EQ(stretched.front(), plain.front());
  EXPECT_DOUBLE_EQ(stretched.back(), plain.back() / 8.0);
  std::size_t between = 0;
  for (std::size_t i = 0; i < plain.size(); ++i) {
    EXPECT_NEAR(stretched[i], oracle::frequency(config, i), 1e-15);
    between += stretched[i] < plain[i] && stretched[i] > plain[i] / 7.9 ? 1U : 0U;
  }
  EXPECT_GT(between, 0U);
}

}  // namespace
}  // namespace candor::lm
