#include "candor/checkpoint/llama2c.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "checkpoint/test_files.h"

namespace candor::checkpoint {
namespace {

std::string header(const std::vector<std::int32_t>& numbers) {
  std::string bytes;
  for (const std::int32_t number : numbers) bytes += bytes_of_number(number);
  return bytes;
}

// Floats 0, 1, 2, ... behind the header, so that a value tells where it stood.
std::string counting(std::size_t floats) {
  std::string bytes;
  for (std::size_t i = 0; i < floats; ++i) bytes += bytes_of_number(static_cast<float>(i));
  return bytes;
}

std::vector<float> run(float first, std::size_t count) {
  std::vector<float> values(count);
  std::iota(values.begin(), values.end(), first);
  return values;
}

// width 4, hidden 2, 2 layers, one head, vocabulary 3, context 5. Floats: embedding 12, norms 8,
// wq, wk, wv, wo 32 each, norms 8, w1, w2, w3 16 each, norm 4, tables 5 x 2 x 2 = 20.
constexpr std::size_t small_floats = 12 + 8 + 4 * 32 + 8 + 3 * 16 + 4 + 20;
const std::vector<std::int32_t> small_header{4, 2, 2, 1, 1, 3, 5};

TEST(Llama2c, WorkedExample) {
  const TestFolder folder;
  const auto source =
      open_model(folder.write("m.bin", header(small_header) + counting(small_floats)));
  ASSERT_TRUE(source.ok()) << source.error().message();
  const ModelConfig& config = (*source)->config();
  EXPECT_EQ(config.width, 4U);
  EXPECT_EQ(config.context, 5U);
  EXPECT_TRUE(config.tied_embeddings);
  EXPECT_EQ(*(*source)->read({"model.embed_tokens.weight", {3, 4}}), run(0, 12));
  EXPECT_EQ(*(*source)->read({"model.layers.1.input_layernorm.weight", {4}}), run(16, 4));
  // wq of layer 0 starts at 20; rows 0 1 2 3 become 0 2 1 3.
  std::vector<float> q;
  for (const float row : {20.0F, 28.0F, 24.0F, 32.0F})
    for (const float value : run(row, 4)) q.push_back(value);
  EXPECT_EQ(*(*source)->read({"model.layers.0.self_attn.q_proj.weight", {4, 4}}), q);
  EXPECT_EQ(*(*source)->read({"model.layers.0.self_attn.v_proj.weight", {4, 4}}), run(84, 16));
  EXPECT_EQ(*(*source)->read({"model.layers.0.mlp.gate_proj.weight", {2, 4}}), run(156, 8));
  EXPECT_EQ(*(*source)->read({"model.layers.0.mlp.down_proj.weight", {4, 2}}), run(172, 8));
  EXPECT_EQ(*(*source)->read({"model.norm.weight", {4}}), run(204, 4));
}

TEST(Llama2c, NegativeVocabularyMeansASeparateOutputAtTheEnd) {
  const TestFolder folder;
  std::vector<std::int32_t> numbers = small_header;
  numbers[5] = -3;
  const auto source =
      open_llama2c(folder.write("m.bin", header(numbers) + counting(small_floats + 12)));
  ASSERT_TRUE(source.ok()) << source.error().message();
  EXPECT_FALSE((*source)->config().tied_embeddings);
  EXPECT_EQ(*(*source)->read({"lm_head.weight", {3, 4}}), run(small_floats, 12));
}

TEST(Llama2c, RefusesFilesWhoseSizeIsAnother) {
  const std::string whole = header(small_header) + counting(small_floats);
  for (std::size_t length = 0; length < whole.size(); ++length)
    expect_error(open_llama2c(MemoryFile(whole.substr(0, length)).path()), ErrorCode::malformed,
                 {"/proc/self"});
  expect_error(open_llama2c(MemoryFile(whole + "x").path()), ErrorCode::malformed,
               {"941 bytes", "940"});
}

TEST(Llama2c, RefusesHeadersThatMakeNoNetwork) {
  const TestFolder folder;
  for (std::size_t i = 0; i < 7; ++i)
    for (const std::int32_t bad : {0, -7, 2147483647}) {
      if (i == 5 && bad == -7) continue;  // a separate output
      std::vector<std::int32_t> numbers = small_header;
      numbers[i] = bad;
      expect_error(open_llama2c(folder.write("m.bin", header(numbers) + counting(small_floats))),
                   ErrorCode::malformed, {"m.bin", "llama2.c"});
    }
}

TEST(Llama2c, NamesMissingTensorsAndBothShapes) {
  const TestFolder folder;
  const auto source =
      open_llama2c(folder.write("m.bin", header(small_header) + counting(small_floats)));
  ASSERT_TRUE(source.ok());
  EXPECT_TRUE(check_tensors(**source).ok());
  const TensorShape absent{"lm_head.weight", {3, 4}};
  expect_error((*source)->read(absent), ErrorCode::not_found, {"lm_head.weight"});
  expect_error((*source)->check(absent), ErrorCode::not_found, {"lm_head.weight"});
  const TensorShape longer{"model.norm.weight", {5}};
  expect_error((*source)->read(longer), ErrorCode::invalid_argument, {"[4]", "[5]"});
  expect_error((*source)->check(longer), ErrorCode::invalid_argument, {"[4]", "[5]"});
}

// A trained model with 260,000 parameters; its first layer's norms and embeddings are plausible.
TEST(Llama2c, ReadsARealModel) {
  const char* set = std::getenv("CANDOR_DATA");
  const std::string path = std::string(set != nullptr ? set : "../shared/data") +
                           "/tiny_lm_aidreams260k/aidreams260K.bin";
  if (!std::filesystem::exists(path)) GTEST_SKIP() << "no model " << path << "; set CANDOR_DATA";
  const auto model = read_all(path);
  ASSERT_TRUE(model.ok()) << model.error().message();
  EXPECT_EQ(model->config.parameters(), 230976U);
  for (const auto& [name, values] : model->values)
    for (const float value : values) ASSERT_LT(std::abs(value), 20.0F) << name;
}

}  // namespace
}  // namespace candor::checkpoint
