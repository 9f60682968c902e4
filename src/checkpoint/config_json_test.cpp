#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "candor/checkpoint/model_config.h"
#include "checkpoint/test_files.h"

namespace candor::checkpoint {
namespace {

using nlohmann::json;

json llama() {
  return json::parse(config_json(small_config(Architecture::llama)));
}
Result<ModelConfig> parsed(const json& object) {
  return parse_config(object.dump(), "config.json");
}

TEST(ConfigJson, WorkedExample) {
  const auto config = parse_config(R"({
    "model_type": "llama", "vocab_size": 100, "hidden_size": 48, "num_hidden_layers": 2,
    "num_attention_heads": 6, "num_key_value_heads": 3, "intermediate_size": 128,
    "max_position_embeddings": 512, "rms_norm_eps": 1e-05, "rope_theta": 500000.0,
    "tie_word_embeddings": true, "bos_token_id": 1, "eos_token_id": [2, 7],
    "hidden_act": "silu", "torch_dtype": "bfloat16"})",
                                   "config.json");
  ASSERT_TRUE(config.ok()) << config.error().message();
  ModelConfig expected;
  expected.architecture = Architecture::llama;
  expected.vocabulary = 100;
  expected.context = 512;
  expected.width = 48;
  expected.layers = 2;
  expected.heads = 6;
  expected.kv_heads = 3;
  expected.head_width = 8;
  expected.hidden = 128;
  expected.norm_epsilon = 1e-5;
  expected.rope_base = 500000.0;
  expected.tied_embeddings = true;
  expected.begin_token = 1;
  expected.end_tokens = {2, 7};
  EXPECT_EQ(*config, expected);
}

TEST(ConfigJson, ComesBackAsItWas) {
  for (const auto architecture : {Architecture::gpt2, Architecture::llama, Architecture::qwen2}) {
    ModelConfig config = small_config(architecture);
    EXPECT_EQ(*parse_config(config_json(config), "f"), config);
    config.begin_token.reset();
    config.end_tokens = {5};
    config.tied_embeddings = !config.tied_embeddings;
    EXPECT_EQ(*parse_config(config_json(config), "f"), config);
    if (architecture == Architecture::gpt2) continue;
    config.rope_scaling = {RopeScaling::Kind::linear, 2.5};
    config.head_width = 12;
    EXPECT_EQ(*parse_config(config_json(config), "f"), config);
    config.rope_scaling = {RopeScaling::Kind::llama3, 8.0, 1.5, 3.5, 1024};
    config.rope_base = 12345.5;
    EXPECT_EQ(*parse_config(config_json(config), "f"), config);
  }
}

// Written by transformers 5, which keeps rotary options in rope_parameters.
TEST(ConfigJson, ReadsStoredFoldersOfTheReference) {
  const auto llama3 = parse_config(contents(stored + "llama/config.json"), "f");
  ASSERT_TRUE(llama3.ok()) << llama3.error().message();
  EXPECT_EQ(llama3->rope_base, 500000.0);
  EXPECT_EQ(llama3->rope_scaling, (RopeScaling{RopeScaling::Kind::llama3, 8.0, 1.0, 4.0, 8192}));
  EXPECT_EQ(llama3->end_tokens, (std::vector<std::int32_t>{1, 2}));
  EXPECT_FALSE(llama3->tied_embeddings);
  const auto qwen2 = parse_config(contents(stored + "qwen2/config.json"), "f");
  ASSERT_TRUE(qwen2.ok()) << qwen2.error().message();
  EXPECT_EQ(qwen2->rope_base, 1000000.0);
  EXPECT_EQ(qwen2->kv_heads, 2U);
  EXPECT_FALSE(qwen2->begin_token);
  const auto gpt2 = parse_config(contents(stored + "gpt2/config.json"), "f");
  ASSERT_TRUE(gpt2.ok()) << gpt2.error().message();
  EXPECT_EQ(gpt2->hidden, 40U);
  EXPECT_TRUE(gpt2->tied_embeddings);
}

TEST(ConfigJson, Gpt2WithoutInnerWidthHasFourTimesTheOuter) {
  json object = json::parse(config_json(small_config(Architecture::gpt2)));
  object["n_inner"] = nullptr;
  EXPECT_EQ(parsed(object)->hidden, 128U);
}

TEST(ConfigJson, OldNameOfTheScalingsKind) {
  json object = llama();
  object["rope_scaling"] = {{"type", "linear"}, {"factor", 4.0}};
  EXPECT_EQ(parsed(object)->rope_scaling, (RopeScaling{RopeScaling::Kind::linear, 4.0}));
}

TEST(ConfigJson, RefusesOptionsThatChangeTheArithmetic) {
  const std::vector<std::pair<std::string, json>> cases{
      {"hidden_act", "gelu"},         {"mlp_bias", true},
      {"attention_bias", true},       {"sliding_window", 4096},
      {"partial_rotary_factor", 0.5},
  };
  for (const auto& [name, value] : cases) {
    json object = llama();
    object[name] = value;
    expect_error(parsed(object), ErrorCode::unsupported, {"config.json", name, value.dump()});
  }
  json object = llama();
  object["rope_scaling"] = {{"rope_type", "yarn"}, {"factor", 4.0}};
  expect_error(parsed(object), ErrorCode::unsupported, {"yarn", "default, linear and llama3"});
  object = json::parse(config_json(small_config(Architecture::qwen2)));
  object["use_sliding_window"] = true;
  expect_error(parsed(object), ErrorCode::unsupported, {"use_sliding_window"});
  object = json::parse(config_json(small_config(Architecture::gpt2)));
  object["activation_function"] = "relu";
  expect_error(parsed(object), ErrorCode::unsupported, {"activation_function", "relu"});
  object["activation_function"] = "gelu_new";
  object["scale_attn_by_inverse_layer_idx"] = true;
  expect_error(parsed(object), ErrorCode::unsupported, {"scale_attn_by_inverse_layer_idx"});
}

TEST(ConfigJson, NamesTheFieldThatIsWrong) {
  expect_error(parse_config("{", "c.json"), ErrorCode::malformed, {"c.json", "JSON"});
  expect_error(parse_config("[1]", "c.json"), ErrorCode::malformed, {"array"});
  expect_error(parse_config("{}", "c.json"), ErrorCode::malformed, {"model_type"});
  expect_error(parse_config(R"({"model_type": "mamba"})", "c.json"), ErrorCode::unsupported,
               {"c.json", "mamba", "gpt2, llama, qwen2"});
  json object = llama();
  object.erase("hidden_size");
  expect_error(parsed(object), ErrorCode::malformed, {"hidden_size", "nothing"});
  for (const json& bad : {json(-4), json(2.5), json("48"), json(true)}) {
    object = llama();
    object["intermediate_size"] = bad;
    expect_error(parsed(object), ErrorCode::malformed, {"intermediate_size", "whole number"});
  }
  object = llama();
  object["num_hidden_layers"] = std::uint64_t{1} << 60U;
  expect_error(parsed(object), ErrorCode::out_of_range, {"config.json", "layers"});
  object = llama();
  object["eos_token_id"] = {1, "x"};
  expect_error(parsed(object), ErrorCode::malformed, {"eos_token_id"});
  object["eos_token_id"] = std::uint64_t{1} << 31U;
  expect_error(parsed(object), ErrorCode::malformed, {"eos_token_id"});
  expect_error(parse_config(R"({"model_type": "llama", "model_type": "gpt2"})", "c.json"),
               ErrorCode::malformed, {"model_type", "twice"});
}

}  // namespace
}  // namespace candor::checkpoint
