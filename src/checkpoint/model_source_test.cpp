#include "candor/checkpoint/model_source.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "candor/checkpoint/gguf.h"
#include "candor/checkpoint/half.h"
#include "candor/checkpoint/safetensors.h"
#include "checkpoint/allocation_watch.h"
#include "checkpoint/test_files.h"

namespace candor::checkpoint {
namespace {

constexpr std::array architectures{Architecture::gpt2, Architecture::llama, Architecture::qwen2};

TEST(ModelFolder, ComesBackBitForBit) {
  const TestFolder folder;
  for (const auto architecture : architectures) {
    const ModelTensors model = random_model(small_config(architecture), 21);
    ASSERT_TRUE(write_model_folder(folder.path("new/m"), model, FileType::f32).ok());
    const auto back = read_all(folder.path("new/m"));
    ASSERT_TRUE(back.ok()) << back.error().message();
    EXPECT_EQ(back->config, model.config);
    for (const auto& [name, values] : model.values)
      EXPECT_TRUE(same_bits(back->values.at(name), values)) << name;
  }
}

TEST(ModelFolder, SixteenBitTypesAreTheRoundedValues) {
  const TestFolder folder;
  const ModelTensors model = random_model(small_config(Architecture::qwen2), 2);
  const std::string path = folder.path("m");
  ASSERT_TRUE(write_model_folder(path, model, FileType::f16).ok());
  const auto f16 = read_all(path);
  ASSERT_TRUE(f16.ok()) << f16.error().message();
  EXPECT_NE(contents(path + "/config.json").find("\"float16\""), std::string::npos);
  ASSERT_TRUE(write_model_folder(path, model, FileType::bf16).ok());
  const auto bf16 = read_all(path);
  ASSERT_TRUE(bf16.ok()) << bf16.error().message();
  for (const auto& [name, values] : model.values)
    for (std::size_t i = 0; i < values.size(); ++i) {
      ASSERT_EQ(f16->values.at(name)[i], float_of_half(half_of_float(values[i])));
      ASSERT_EQ(bf16->values.at(name)[i], float_of_bfloat16(bfloat16_of_float(values[i])));
    }
}

TEST(ModelFolder, SaysThatItIsForPytorch) {  // transformers refuses files without it
  const TestFolder folder;
  const ModelTensors model = random_model(small_config(Architecture::llama), 2);
  ASSERT_TRUE(write_model_folder(folder.path("m"), model, FileType::f32).ok());
  const auto file = SafetensorsFile::open(folder.path("m/model.safetensors"));
  EXPECT_EQ(file->metadata().at("format"), "pt");
}

TEST(ModelFolder, WriterNamesWhatIsWrongAndLeavesNothing) {
  const TestFolder folder;
  ModelTensors model = random_model(small_config(Architecture::llama), 2);
  expect_error(write_model_folder(folder.path("m"), model, FileType::q8_0),
               ErrorCode::invalid_argument, {"q8_0"});
  model.values.erase("lm_head.weight");
  expect_error(write_model_folder(folder.path("m"), model, FileType::f32),
               ErrorCode::invalid_argument, {"lm_head.weight"});
  EXPECT_FALSE(std::filesystem::exists(folder.path("m")));
}

TEST(ModelFolder, FirstGpt2FoldersHaveNoPrefix) {
  const TestFolder folder;
  const ModelTensors model = random_model(small_config(Architecture::gpt2), 2);
  std::vector<NamedTensor> tensors;
  for (TensorShape& tensor : tensors_of(model.config)) {
    const auto& values = model.values.at(tensor.name);
    tensors.push_back({{tensor.name.substr(12), tensor.shape}, values});
  }
  folder.write("m/config.json", config_json(model.config));
  ASSERT_TRUE(
      write_safetensors(folder.path("m/model.safetensors"), tensors, ElementType::f32, {}).ok());
  const auto back = read_all(folder.path("m"));
  ASSERT_TRUE(back.ok()) << back.error().message();
  EXPECT_EQ(back->values, model.values);
}

// A model in two files, its index as JSON to be spoilt.
nlohmann::json write_shards(const TestFolder& folder, const ModelTensors& model) {
  const std::vector<TensorShape> all = tensors_of(model.config);
  std::vector<NamedTensor> parts[2];
  nlohmann::json index{{"metadata", {{"total_size", 1}}}};
  for (std::size_t i = 0; i < all.size(); ++i) {
    parts[i % 2].push_back({all[i], model.values.at(all[i].name)});
    index["weight_map"][all[i].name] = i % 2 == 0 ? "one.safetensors" : "two.safetensors";
  }
  folder.write("config.json", config_json(model.config));
  const auto f32 = ElementType::f32;
  EXPECT_TRUE(write_safetensors(folder.path("one.safetensors"), parts[0], f32, {}).ok());
  EXPECT_TRUE(write_safetensors(folder.path("two.safetensors"), parts[1], f32, {}).ok());
  return index;
}

TEST(ModelFolder, InSeveralFiles) {
  const TestFolder folder;
  const ModelTensors model = random_model(small_config(Architecture::qwen2), 9);
  nlohmann::json index = write_shards(folder, model);
  folder.write("model.safetensors.index.json", index.dump());
  const auto back = read_all(folder.path(""));
  ASSERT_TRUE(back.ok()) << back.error().message();
  EXPECT_EQ(back->values, model.values);

  index["weight_map"]["other"] = "one.safetensors";
  folder.write("model.safetensors.index.json", index.dump());
  expect_error(open_model(folder.path("")), ErrorCode::not_found, {"one.safetensors", "other"});
  for (const char* outside : {"../one.safetensors", "/etc/passwd", "..", ""}) {
    index["weight_map"]["other"] = outside;
    folder.write("model.safetensors.index.json", index.dump());
    expect_error(open_model(folder.path("")), ErrorCode::malformed, {"index.json", "other"});
  }
  folder.write("model.safetensors.index.json", R"({"weight_map": {}})");
  expect_error(open_model(folder.path("")), ErrorCode::malformed, {"weight_map"});
}

TEST(ModelFolder, NamesMissingTensorsAndBothShapes) {
  const TestFolder folder;
  const ModelTensors model = random_model(small_config(Architecture::llama), 9);
  ASSERT_TRUE(write_model_folder(folder.path("m"), model, FileType::f32).ok());
  ModelConfig other = model.config;
  other.layers = 3;
  other.hidden = 64;
  folder.write("m/config.json", config_json(other));
  const auto source = open_model(folder.path("m"));
  ASSERT_TRUE(source.ok()) << source.error().message();
  expect_error((*source)->read({"model.layers.2.input_layernorm.weight", {32}}),
               ErrorCode::not_found,
               {"model.safetensors", "model.layers.2.input_layernorm.weight"});
  expect_error((*source)->read({"model.layers.0.mlp.up_proj.weight", {64, 32}}),
               ErrorCode::invalid_argument, {"[48, 32]", "[64, 32]"});
}

// What check() says is what read() says.
void expect_same_answers(const ModelSource& source, const std::vector<TensorShape>& tensors) {
  for (const TensorShape& tensor : tensors) {
    const auto status = source.check(tensor);
    const auto values = source.read(tensor);
    EXPECT_EQ(status.ok() ? "" : status.error().message(),
              values.ok() ? "" : values.error().message());
  }
}

TEST(ModelSource, CheckSaysWhatReadSays) {
  const TestFolder folder;
  for (const auto architecture : architectures) {
    const ModelTensors model = random_model(small_config(architecture), 9);
    ASSERT_TRUE(write_model_folder(folder.path("m"), model, FileType::f32).ok());
    ASSERT_TRUE(write_gguf(folder.path("m.gguf"), model, FileType::f32, {}).ok());
    std::vector<TensorShape> tensors = tensors_of(model.config);
    tensors.push_back({"model.layers.2.input_layernorm.weight", {32}});
    tensors.push_back({tensors[3].name, {64, 32}});
    tensors.push_back({tensors[3].name, {}});
    for (const char* name : {"m", "m.gguf"}) {
      const auto source = open_model(folder.path(name));
      ASSERT_TRUE(source.ok()) << source.error().message();
      EXPECT_TRUE(check_tensors(**source).ok()) << name;
      expect_same_answers(**source, tensors);
    }
  }
}

// A config of 8 TB beside a file of some kB is refused before memory is asked for.
TEST(ModelSource, ConfigFarLargerThanItsFile) {
  const TestFolder folder;
  const ModelTensors model = random_model(small_config(Architecture::llama), 9);
  ASSERT_TRUE(write_model_folder(folder.path("m"), model, FileType::f32).ok());
  ModelConfig huge = model.config;
  huge.hidden = std::size_t{1} << 20U;
  huge.width = std::size_t{1} << 20U;
  folder.write("m/config.json", config_json(huge));
  const auto source = open_model(folder.path("m"));
  ASSERT_TRUE(source.ok()) << source.error().message();
  forget_largest_request();
  const Status status = check_tensors(**source);
  EXPECT_LT(largest_request(), std::size_t{1} << 20U);
  expect_error(status, ErrorCode::invalid_argument,
               {"model.safetensors", "model.embed_tokens.weight", "[7, 32]", "[7, 1048576]"});
}

TEST(OpenModel, SaysWhatAPathIsNot) {
  const TestFolder folder;
  expect_error(open_model(folder.path("none")), ErrorCode::not_found, {"none"});
  expect_error(open_model(folder.path("")), ErrorCode::not_found, {"config.json"});
  expect_error(open_model(folder.write("m.txt", "text")), ErrorCode::unsupported,
               {"config.json", ".gguf", ".bin"});
  expect_error(open_model(folder.write("m.gguf", "")), ErrorCode::malformed, {"m.gguf"});
  folder.write("m/config.json", config_json(small_config(Architecture::llama)));
  expect_error(open_model(folder.path("m")), ErrorCode::not_found, {"model.safetensors"});
  folder.write("m/pytorch_model.bin", "");
  expect_error(open_model(folder.path("m")), ErrorCode::unsupported, {"pytorch_model.bin"});
}

}  // namespace
}  // namespace candor::checkpoint
