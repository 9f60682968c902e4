#include <gtest/gtest.h>

#include <cmath>

#include "candor/checkpoint/gguf.h"
#include "checkpoint/gguf_config.h"
#include "checkpoint/gguf_layout.h"
#include "checkpoint/gguf_writer.h"
#include "checkpoint/rearrange.h"
#include "checkpoint/rope_factors.h"
#include "checkpoint/test_files.h"

namespace candor::checkpoint {
namespace {

TEST(Rearrange, WorkedExample) {
  const std::vector<float> pairs{1, 2, 3, 4};  // one head of width 4, rows of one number
  EXPECT_EQ(pairs_to_halves(pairs, 1, 1), (std::vector<float>{1, 3, 2, 4}));
  EXPECT_EQ(halves_to_pairs(std::vector<float>{1, 3, 2, 4}, 1, 1), pairs);
  EXPECT_EQ(transposed(std::vector<float>{1, 2, 3, 4, 5, 6}, 2, 3),
            (std::vector<float>{1, 4, 2, 5, 3, 6}));
}

TEST(Rearrange, HeadsStayApartAndRowsWhole) {
  const std::vector<float> pairs{0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7};
  const std::vector<float> halves{0, 0, 2, 2, 1, 1, 3, 3, 4, 4, 6, 6, 5, 5, 7, 7};
  EXPECT_EQ(pairs_to_halves(pairs, 2, 2), halves);
  EXPECT_EQ(halves_to_pairs(halves, 2, 2), pairs);
}

// The same random model, as transformers saved it and as llama.cpp's converter lays it out.
TEST(GgufModel, EqualsTheFolderOfTheSameModel) {
  for (const char* name : {"gpt2", "llama", "qwen2"}) {
    const auto folder = read_all(stored + name);
    ASSERT_TRUE(folder.ok()) << folder.error().message();
    const auto gguf = read_all(stored + name + ".gguf");
    ASSERT_TRUE(gguf.ok()) << gguf.error().message();
    EXPECT_EQ(config_json(gguf->config), config_json(folder->config));
    ASSERT_EQ(gguf->values.size(), tensors_of(folder->config).size());
    for (const auto& [tensor, values] : folder->values)
      EXPECT_TRUE(same_bits(gguf->values.at(tensor), values)) << tensor;
  }
}

TEST(GgufModel, RandomModelsComeBackBitForBit) {
  const TestFolder folder;
  const std::string path = folder.path("m.gguf");
  for (const auto architecture : {Architecture::gpt2, Architecture::llama, Architecture::qwen2}) {
    ModelConfig config = small_config(architecture);
    if (architecture == Architecture::qwen2) config.rope_scaling = {RopeScaling::Kind::linear, 2.5};
    if (architecture == Architecture::llama)
      config.rope_scaling = {RopeScaling::Kind::llama3, 8.0, 1.5, 3.5, 64};
    const ModelTensors model = random_model(config, 11);
    const GgufMetadata extra{{"general.name", std::string("x")}};
    const auto written = write_gguf(path, model, FileType::f32, extra);
    ASSERT_TRUE(written.ok()) << written.error().message();
    const auto back = read_all(path);
    ASSERT_TRUE(back.ok()) << back.error().message();
    EXPECT_EQ(config_json(back->config), config_json(config));
    EXPECT_EQ(back->config, config);
    for (const auto& [tensor, values] : model.values)
      EXPECT_TRUE(same_bits(back->values.at(tensor), values)) << tensor;
    EXPECT_EQ(*GgufFile::open(path)->require<std::string>("general.name"), "x");
  }
}

TEST(GgufModel, TypesOfTensors) {
  const TestFolder folder;
  const std::string path = folder.path("m.gguf");
  ModelConfig config = small_config(Architecture::llama);
  ASSERT_TRUE(write_gguf(path, random_model(config, 1), FileType::q8_0, {}).ok());
  const auto q8_0 = GgufFile::open(path);
  ASSERT_TRUE(q8_0.ok()) << q8_0.error().message();
  EXPECT_EQ(q8_0->tensors().at("blk.0.attn_q.weight").type, ElementType::q8_0);
  EXPECT_EQ(q8_0->tensors().at("blk.0.ffn_down.weight").type, ElementType::f16);  // rows of 48
  EXPECT_EQ(q8_0->tensors().at("blk.1.attn_norm.weight").type, ElementType::f32);
  ASSERT_TRUE(write_gguf(path, random_model(config, 1), FileType::bf16, {}).ok());
  EXPECT_EQ(GgufFile::open(path)->tensors().at("output.weight").type, ElementType::bf16);
  config = small_config(Architecture::gpt2);
  ASSERT_TRUE(write_gguf(path, random_model(config, 1), FileType::f16, {}).ok());
  EXPECT_EQ(GgufFile::open(path)->tensors().at("position_embd.weight").type, ElementType::f32);
  EXPECT_EQ(GgufFile::open(path)->tensors().at("token_embd.weight").type, ElementType::f16);
}

TEST(GgufModel, EightBitsAreCloseToWhatWasWritten) {
  const TestFolder folder;
  const std::string path = folder.path("m.gguf");
  const ModelTensors model = random_model(small_config(Architecture::llama), 4);
  ASSERT_TRUE(write_gguf(path, model, FileType::q8_0, {}).ok());
  const auto back = read_all(path);
  ASSERT_TRUE(back.ok());
  for (const auto& [tensor, values] : model.values)
    for (std::size_t i = 0; i < values.size(); ++i)
      ASSERT_NEAR(back->values.at(tensor)[i], values[i], 5.0 / 127 * 0.52) << tensor;
}

TEST(GgufModel, WriterNamesWhatIsWrong) {
  const TestFolder folder;
  const std::string path = folder.path("m.gguf");
  const ModelTensors model = random_model(small_config(Architecture::llama), 4);
  ModelTensors spoilt = model;
  spoilt.values.erase("model.norm.weight");
  expect_error(write_gguf(path, spoilt, FileType::f32, {}), ErrorCode::invalid_argument,
               {"model.norm.weight"});
  spoilt = model;
  spoilt.values["model.norm.weight"].pop_back();
  expect_error(write_gguf(path, spoilt, FileType::f32, {}), ErrorCode::invalid_argument,
               {"model.norm.weight", "31 values", "[32]"});
  spoilt = model;
  spoilt.values["extra"] = {1.0F};
  expect_error(write_gguf(path, spoilt, FileType::f32, {}), ErrorCode::invalid_argument, {"extra"});
  spoilt = model;
  spoilt.values["model.layers.1.mlp.up_proj.weight"][5] = 1e6F;
  expect_error(write_gguf(path, spoilt, FileType::f16, {}), ErrorCode::out_of_range,
               {"m.gguf", "blk.1.ffn_up.weight", "1e+06"});
  spoilt = model;
  spoilt.config.end_tokens = {1, 2, 3, 4};
  expect_error(write_gguf(path, spoilt, FileType::f32, {}), ErrorCode::invalid_argument,
               {"end_tokens"});
  expect_error(write_gguf(path, model, FileType::f32, {{"llama.block_count", std::uint32_t{9}}}),
               ErrorCode::conflict, {"llama.block_count"});
  EXPECT_FALSE(std::filesystem::exists(path));
}

// A one-layer model's file from parts, to be spoilt.
struct Parts {
  GgufMetadata metadata;
  std::vector<GgufPlan> plans;
};
Parts small_parts() {
  ModelConfig config = small_config(Architecture::llama);
  Parts parts{*metadata_of(config, FileType::f32), {}};
  for (const TensorShape& tensor : tensors_of(config))
    parts.plans.push_back({gguf_place_of(config, tensor).tensor, ElementType::f32});
  return parts;
}
Result<std::unique_ptr<ModelSource>> opened(const TestFolder& folder, const Parts& parts) {
  std::string bytes = gguf_front(parts.metadata, parts.plans);
  for (const GgufPlan& plan : parts.plans) {
    std::size_t count = 4;
    for (const std::size_t length : plan.tensor.shape) count *= length;
    bytes += std::string(gguf_padded(count), '\0');
  }
  return open_gguf(folder.write("p.gguf", bytes));
}

TEST(GgufModel, TiedWhereTheOutputSaysTheSameAsTheEmbedding) {
  const TestFolder folder;
  Parts parts = small_parts();
  const auto same = opened(folder, parts);  // all zero: output and embeddings are equal
  ASSERT_TRUE(same.ok()) << same.error().message();
  EXPECT_TRUE((*same)->config().tied_embeddings);
  parts.plans.pop_back();
  EXPECT_TRUE((*opened(folder, parts))->config().tied_embeddings);
}

TEST(GgufModel, RefusesWhatItDoesNotKnow) {
  const TestFolder folder;
  ASSERT_TRUE(opened(folder, small_parts()).ok());
  Parts parts = small_parts();
  parts.metadata["general.architecture"] = std::string("mamba");
  expect_error(opened(folder, parts), ErrorCode::unsupported, {"mamba", "gpt2, llama, qwen2"});
  parts = small_parts();
  parts.metadata["llama.expert_count"] = std::uint32_t{8};
  expect_error(opened(folder, parts), ErrorCode::unsupported, {"llama.expert_count"});
  parts = small_parts();
  parts.metadata["llama.rope.scaling.type"] = std::string("yarn");
  expect_error(opened(folder, parts), ErrorCode::unsupported, {"yarn"});
  parts = small_parts();
  parts.metadata["llama.rope.dimension_count"] = std::uint32_t{4};
  expect_error(opened(folder, parts), ErrorCode::unsupported, {"rope.dimension_count"});
  parts = small_parts();
  parts.plans.push_back({{"blk.0.attn_q.bias", {32}}, ElementType::f32});
  expect_error(opened(folder, parts), ErrorCode::unsupported, {"blk.0.attn_q.bias"});
  parts = small_parts();
  parts.plans.push_back({{rope_divisors_name, {4}}, ElementType::f32});
  expect_error(opened(folder, parts), ErrorCode::unsupported, {rope_divisors_name});
  parts = small_parts();
  parts.metadata.erase("llama.block_count");
  expect_error(opened(folder, parts), ErrorCode::not_found, {"llama.block_count"});
  parts = small_parts();
  parts.metadata["llama.block_count"] = std::uint32_t{1U << 31U};
  expect_error(opened(folder, parts), ErrorCode::out_of_range, {"p.gguf", "layers"});
}

TEST(GgufModel, NamesMissingTensorsAndBothShapes) {
  const TestFolder folder;
  Parts parts = small_parts();
  parts.plans.erase(parts.plans.begin() + 3);  // blk.0.attn_k.weight
  const auto source = opened(folder, parts);
  ASSERT_TRUE(source.ok()) << source.error().message();
  expect_error((*source)->read({"model.layers.0.self_attn.k_proj.weight", {16, 32}}),
               ErrorCode::not_found, {"p.gguf", "blk.0.attn_k.weight"});
  expect_error((*source)->read({"model.norm.weight", {33}}), ErrorCode::invalid_argument,
               {"model.norm.weight", "[32]", "[33]"});
  expect_error((*source)->read({"other", {33}}), ErrorCode::not_found, {"other"});
}

// Between the two wavelengths the divisor runs from 1 to the factor; those of Llama 3.1 by hand:
// head width 128, base 500000: frequency 0 has wavelength 6.28 (< 2048), the last 2.6 million.
TEST(RopeFactors, WorkedExample) {
  ModelConfig config = small_config(Architecture::llama);
  config.head_width = 128;
  config.rope_base = 500000.0;
  config.rope_scaling = {RopeScaling::Kind::llama3, 8.0, 1.0, 4.0, 8192};
  const std::vector<float> divisors = llama3_divisors(config);
  ASSERT_EQ(divisors.size(), 64U);
  EXPECT_EQ(divisors.front(), 1.0F);
  EXPECT_EQ(divisors.back(), 8.0F);
  const double wavelength = 2 * M_PI * std::pow(500000.0, 60.0 / 128.0);  // 2949: between
  const double t = (8192.0 / wavelength - 1) / 3;
  EXPECT_NEAR(divisors[30], 1.0 / ((1 - t) / 8 + t), 1e-6);
  EXPECT_EQ(scaling_of(config, divisors), config.rope_scaling);
  std::vector<float> other = divisors;
  other[30] *= 1.01F;
  EXPECT_FALSE(scaling_of(config, other));
}

}  // namespace
}  // namespace candor::checkpoint
