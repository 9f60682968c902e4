#include "candor/checkpoint/adapter_folder.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "candor/checkpoint/safetensors.h"
#include "checkpoint/test_files.h"

namespace candor::checkpoint {
namespace {

using nlohmann::json;

AdapterTensors small_adapter() {
  AdapterTensors adapter;
  adapter.rank = 2;
  adapter.alpha = 4.0;
  adapter.target_modules = {"q_proj"};
  adapter.base_model = "models/small";
  adapter.values["model.layers.0.self_attn.q_proj.lora_A.weight"] = random_floats(6, 1);
  adapter.values["model.layers.0.self_attn.q_proj.lora_B.weight"] = random_floats(10, 2);
  return adapter;
}

TEST(Adapter, ScaleByRankOrItsRoot) {
  AdapterTensors adapter;
  adapter.rank = 4;
  adapter.alpha = 16.0;
  EXPECT_EQ(adapter.scale(), 4.0);
  adapter.rank_stabilised = true;
  EXPECT_EQ(adapter.scale(), 8.0);
}

// Saved by PEFT for the stored llama model.
TEST(Adapter, ReadsAFolderOfTheReference) {
  const auto adapter = read_adapter(stored + "adapter");
  ASSERT_TRUE(adapter.ok()) << adapter.error().message();
  EXPECT_EQ(adapter->rank, 2U);
  EXPECT_EQ(adapter->scale(), 2.0);
  EXPECT_EQ(adapter->target_modules, (std::vector<std::string>{"q_proj", "v_proj"}));
  EXPECT_EQ(adapter->base_model, "llama");
  ASSERT_EQ(adapter->values.size(), 8U);
  EXPECT_EQ(adapter->values.at("model.layers.1.self_attn.v_proj.lora_A.weight").size(), 2U * 16);
  EXPECT_EQ(adapter->values.at("model.layers.1.self_attn.v_proj.lora_B.weight").size(), 8U * 2);
}

TEST(Adapter, ComesBackBitForBit) {
  const TestFolder folder;
  AdapterTensors adapter = small_adapter();
  for (const bool stabilised : {false, true}) {
    adapter.rank_stabilised = stabilised;
    adapter.alpha += 0.5;
    const auto written = write_adapter(folder.path("a"), adapter);
    ASSERT_TRUE(written.ok()) << written.error().message();
    const auto back = read_adapter(folder.path("a"));
    ASSERT_TRUE(back.ok()) << back.error().message();
    EXPECT_EQ(back->rank, adapter.rank);
    EXPECT_EQ(back->alpha, adapter.alpha);
    EXPECT_EQ(back->rank_stabilised, stabilised);
    EXPECT_EQ(back->target_modules, adapter.target_modules);
    EXPECT_EQ(back->base_model, adapter.base_model);
    EXPECT_EQ(back->values, adapter.values);
  }
  const auto file = SafetensorsFile::open(folder.path("a/adapter_model.safetensors"));
  EXPECT_EQ(
      file->tensors().at("base_model.model.model.layers.0.self_attn.q_proj.lora_B.weight").shape,
      (std::vector<std::size_t>{5, 2}));
}

// PEFT's rule: a layer is meant by its whole name, or by its last parts.
TEST(Adapter, TargetsAreWholeNamesOrLastParts) {
  const TestFolder folder;
  AdapterTensors adapter = small_adapter();
  for (const char* target : {"model.layers.0.self_attn.q_proj", "self_attn.q_proj", "q_proj"}) {
    adapter.target_modules = {target};
    const auto written = write_adapter(folder.path("a"), adapter);
    ASSERT_TRUE(written.ok()) << written.error().message();
    const auto back = read_adapter(folder.path("a"));
    ASSERT_TRUE(back.ok()) << back.error().message();
    EXPECT_EQ(back->target_modules, adapter.target_modules);
    EXPECT_EQ(back->values, adapter.values);
  }
  for (const char* other : {"proj", "model.layers.1.self_attn.q_proj", "layers.0", ""}) {
    adapter.target_modules = {other};
    expect_error(write_adapter(folder.path("b"), adapter), ErrorCode::invalid_argument,
                 {"model.layers.0.self_attn.q_proj", "target_modules"});
  }
}

TEST(Adapter, OptionsThatChangeTheArithmeticAreRefusedByName) {
  const TestFolder folder;
  ASSERT_TRUE(write_adapter(folder.path("a"), small_adapter()).ok());
  const json config = json::parse(contents(folder.path("a/adapter_config.json")));
  const std::vector<std::pair<std::string, json>> cases{
      {"use_dora", true},
      {"bias", "all"},
      {"modules_to_save", {"lm_head"}},
      {"rank_pattern", {{"q_proj", 4}}},
      {"alpha_pattern", {{"q_proj", 4}}},
      {"layers_to_transform", {1}},
      {"init_lora_weights", "pissa"},
      {"peft_type", "IA3"},
      {"task_type", "SEQ_CLS"},
      {"target_modules", ".*_proj"},
      {"an_option_of_tomorrow", 1},
  };
  for (const auto& [name, value] : cases) {
    json spoilt = config;
    spoilt[name] = value;
    folder.write("a/adapter_config.json", spoilt.dump());
    expect_error(read_adapter(folder.path("a")), ErrorCode::unsupported,
                 {"adapter_config.json", "\"" + name + "\""});
  }
  json unused = config;
  unused["use_dora"] = false;
  unused["modules_to_save"] = nullptr;
  unused["rank_pattern"] = json::object();
  folder.write("a/adapter_config.json", unused.dump());
  EXPECT_TRUE(read_adapter(folder.path("a")).ok());
  unused["r"] = 4;
  folder.write("a/adapter_config.json", unused.dump());
  expect_error(read_adapter(folder.path("a")), ErrorCode::invalid_argument,
               {"q_proj.lora_A", "[2, 3]", "[4, in]"});
  unused["r"] = 0;
  folder.write("a/adapter_config.json", unused.dump());
  expect_error(read_adapter(folder.path("a")), ErrorCode::malformed, {"\"r\""});
}

TEST(Adapter, OtherTensorsAndHalvesOfPairsAreRefused) {
  const TestFolder folder;
  ASSERT_TRUE(write_adapter(folder.path("a"), small_adapter()).ok());
  const std::vector<float> values(6);
  const std::string path = folder.path("a/adapter_model.safetensors");
  std::vector<NamedTensor> tensors{{{"base_model.model.x.q_proj.lora_A.weight", {2, 3}}, values}};
  ASSERT_TRUE(write_safetensors(path, tensors, ElementType::f32, {}).ok());
  expect_error(read_adapter(folder.path("a")), ErrorCode::not_found,
               {"adapter_model.safetensors", "x.q_proj.lora_B.weight"});
  tensors[0].tensor.name = "base_model.model.x.q_proj.lora_magnitude_vector";
  ASSERT_TRUE(write_safetensors(path, tensors, ElementType::f32, {}).ok());
  expect_error(read_adapter(folder.path("a")), ErrorCode::unsupported, {"lora_magnitude_vector"});
}

TEST(Adapter, WriterNamesWhatIsWrong) {
  const TestFolder folder;
  const std::string path = folder.path("a");
  const auto invalid = ErrorCode::invalid_argument;
  AdapterTensors adapter = small_adapter();
  adapter.rank = 0;
  expect_error(write_adapter(path, adapter), invalid, {"rank"});
  adapter.rank = 4;
  expect_error(write_adapter(path, adapter), invalid, {"6 values", "4"});
  adapter = small_adapter();
  adapter.target_modules = {"v_proj"};
  expect_error(write_adapter(path, adapter), invalid, {"q_proj", "target_modules"});
  adapter = small_adapter();
  adapter.values.erase(adapter.values.begin());
  expect_error(write_adapter(path, adapter), invalid, {"lora_A"});
  adapter = small_adapter();
  adapter.values["model.norm.weight"] = {1.0F};
  expect_error(write_adapter(path, adapter), invalid, {"model.norm.weight"});
  adapter.values.clear();
  expect_error(write_adapter(path, adapter), invalid, {"values"});
  EXPECT_FALSE(std::filesystem::exists(path));
}

}  // namespace
}  // namespace candor::checkpoint
