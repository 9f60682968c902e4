#include "lm/model_io.h"

#include <torch/utils.h>

#include <algorithm>
#include <cassert>
#include <cmath>
#include <optional>
#include <string_view>

#include "candor/base/text.h"
#include "lm/exceptions.h"
#include "lm/torch_device.h"

namespace candor::lm {
namespace {

using checkpoint::ModelConfig;
using checkpoint::ModelSource;
using checkpoint::ModelTensors;
using checkpoint::TensorShape;
using torch::Tensor;

// gpt2's files hold its matrices as [in, out] ("Conv1D"); every Linear here is [out, in].
bool is_transposed(const ModelConfig& config, std::string_view name) {
  if (config.architecture != checkpoint::Architecture::gpt2) return false;
  return name.ends_with("c_attn.weight") || name.ends_with("c_proj.weight") ||
         name.ends_with("c_fc.weight");
}

Tensor seen_as_in_files(const ModelConfig& config, const std::string& name, const Tensor& tensor) {
  return is_transposed(config, name) ? tensor.t() : tensor;
}

Status all_finite(const std::string& name, const std::vector<float>& values) {
  const auto bad = std::find_if_not(values.begin(), values.end(),
                                    [](float value) { return std::isfinite(value); });
  if (bad == values.end()) return {};
  return Error{ErrorCode::out_of_range,
               name + " number " + std::to_string(bad - values.begin()) + " is not finite"}
      .in_field("tensor")
      .expecting("finite numbers")
      .way("take another checkpoint of this model: this one diverged or is damaged");
}

Status fill(TransformerImpl& model, const ModelSource& source) {
  const torch::NoGradGuard no_gradient;
  const auto parameters = model.named_parameters();
  for (const TensorShape& tensor : checkpoint::tensors_of(model.config())) {
    CANDOR_TRY(std::vector<float> values, source.read(tensor));
    CANDOR_CHECK(all_finite(tensor.name, values));
    assert(parameters.contains(tensor.name));
    const Tensor parameter = seen_as_in_files(model.config(), tensor.name, parameters[tensor.name]);
    parameter.copy_(torch::from_blob(values.data(), parameter.sizes(), torch::kFloat32));
  }
  return {};
}

Tensor weight_of(const Linear& layer, Adapters adapters) {
  return adapters == Adapters::merged ? layer->merged_weight() : layer->base_weight().detach();
}

std::vector<float> floats(const Tensor& tensor) {
  const Tensor flat = tensor.detach().to(torch::kCPU, torch::kFloat32).contiguous();
  const float* begin = flat.data_ptr<float>();
  return {begin, begin + flat.numel()};
}

void copy_layer(const Linear& from, const Linear& into) {
  LinearImpl& target = *into.ptr();
  if (from->has_adapter()) {
    target.add_adapter(from->lora_a.size(0), from->scale);
    target.lora_a.copy_(from->lora_a);
    target.lora_b.copy_(from->lora_b);
  }
  target.weight.copy_(from->base_weight());
  if (from->merged()) target.merge();
}

void copy_parameters(const TransformerImpl& from, TransformerImpl& into) {
  const torch::NoGradGuard no_gradient;
  const auto theirs = from.named_parameters();
  for (auto& parameter : into.named_parameters()) {
    parameter.value().copy_(theirs[parameter.key()]);
  }
  const auto layers = into.linear_layers();
  const auto their_layers = from.linear_layers();
  for (std::size_t i = 0; i < layers.size(); ++i) {
    copy_layer(their_layers[i].second, layers[i].second);
  }
}

}  // namespace

Result<Transformer> load_model(const ModelSource& source, const Device& device) {
  return without_exceptions([&]() -> Result<Transformer> {
    CANDOR_CHECK(source.config().check());
    CANDOR_CHECK(checkpoint::check_tensors(source));  // before memory of the config's size
    Transformer model(source.config());
    CANDOR_CHECK(fill(*model, source));
    model->to(torch_device(device));
    return model;
  });
}

Result<Transformer> new_model(const ModelConfig& config, std::uint64_t seed, const Device& device) {
  return without_exceptions([&]() -> Result<Transformer> {
    CANDOR_CHECK(config.check());
    Transformer model(config);
    model->initialise(seed);
    model->to(torch_device(device));
    return model;
  });
}

Result<Transformer> frozen_copy(const Transformer& model) {
  return without_exceptions([&]() -> Result<Transformer> {
    Transformer copy(model->config());
    copy->to(model->options().device(), c10::typeMetaToScalarType(model->options().dtype()));
    copy_parameters(*model, *copy);
    for (Tensor& parameter : copy->parameters()) parameter.set_requires_grad(false);
    return copy;
  });
}

Result<ModelTensors> model_tensors(const Transformer& model, Adapters adapters) {
  return without_exceptions([&]() -> Result<ModelTensors> {
    const ModelConfig& config = model->config();
    std::map<std::string, Tensor> all;
    for (const auto& parameter : model->named_parameters())
      all[parameter.key()] = parameter.value();
    for (const auto& [path, layer] : model->linear_layers()) {
      all[path + ".weight"] = weight_of(layer, adapters);
    }
    ModelTensors tensors{.config = config, .values = {}};
    for (const TensorShape& tensor : checkpoint::tensors_of(config)) {
      assert(all.contains(tensor.name));
      tensors.values[tensor.name] = floats(seen_as_in_files(config, tensor.name, all[tensor.name]));
    }
    return tensors;
  });
}

}  // namespace candor::lm
