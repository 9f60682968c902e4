#include "lm/transformer.h"

#include <torch/nn/modules/container/modulelist.h>

#include <cassert>
#include <cmath>
#include <limits>
#include <memory>

#include "candor/base/parallel.h"
#include "candor/base/random.h"
#include "lm/recompute.h"
#include "lm/rotary.h"

namespace candor::lm {
namespace {

using checkpoint::Architecture;
using torch::Tensor;

// The names that Hugging Face models give to the parts that all kinds have.
struct PartNames {
  const char* trunk;
  const char* embedding;
  const char* layers;
  const char* final_norm;
};

PartNames part_names(Architecture architecture) {
  if (architecture == Architecture::gpt2) return {"transformer", "wte", "h", "ln_f"};
  return {"model", "embed_tokens", "layers", "norm"};
}

Tensor add_table(torch::nn::Module& parent, const char* name, std::size_t rows, std::size_t width) {
  auto table = parent.register_module(name, std::make_shared<torch::nn::Module>());
  return table->register_parameter(
      "weight", torch::zeros({static_cast<std::int64_t>(rows), static_cast<std::int64_t>(width)}));
}

bool ends_with_any(const std::string& name, std::initializer_list<const char*> endings) {
  for (const char* ending : endings) {
    if (name.ends_with(ending)) return true;
  }
  return false;
}

double initial_deviation(const std::string& name, std::size_t layers) {
  constexpr double base = 0.02;
  if (!ends_with_any(name, {"c_proj.weight", "o_proj.weight", "down_proj.weight"})) return base;
  return base / std::sqrt(2.0 * static_cast<double>(layers));
}

Tensor normal_draws(const Tensor& like, double deviation, std::uint64_t seed, std::size_t stream) {
  RandomStream random(seed, stream);
  Tensor drawn = torch::empty(like.sizes(), torch::kFloat32);
  float* value = drawn.data_ptr<float>();
  for (std::int64_t i = 0; i < drawn.numel(); ++i) {
    value[i] = static_cast<float>(deviation * random.normal());
  }
  return drawn;
}

// [batch or 1, time]: each token's place in its row's text; padding counts as place 0.
Tensor positions_of(std::int64_t past, std::int64_t time, const Tensor& first,
                    const torch::Device& device) {
  const Tensor columns =
      at::arange(past, past + time, torch::dtype(torch::kInt64).device(device)).unsqueeze(0);
  return first.defined() ? (columns - first.unsqueeze(1)).clamp_min(0) : columns;
}

// What is added to the scores of `time` tokens that come after `past` others. A padding token
// attends to itself, because a softmax over nothing is not a number.
Tensor mask_of(std::int64_t past, std::int64_t time, const Tensor& first,
               const torch::TensorOptions& options) {
  const auto whole = torch::dtype(torch::kInt64).device(options.device());
  const Tensor column = at::arange(past + time, whole).view({1, 1, 1, past + time});
  const Tensor row = at::arange(past, past + time, whole).view({1, 1, time, 1});
  Tensor hidden = column > row;
  if (first.defined()) {
    hidden = hidden.logical_or((column < first.view({-1, 1, 1, 1})).logical_and(column != row));
  }
  return at::zeros(hidden.sizes(), options.requires_grad(false))
      .masked_fill_(hidden, -std::numeric_limits<double>::infinity());
}

bool needs_mask(std::int64_t past, std::int64_t time, const Tensor& first) {
  if (first.defined()) return true;
  return time > 1 && (past > 0 || CANDOR_FUSED_ATTENTION == 0);
}

Surroundings surroundings(const checkpoint::ModelConfig& config, const Tensor& positions,
                          const torch::TensorOptions& options) {
  Surroundings around;
  const std::vector<double> frequencies = rotary_frequencies(config);
  if (frequencies.empty()) return around;
  const Tensor angles =
      positions.to(torch::kFloat64).unsqueeze(1).unsqueeze(3) *
      torch::tensor(frequencies, torch::dtype(torch::kFloat64)).to(positions.device());
  around.cosine = angles.cos().to(options.dtype());
  around.sine = angles.sin().to(options.dtype());
  return around;
}

std::vector<Tensor> trained(const torch::nn::Module& module) {
  std::vector<Tensor> parameters;
  for (const Tensor& parameter : module.parameters()) {
    if (parameter.requires_grad()) parameters.push_back(parameter);
  }
  return parameters;
}

}  // namespace

TransformerImpl::TransformerImpl(const checkpoint::ModelConfig& config) : config_(config) {
  register_parts();
}

void TransformerImpl::register_parts() {
  const PartNames names = part_names(config_.architecture);
  auto trunk = register_module(names.trunk, std::make_shared<torch::nn::Module>());
  embedding_ = add_table(*trunk, names.embedding, config_.vocabulary, config_.width);
  if (config_.architecture == Architecture::gpt2) {
    position_embedding_ = add_table(*trunk, "wpe", config_.context, config_.width);
  }
  auto layers = trunk->register_module(names.layers, std::make_shared<torch::nn::ModuleListImpl>());
  for (std::size_t i = 0; i < config_.layers; ++i) {
    blocks_.emplace_back(config_);
    layers->push_back(blocks_.back());
  }
  final_norm_ = trunk->register_module(names.final_norm, make_norm(config_));
  if (config_.tied_embeddings) return;
  head_ = register_module("lm_head", Linear(static_cast<std::int64_t>(config_.width),
                                            static_cast<std::int64_t>(config_.vocabulary), false));
}

void TransformerImpl::initialise(std::uint64_t seed) {
  const torch::NoGradGuard no_gradient;
  const auto parameters = named_parameters();
  for_each_block(parameters.size(), 0, [&](std::size_t i) {
    const torch::NoGradGuard no_gradient_here;  // the guard is of one thread
    const std::string& name = parameters[i].key();
    Tensor parameter = parameters[i].value();
    if (parameter.dim() > 1) {
      const double deviation = initial_deviation(name, config_.layers);
      parameter.copy_(normal_draws(parameter, deviation, seed, i));
    } else {
      parameter.fill_(name.ends_with(".bias") ? 0.0 : 1.0);
    }
  });
}

Tensor TransformerImpl::embed(const Tensor& tokens, const Tensor& positions) {
  const Tensor x = at::embedding(embedding_, tokens);
  if (!position_embedding_.defined()) return x;
  return x + at::embedding(position_embedding_, positions);
}

Tensor TransformerImpl::through_block(std::size_t layer, const Tensor& x,
                                      const Surroundings& around, KeyValueCache* cache) {
  if (cache != nullptr) {
    return blocks_[layer]->forward(x, around, {&cache->key[layer], &cache->value[layer]});
  }
  const Block block = blocks_[layer];
  const auto run = [block, around](const Tensor& input) {
    return block.ptr()->forward(input, around, {});
  };
  const std::vector<Tensor> parameters = trained(*block);
  const bool differentiable = x.requires_grad() || !parameters.empty();
  if (!checkpoint_activations_ || !torch::GradMode::is_enabled() || !differentiable) return run(x);
  return recomputed(run, x, parameters);
}

Tensor TransformerImpl::hidden(const Tensor& tokens, const Tensor& first, KeyValueCache* cache) {
  assert(tokens.dim() == 2);
  const std::int64_t past = cache == nullptr ? 0 : cache->length();
  const std::int64_t time = tokens.size(1);
  assert(first.defined() || past + time <= static_cast<std::int64_t>(config_.context));
  if (cache != nullptr) {
    cache->key.resize(blocks_.size());
    cache->value.resize(blocks_.size());
  }
  const Tensor positions = positions_of(past, time, first, tokens.device());
  Surroundings around = surroundings(config_, positions, options());
  if (needs_mask(past, time, first)) around.mask = mask_of(past, time, first, options());
  Tensor x = embed(tokens, positions);
  for (std::size_t layer = 0; layer < blocks_.size(); ++layer) {
    x = through_block(layer, x, around, cache);
  }
  return final_norm_->forward(x);
}

Tensor TransformerImpl::logits(const Tensor& hidden) {
  if (head_.is_empty()) return at::linear(hidden, embedding_);
  return head_->forward(hidden);
}

std::vector<std::pair<std::string, Linear>> TransformerImpl::linear_layers() const {
  std::vector<std::pair<std::string, Linear>> layers;
  for (const auto& module : named_modules("", false)) {
    auto linear = std::dynamic_pointer_cast<LinearImpl>(module.value());
    if (linear != nullptr) layers.emplace_back(module.key(), Linear(linear));
  }
  return layers;
}

}  // namespace candor::lm
