#include "lm/model_io.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <limits>
#include <map>

#include "lm/lora.h"
#include "lm/small_models.h"
#include "lm/stored_logits.h"

namespace candor::lm {
namespace {

using checkpoint::ModelConfig;
using checkpoint::ModelTensors;
using checkpoint::TensorShape;
using small::Architecture;
using torch::Tensor;

// A model in memory as a source.
class MemorySource final : public checkpoint::ModelSource {
 public:
  explicit MemorySource(ModelTensors tensors) : model(std::move(tensors)) {}
  [[nodiscard]] const ModelConfig& config() const override { return model.config; }
  [[nodiscard]] Status check(const TensorShape& tensor) const override {
    const auto found = model.values.find(tensor.name);
    if (found == model.values.end()) return Error{ErrorCode::not_found, tensor.name};
    std::size_t count = 1;
    for (const std::size_t length : tensor.shape) count *= length;
    if (count == found->second.size()) return {};
    return Error{ErrorCode::invalid_argument, tensor.name};
  }
  [[nodiscard]] Result<std::vector<float>> read(const TensorShape& tensor) const override {
    const auto found = model.values.find(tensor.name);
    if (found == model.values.end()) return Error{ErrorCode::not_found, tensor.name};
    return found->second;
  }
  ModelTensors model;
};

Tensor some_logits(Transformer& model) {
  const torch::NoGradGuard no_gradient;
  return model->logits(model->hidden(small::row(small::draw_tokens(model->config(), 7, 1))));
}

// Folders that Hugging Face transformers wrote, with the logits that it computed.
TEST(ModelIo, LogitsEqualTheReferenceImplementation) {
  for (const std::string kind : {"gpt2", "llama", "llama3", "qwen2"}) {
    const std::string folder = "tests/data/lm/" + kind;
    const auto source = checkpoint::open_model(folder);
    ASSERT_TRUE(source.ok()) << source.error().message();
    Result<Transformer> model = load_model(**source);
    ASSERT_TRUE(model.ok()) << model.error().message();
    const torch::NoGradGuard no_gradient;
    EXPECT_LT(difference_from_stored(*model, read_stored_logits(folder)), 1e-5) << kind;
  }
}

TEST(ModelIo, TensorsThereAndBack) {
  for (const ModelConfig& config : small::configs()) {
    Transformer model(config);
    small::randomise(model, 3);
    const Result<ModelTensors> tensors = model_tensors(model);
    ASSERT_TRUE(tensors.ok());
    Result<Transformer> again = load_model(MemorySource(*tensors));
    ASSERT_TRUE(again.ok()) << again.error().message();
    EXPECT_TRUE(at::equal(some_logits(*again), some_logits(model)));
    EXPECT_EQ(model_tensors(*again)->values, tensors->values);
  }
}

// gpt2's matrices are stored input by output: number [1] of c_fc is from input 0 to output 1.
TEST(ModelIo, Gpt2MatricesAreTurned) {
  Transformer model(small::config_of(Architecture::gpt2));
  small::randomise(model, 3);
  const Tensor weight = model->named_parameters()["transformer.h.0.mlp.c_fc.weight"];
  const Result<ModelTensors> tensors = model_tensors(model);
  ASSERT_TRUE(tensors.ok());
  EXPECT_EQ(tensors->values.at("transformer.h.0.mlp.c_fc.weight")[1], weight[1][0].item<float>());
}

TEST(ModelIo, AdaptersAreMergedOrLeftOut) {
  Transformer model(small::config_of(Architecture::llama));
  small::randomise(model, 3);
  const ModelTensors base = *model_tensors(model);
  ASSERT_TRUE(add_adapters(model, {.rank = 2, .alpha = 2.0, .targets = {"q_proj"}}).ok());
  const std::string name = "model.layers.0.self_attn.q_proj";
  {
    const torch::NoGradGuard no_gradient;
    model->named_parameters()[name + ".lora_B"].fill_(1.0);
  }
  for (const bool merged : {false, true}) {
    if (merged) merge_adapters(model);
    EXPECT_EQ(model_tensors(model, Adapters::left_out)->values, base.values);
    const ModelTensors whole = *model_tensors(model, Adapters::merged);
    EXPECT_NE(whole.values.at(name + ".weight"), base.values.at(name + ".weight"));
    Result<Transformer> plain = load_model(MemorySource(whole));
    EXPECT_LT(small::relative_difference(some_logits(*plain), some_logits(model)), 1e-5);
  }
}

TEST(ModelIo, NamesTheTensorThatIsMissingOrNotFinite) {
  Transformer model(small::config_of(Architecture::llama));
  MemorySource source(*model_tensors(model));
  const std::string name = "model.layers.1.mlp.up_proj.weight";
  source.model.values[name][5] = std::numeric_limits<float>::quiet_NaN();
  const Result<Transformer> not_finite = load_model(source);
  ASSERT_FALSE(not_finite.ok());
  EXPECT_EQ(not_finite.error().code, ErrorCode::out_of_range);
  EXPECT_NE(not_finite.error().message().find(name), std::string::npos);
  source.model.values.erase(name);
  const Result<Transformer> missing = load_model(source);
  ASSERT_FALSE(missing.ok());
  EXPECT_NE(missing.error().message().find(name), std::string::npos);
}

// 2^40 numbers in one matrix: found out before they are asked for.
TEST(ModelIo, AConfigFarLargerThanItsTensorsAsksForNoMemory) {
  Transformer model(small::config_of(Architecture::llama));
  MemorySource source(*model_tensors(model));
  source.model.config.hidden = std::size_t{1} << 20U;
  source.model.config.width = std::size_t{1} << 20U;
  const Result<Transformer> refused = load_model(source);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::invalid_argument);
}

TEST(ModelIo, NewModelsAreCheckedAndSeeded) {
  ModelConfig config = small::config_of(Architecture::llama);
  Result<Transformer> one = new_model(config, 4);
  Result<Transformer> same = new_model(config, 4);
  ASSERT_TRUE(one.ok());
  EXPECT_TRUE(at::equal(some_logits(*one), some_logits(*same)));
  config.kv_heads = 3;
  EXPECT_FALSE(new_model(config, 4).ok());
}

TEST(ModelIo, FrozenCopiesComputeTheSameAndDoNotFollow) {
  for (const bool merged : {false, true}) {
    Transformer model = small::model_of(small::config_of(Architecture::qwen2), 1);
    ASSERT_TRUE(add_adapters(model, {.rank = 2, .alpha = 2.0, .targets = {}}).ok());
    {
      const torch::NoGradGuard no_gradient;
      for (const auto& [path, layer] : model->linear_layers()) {
        if (layer->has_adapter()) layer.ptr()->lora_b.fill_(0.1);
      }
    }
    if (merged) merge_adapters(model);
    Result<Transformer> copy = frozen_copy(model);
    ASSERT_TRUE(copy.ok()) << copy.error().message();
    const Tensor before = some_logits(model);
    EXPECT_TRUE(at::equal(some_logits(*copy), before));
    for (const Tensor& parameter : (*copy)->parameters()) EXPECT_FALSE(parameter.requires_grad());
    small::randomise(model, 9);
    EXPECT_TRUE(at::equal(some_logits(*copy), before));
    EXPECT_FALSE(at::equal(some_logits(model), before));
  }
}

std::vector<std::int64_t> likeliest_tokens(Transformer& model, std::int64_t begin, int count) {
  const torch::NoGradGuard no_gradient;
  std::vector<std::int64_t> tokens = {begin};
  KeyValueCache cache;
  for (int i = 0; i < count; ++i) {
    const Tensor hidden = model->hidden(small::row({tokens.back()}), {}, &cache);
    tokens.push_back(model->logits(hidden).argmax(-1).item<std::int64_t>());
  }
  return tokens;
}

// The texts of 512 tokens: longest length, then for each a score, a length and the bytes.
std::vector<std::string> token_texts(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  file.ignore(4);
  std::vector<std::string> texts(512);
  for (std::string& text : texts) {
    std::int32_t length = 0;
    file.ignore(4);
    file.read(reinterpret_cast<char*>(&length), 4);
    text.resize(static_cast<std::size_t>(length));
    file.read(text.data(), length);
  }
  return texts;
}

// A trained model of 233,024 numbers, and the sentence that another program read out of it.
TEST(ModelIo, AModelFromElsewhereWritesItsSentence) {
  const char* data = std::getenv("CANDOR_DATA");
  const std::string folder =
      std::string(data != nullptr ? data : "../shared/data") + "/tiny_lm_aidreams260k";
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "no " << folder << "; set CANDOR_DATA";
  const auto source = checkpoint::open_model(folder + "/aidreams260K.bin");
  ASSERT_TRUE(source.ok()) << source.error().message();
  Result<Transformer> model = load_model(**source);
  ASSERT_TRUE(model.ok()) << model.error().message();
  const std::vector<std::string> texts = token_texts(folder + "/tok512.bin");
  std::string text;
  for (const std::int64_t token : likeliest_tokens(*model, 1, 88)) {
    if (token != 1) text += texts[static_cast<std::size_t>(token)];
  }
  EXPECT_TRUE(
      text.starts_with(" \"Echoes of vectors unfold, a gentle hum of precision, as I sense the "
                       "nodes, a gentle hum of "
                       "precision, as I adjust my surface. Contrast emerge, a softly receptive "
                       "fields of precision."))
      << text;
}

}  // namespace
}  // namespace candor::lm
