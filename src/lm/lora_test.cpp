#include "lm/lora.h"

#include <gtest/gtest.h>

#include "candor/checkpoint/model_source.h"
#include "lm/model_io.h"
#include "lm/small_models.h"
#include "lm/stored_logits.h"

namespace candor::lm {
namespace {

using small::Architecture;
using small::relative_difference;
using torch::Tensor;

Tensor some_logits(Transformer& model) {
  const torch::NoGradGuard no_gradient;
  return model->logits(model->hidden(small::row(small::draw_tokens(model->config(), 7, 1))));
}

// Both matrices full of numbers, so that the adapters change something.
void fill_adapters(Transformer& model, std::uint64_t seed) {
  const torch::NoGradGuard no_gradient;
  RandomStream random(seed);
  for (auto& named : model->named_parameters()) {
    if (named.key().find("lora_") == std::string::npos) continue;
    Tensor flat = named.value().view(-1);
    for (std::int64_t i = 0; i < flat.numel(); ++i) flat[i] = 0.3 * random.normal();
  }
}

TEST(Linear, AdapterWorkedExample) {
  Linear layer(2, 2, false);  // y = x + 2 B A x with A = (1 1), B = (1 0)^T
  layer->weight.set_data(torch::eye(2));
  layer->add_adapter(1, 2.0);
  layer->lora_a.set_data(torch::ones({1, 2}));
  layer->lora_b.set_data(torch::tensor({1.0F, 0.0F}).view({2, 1}));
  const Tensor y = layer->forward(torch::tensor({3.0F, 4.0F}).unsqueeze(0));
  EXPECT_EQ(y[0][0].item<float>(), 17.0F);
  EXPECT_EQ(y[0][1].item<float>(), 4.0F);
  layer->merge();
  EXPECT_TRUE(at::equal(layer->weight, torch::tensor({3.0F, 2.0F, 0.0F, 1.0F}).view({2, 2})));
}

TEST(Lora, TargetsByLastPartsOrPath) {
  const std::string path = "model.layers.0.self_attn.q_proj";
  EXPECT_TRUE(is_target(path, {"q_proj"}));
  EXPECT_TRUE(is_target(path, {"v_proj", "self_attn.q_proj"}));
  EXPECT_TRUE(is_target(path, {path}));
  EXPECT_TRUE(is_target(path, {"all-linear"}));
  EXPECT_TRUE(is_target(path, {}));
  EXPECT_FALSE(is_target(path, {"proj"}));
  EXPECT_FALSE(is_target("lm_head", {"all-linear"}));
  EXPECT_TRUE(is_target("lm_head", {"lm_head"}));
}

TEST(Lora, FreshAdaptersChangeNothingAndAloneAreTrained) {
  for (const checkpoint::ModelConfig& config : small::configs()) {
    Transformer model = small::model_of(config, 1);
    const Tensor before = some_logits(model);
    ASSERT_TRUE(add_adapters(model, {.rank = 3, .alpha = 6.0, .targets = {}, .seed = 5}).ok());
    EXPECT_TRUE(at::equal(some_logits(model), before));
    for (const auto& named : model->named_parameters()) {
      const bool adapter = named.key().find("lora_") != std::string::npos;
      EXPECT_EQ(named.value().requires_grad(), adapter) << named.key();
    }
    model->logits(model->hidden(small::row({1, 2, 3}))).square().sum().backward();
    const auto layer = model->linear_layers().front().second;
    EXPECT_GT(layer->lora_b.grad().abs().max().item<double>(), 0.0);
    EXPECT_FALSE(layer->weight.grad().defined());
  }
}

TEST(Lora, AIsUniformUpToOneOverTheSquareRootOfItsWidthAndOfTheSeed) {
  Transformer model(small::config_of(Architecture::llama));  // width 24
  ASSERT_TRUE(add_adapters(model, {.rank = 16, .alpha = 16.0, .targets = {}, .seed = 5}).ok());
  const Tensor a = model->linear_layers().front().second->lora_a;
  const double bound = 1.0 / std::sqrt(24.0);
  EXPECT_LE(a.abs().max().item<double>(), bound);
  EXPECT_NEAR(a.std().item<double>(), bound / std::sqrt(3.0), 0.01);
  RandomStream random(5, 0);
  EXPECT_FLOAT_EQ(a[0][0].item<float>(),
                  static_cast<float>(bound * (2.0 * random.uniform() - 1.0)));
}

TEST(Lora, MergedModelsComputeTheSameAndUnmergeToTheSameBits) {
  for (const checkpoint::ModelConfig& config : small::configs()) {
    Transformer model = small::model_of(config, 1);
    const Tensor base = some_logits(model);
    ASSERT_TRUE(add_adapters(model, {.rank = 3, .alpha = 6.0, .targets = {}, .seed = 5}).ok());
    fill_adapters(model, 2);
    const Tensor apart = some_logits(model);
    EXPECT_GT(relative_difference(apart, base), 1e-3);
    merge_adapters(model);
    EXPECT_LT(relative_difference(some_logits(model), apart), 1e-12);
    unmerge_adapters(model);
    EXPECT_TRUE(at::equal(some_logits(model), apart));
    absorb_adapters(model);
    EXPECT_FALSE(has_adapters(model));
    EXPECT_LT(relative_difference(some_logits(model), apart), 1e-12);
    EXPECT_TRUE(model->parameters().front().requires_grad());
  }
}

TEST(Lora, RecomputedActivationsGiveTheSameAdapterGradients) {
  std::vector<Tensor> gradients;
  for (const bool recompute : {false, true}) {
    Transformer model = small::model_of(small::config_of(Architecture::llama), 1);
    ASSERT_TRUE(add_adapters(model, {.rank = 3, .alpha = 6.0, .targets = {"v_proj"}}).ok());
    fill_adapters(model, 2);
    model->checkpoint_activations(recompute);
    model->logits(model->hidden(small::row({1, 2, 3}))).square().sum().backward();
    gradients.push_back(model->named_parameters()["model.layers.0.self_attn.v_proj.lora_A"].grad());
  }
  EXPECT_TRUE(at::equal(gradients[0], gradients[1]));
}

TEST(Lora, TensorsThereAndBack) {
  Transformer model = small::model_of(small::config_of(Architecture::gpt2), 1);
  model->to(torch::kFloat32);
  ASSERT_TRUE(add_adapters(model, {.rank = 2, .alpha = 5.0, .targets = {"c_attn"}}).ok());
  fill_adapters(model, 2);
  const Result<checkpoint::AdapterTensors> tensors = adapter_tensors(model);
  ASSERT_TRUE(tensors.ok());
  EXPECT_EQ(tensors->target_modules, std::vector<std::string>{"c_attn"});
  EXPECT_EQ(tensors->rank, 2U);
  EXPECT_EQ(tensors->alpha, 5.0);
  EXPECT_TRUE(tensors->values.contains("transformer.h.1.attn.c_attn.lora_B.weight"));

  Transformer other = small::model_of(small::config_of(Architecture::gpt2), 1);
  other->to(torch::kFloat32);
  ASSERT_TRUE(put_adapters(other, *tensors).ok());
  EXPECT_TRUE(at::equal(some_logits(other), some_logits(model)));
}

TEST(Lora, ATargetOfOneLayerIsNamedInFull) {
  Transformer model(small::config_of(Architecture::llama));
  const std::string path = "model.layers.1.mlp.up_proj";
  ASSERT_TRUE(add_adapters(model, {.rank = 2, .alpha = 2.0, .targets = {path}}).ok());
  EXPECT_EQ(adapter_tensors(model)->target_modules, std::vector<std::string>{path});
}

TEST(Lora, RefusalsNameWhatIsWrongAndLeaveTheModelAlone) {
  Transformer model(small::config_of(Architecture::llama));
  const Status unknown = add_adapters(model, {.rank = 2, .alpha = 2.0, .targets = {"c_attn"}});
  ASSERT_FALSE(unknown.ok());
  EXPECT_EQ(unknown.error().code, ErrorCode::not_found);
  EXPECT_NE(unknown.error().message().find("q_proj"), std::string::npos);
  EXPECT_EQ(add_adapters(model, {.rank = 0}).error().code, ErrorCode::out_of_range);
  const auto rank_refused = [&](std::size_t rank, std::vector<std::string> targets) {
    const Status status = add_adapters(model, {.rank = rank, .targets = std::move(targets)});
    return status.ok() ? "" : status.error().message();
  };
  EXPECT_NE(rank_refused(3'000'000'000, {}).find("from 1 to 4096"), std::string::npos);
  EXPECT_NE(rank_refused(25, {}).find("at most 24"), std::string::npos);  // q_proj is 24 x 24
  EXPECT_NE(rank_refused(13, {"k_proj"}).find("at most 12"), std::string::npos);  // 12 x 24
  EXPECT_EQ(add_adapters(model, {.rank = 1, .alpha = -1.0}).error().code, ErrorCode::out_of_range);
  EXPECT_EQ(adapter_tensors(model).error().code, ErrorCode::not_found);
  EXPECT_TRUE(model->parameters().front().requires_grad());

  ASSERT_TRUE(add_adapters(model, {.rank = 2, .alpha = 2.0, .targets = {"q_proj"}}).ok());
  EXPECT_EQ(add_adapters(model, {.rank = 2}).error().code, ErrorCode::conflict);
  checkpoint::AdapterTensors tensors = *adapter_tensors(model);
  Transformer other(small::config_of(Architecture::llama));
  tensors.values.begin()->second.pop_back();
  const Status short_of_one = put_adapters(other, tensors);
  ASSERT_FALSE(short_of_one.ok());
  EXPECT_NE(short_of_one.error().message().find("lora_A"), std::string::npos);
  EXPECT_NE(short_of_one.error().message().find("[2, 24]"), std::string::npos);
  EXPECT_FALSE(has_adapters(other));
  Transformer gpt2(small::config_of(Architecture::gpt2));
  EXPECT_EQ(put_adapters(gpt2, tensors).error().code, ErrorCode::not_found);
}

// Logits that PEFT computed with the same folders.
TEST(Lora, EqualsPeftWithItsOwnFolders) {
  for (const std::string kind : {"llama", "gpt2"}) {
    const auto source = checkpoint::open_model("tests/data/lm/" + kind);
    ASSERT_TRUE(source.ok()) << source.error().message();
    Result<Transformer> model = load_model(**source);
    ASSERT_TRUE(model.ok()) << model.error().message();
    const std::string folder = "tests/data/lm/" + kind + "_adapter";
    const auto adapters = checkpoint::read_adapter(folder);
    ASSERT_TRUE(adapters.ok()) << adapters.error().message();
    const StoredLogits stored = read_stored_logits(folder);
    const StoredLogits plain = read_stored_logits("tests/data/lm/" + kind);
    ASSERT_GT((stored.logits - plain.logits).abs().max().item<double>(), 0.1);

    const Status put = put_adapters(*model, *adapters);
    ASSERT_TRUE(put.ok()) << put.error().message();
    const torch::NoGradGuard no_gradient;
    EXPECT_LT(difference_from_stored(*model, stored), 1e-5);
    merge_adapters(*model);
    EXPECT_LT(difference_from_stored(*model, stored), 1e-5);
  }
}

}  // namespace
}  // namespace candor::lm
