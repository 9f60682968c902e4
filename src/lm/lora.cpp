#include "lm/lora.h"

#include <torch/utils.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include "candor/base/random.h"
#include "lm/exceptions.h"

namespace candor::lm {
namespace {

using checkpoint::AdapterTensors;
using torch::Tensor;
using NamedLayer = std::pair<std::string, Linear>;

std::string last_part(const std::string& path) {
  return path.substr(path.rfind('.') + 1);
}

// The layers that targets mean, with their numbers among all layers.
std::vector<std::pair<std::size_t, NamedLayer>> meant(const Transformer& model,
                                                      const std::vector<std::string>& targets) {
  std::vector<std::pair<std::size_t, NamedLayer>> found;
  const std::vector<NamedLayer> layers = model->linear_layers();
  for (std::size_t i = 0; i < layers.size(); ++i) {
    if (is_target(layers[i].first, targets)) found.emplace_back(i, layers[i]);
  }
  return found;
}

std::string known_names(const Transformer& model) {
  std::set<std::string> names;
  for (const auto& [path, layer] : model->linear_layers()) names.insert(last_part(path));
  std::string text = "all-linear, a layer's path, or of: ";
  for (const std::string& name : names) text += (name == *names.begin() ? "" : ", ") + name;
  return text;
}

Status check_targets(const Transformer& model, const std::vector<std::string>& targets) {
  for (const std::string& target : targets) {
    if (!meant(model, {target}).empty()) continue;
    return Error{ErrorCode::not_found, target}.in_field("targets").expecting(known_names(model));
  }
  return {};
}

Status check_none_yet(const Transformer& model) {
  if (!has_adapters(model)) return {};
  return Error{ErrorCode::conflict, "a model that has adapters already"}.in_field("adapter").way(
      "merge them into the model first, or load the model anew");
}

Error rank_error(std::size_t found, const std::string& expected) {
  return Error{ErrorCode::out_of_range, std::to_string(found)}
      .in_field("adapter rank")
      .expecting(expected);
}

// A small layer among large ones (keys that many heads share) may have less than the rank.
Status check_rank_of_layers(const Transformer& model, const AdapterOptions& options) {
  std::int64_t most = 0;
  for (const auto& [number, named] : meant(model, options.targets)) {
    const Tensor& weight = named.second->weight;
    most = std::max(most, std::min(weight.size(0), weight.size(1)));
  }
  if (options.rank <= static_cast<std::size_t>(most)) return {};
  return rank_error(options.rank,
                    "at most " + std::to_string(most) + ", the smaller side of the largest layer");
}

Status check_options(const AdapterOptions& options) {
  if (options.rank == 0 || options.rank > most_rank) {
    return rank_error(options.rank, "from 1 to " + std::to_string(most_rank));
  }
  if (!(options.alpha > 0.0) || !std::isfinite(options.alpha)) {
    return Error{ErrorCode::out_of_range, std::to_string(options.alpha)}
        .in_field("adapter alpha")
        .expecting("a finite number > 0");
  }
  return {};
}

void freeze(Transformer& model) {
  for (Tensor& parameter : model->parameters()) parameter.set_requires_grad(false);
}

Tensor uniform_draws(const Tensor& like, double bound, std::uint64_t seed, std::uint64_t stream) {
  RandomStream random(seed, stream);
  Tensor drawn = torch::empty(like.sizes(), torch::kFloat32);
  float* value = drawn.data_ptr<float>();
  for (std::int64_t i = 0; i < drawn.numel(); ++i) {
    value[i] = static_cast<float>(bound * (2.0 * random.uniform() - 1.0));
  }
  return drawn;
}

std::vector<float> floats(const Tensor& tensor) {
  const Tensor flat = tensor.detach().to(torch::kCPU, torch::kFloat32).contiguous();
  return {flat.data_ptr<float>(), flat.data_ptr<float>() + flat.numel()};
}

Error wrong_shape(const std::string& name, std::size_t found, std::int64_t rows,
                  std::int64_t columns) {
  return Error{ErrorCode::invalid_argument, name + " with " + std::to_string(found) + " numbers"}
      .in_field("adapter tensor")
      .expecting("shape [" + std::to_string(rows) + ", " + std::to_string(columns) +
                 "]: " + std::to_string(rows * columns) + " numbers")
      .way("take an adapter of this very model");
}

// The values named, as a tensor of this shape.
Result<Tensor> stored(const AdapterTensors& adapters, const std::string& name, std::int64_t rows,
                      std::int64_t columns) {
  const auto found = adapters.values.find(name);
  if (found == adapters.values.end()) {
    return Error{ErrorCode::not_found, name}.in_field("adapter tensor");
  }
  std::vector<float> values = found->second;
  if (values.size() != static_cast<std::size_t>(rows * columns)) {
    return wrong_shape(name, values.size(), rows, columns);
  }
  return torch::from_blob(values.data(), {rows, columns}, torch::kFloat32).clone();
}

// A layer and what is to be put on it.
struct Put {
  Linear layer;
  Tensor a;
  Tensor b;
};

Result<Put> put_of(const NamedLayer& named, const AdapterTensors& adapters) {
  const auto& [path, layer] = named;
  const Tensor& weight = layer->weight;
  const auto rank = static_cast<std::int64_t>(adapters.rank);
  CANDOR_TRY(Tensor a, stored(adapters, path + ".lora_A.weight", rank, weight.size(1)));
  CANDOR_TRY(Tensor b, stored(adapters, path + ".lora_B.weight", weight.size(0), rank));
  return Put{.layer = layer, .a = std::move(a), .b = std::move(b)};
}

// The names that PEFT finds the same layers by: a last part where all layers with it have an
// adapter, and else whole paths.
std::vector<std::string> targets_of(const Transformer& model) {
  std::set<std::string> with;
  std::set<std::string> without;
  for (const auto& [path, layer] : model->linear_layers()) {
    (layer->has_adapter() ? with : without).insert(last_part(path));
  }
  std::set<std::string> targets;
  for (const auto& [path, layer] : model->linear_layers()) {
    if (layer->has_adapter()) {
      targets.insert(without.contains(last_part(path)) ? path : last_part(path));
    }
  }
  return {targets.begin(), targets.end()};
}

// Where each layer of a file goes. Names without a layer are errors.
Result<std::vector<NamedLayer>> layers_for(const Transformer& model,
                                           const AdapterTensors& adapters) {
  std::set<std::string> wanted;
  for (const auto& [name, values] : adapters.values) {
    wanted.insert(name.substr(0, name.find(".lora_")));
  }
  std::vector<NamedLayer> layers;
  for (const NamedLayer& layer : model->linear_layers()) {
    if (wanted.erase(layer.first) > 0) layers.push_back(layer);
  }
  if (wanted.empty() && !layers.empty()) return layers;
  return Error{ErrorCode::not_found, wanted.empty() ? "no adapter tensor" : *wanted.begin()}
      .in_field("adapter tensor")
      .expecting("a linear layer of this model")
      .way("take an adapter of this very model");
}

}  // namespace

bool has_adapters(const Transformer& model) {
  for (const auto& [path, layer] : model->linear_layers()) {
    if (layer->has_adapter()) return true;
  }
  return false;
}

Status add_adapters(Transformer& model, const AdapterOptions& options) {
  return without_exceptions([&]() -> Status {
    CANDOR_CHECK(check_options(options));
    CANDOR_CHECK(check_targets(model, options.targets));
    CANDOR_CHECK(check_rank_of_layers(model, options));
    CANDOR_CHECK(check_none_yet(model));
    freeze(model);
    const torch::NoGradGuard no_gradient;
    for (const auto& [number, named] : meant(model, options.targets)) {
      LinearImpl& layer = *named.second.ptr();
      const double bound = 1.0 / std::sqrt(static_cast<double>(layer.weight.size(1)));
      layer.add_adapter(static_cast<std::int64_t>(options.rank),
                        options.alpha / static_cast<double>(options.rank));
      layer.lora_a.copy_(uniform_draws(layer.lora_a, bound, options.seed, number));
    }
    return {};
  });
}

void merge_adapters(Transformer& model) {
  for (const auto& [path, layer] : model->linear_layers()) layer.ptr()->merge();
}

void unmerge_adapters(Transformer& model) {
  for (const auto& [path, layer] : model->linear_layers()) layer.ptr()->unmerge();
}

void absorb_adapters(Transformer& model) {
  for (const auto& [path, layer] : model->linear_layers()) layer.ptr()->absorb_adapter();
  for (Tensor& parameter : model->parameters()) parameter.set_requires_grad(true);
}

Result<AdapterTensors> adapter_tensors(const Transformer& model) {
  return without_exceptions([&]() -> Result<AdapterTensors> {
    AdapterTensors adapters;
    for (const auto& [path, layer] : model->linear_layers()) {
      if (!layer->has_adapter()) continue;
      adapters.rank = static_cast<std::size_t>(layer->lora_a.size(0));
      adapters.alpha = layer->scale * static_cast<double>(adapters.rank);
      adapters.values[path + ".lora_A.weight"] = floats(layer->lora_a);
      adapters.values[path + ".lora_B.weight"] = floats(layer->lora_b);
    }
    if (adapters.values.empty()) {
      return Error{ErrorCode::not_found, "a model without adapters"}.in_field("adapter");
    }
    adapters.target_modules = targets_of(model);
    return adapters;
  });
}

Status put_adapters(Transformer& model, const AdapterTensors& adapters) {
  return without_exceptions([&]() -> Status {
    CANDOR_CHECK(check_none_yet(model));
    CANDOR_TRY(const std::vector<NamedLayer> layers, layers_for(model, adapters));
    std::vector<Put> puts;
    for (const NamedLayer& layer : layers) {
      CANDOR_TRY(Put put, put_of(layer, adapters));
      puts.push_back(std::move(put));
    }
    freeze(model);
    const torch::NoGradGuard no_gradient;
    for (Put& put : puts) {
      put.layer->add_adapter(static_cast<std::int64_t>(adapters.rank), adapters.scale());
      put.layer->lora_a.copy_(put.a);
      put.layer->lora_b.copy_(put.b);
    }
    return {};
  });
}

}  // namespace candor::lm
