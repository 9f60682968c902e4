#include "candor/checkpoint/adapter_folder.h"

#include <algorithm>
#include <cmath>
#include <span>
#include <string_view>
#include <utility>

#include "candor/base/file.h"
#include "candor/checkpoint/safetensors.h"
#include "checkpoint/adapter_config.h"
#include "checkpoint/adapter_names.h"
#include "checkpoint/input_file.h"
#include "checkpoint/stored_tensor.h"

namespace candor::checkpoint {
namespace {

constexpr std::uint64_t longest_config = 10'000'000;
constexpr const char* config_name = "/adapter_config.json";
constexpr const char* tensors_name = "/adapter_model.safetensors";

// The name without PEFT's prefix.
Result<std::string> plain_name(const std::string& file, const std::string& stored) {
  if (stored.starts_with(adapter_prefix) && !layer_of(stored).empty())
    return stored.substr(adapter_prefix.size());
  return Error{ErrorCode::unsupported, "a tensor of another kind"}
      .in_file(file)
      .in_field(stored)
      .expecting("names base_model.model.LAYER.lora_A.weight and ...lora_B.weight");
}

Status check_rank(const std::string& file, const std::string& name, std::size_t rank,
                  const SafetensorsEntry& entry) {
  const bool is_a = name.ends_with(lora_a);
  if (entry.shape.size() == 2 && entry.shape[is_a ? 0 : 1] == rank) return {};
  const std::string text = std::to_string(rank);
  return Error{ErrorCode::invalid_argument, "shape " + shape_text(entry.shape)}
      .in_file(file)
      .in_field(name)
      .expecting("shape " + (is_a ? "[" + text + ", in]" : "[out, " + text + "]") +
                 ", by the config's rank");
}

Status read_tensors(const std::string& path, AdapterTensors& adapter) {
  CANDOR_TRY(const SafetensorsFile file, SafetensorsFile::open(path));
  for (const auto& [stored, entry] : file.tensors()) {
    CANDOR_TRY(const std::string name, plain_name(path, stored));
    CANDOR_CHECK(check_rank(path, stored, adapter.rank, entry));
    CANDOR_TRY(adapter.values[name], file.read(stored));
  }
  if (auto status = check_pairs(adapter.values); !status.ok())
    return std::move(status).error().in_file(path);
  return {};
}

Error bad(const std::string& field, std::string found, const std::string& expected) {
  return Error{ErrorCode::invalid_argument, std::move(found)}.in_field(field).expecting(expected);
}

Status check_layer(const AdapterTensors& adapter, const std::string& name, std::size_t values) {
  const std::string_view layer = layer_of(name);
  if (layer.empty()) return bad(name, "this name", "LAYER.lora_A.weight or LAYER.lora_B.weight");
  if (values == 0 || values % adapter.rank != 0)
    return bad(name, std::to_string(values) + " values",
               "a multiple of the rank, " + std::to_string(adapter.rank));
  if (names_layer(adapter.target_modules, layer)) return {};
  return bad(name, "layer " + std::string(layer), "a layer that target_modules names");
}

Status check_adapter(const AdapterTensors& adapter) {
  if (adapter.rank == 0) return bad("rank", "0", "a rank from 1 on");
  if (!std::isfinite(adapter.alpha)) return bad("alpha", "no finite number", "a number");
  if (adapter.values.empty()) return bad("values", "none", "tensors");
  for (const auto& [name, values] : adapter.values)
    CANDOR_CHECK(check_layer(adapter, name, values.size()));
  if (auto status = check_pairs(adapter.values); !status.ok()) {
    const std::string name = status.error().field;
    return bad(name, "no such tensor", "each A with its B");
  }
  return {};
}

std::vector<NamedTensor> stored_tensors(const AdapterTensors& adapter) {
  std::vector<NamedTensor> tensors;
  for (const auto& [name, values] : adapter.values) {
    const std::size_t other = values.size() / adapter.rank;
    const bool is_a = name.ends_with(lora_a);
    const std::vector<std::size_t> shape =
        is_a ? std::vector{adapter.rank, other} : std::vector{other, adapter.rank};
    tensors.push_back({{std::string(adapter_prefix) + name, shape}, values});
  }
  return tensors;
}

}  // namespace

bool names_layer(std::span<const std::string> targets, std::string_view layer) {
  return std::ranges::any_of(targets, [&](const std::string& target) {
    return layer == target || layer.ends_with("." + target);
  });
}

double AdapterTensors::scale() const {
  const double r = static_cast<double>(rank);
  return alpha / (rank_stabilised ? std::sqrt(r) : r);
}

Result<AdapterTensors> read_adapter(const std::string& folder) {
  const std::string path = folder + config_name;
  CANDOR_TRY(const std::string text, read_text(path, longest_config));
  CANDOR_TRY(AdapterTensors adapter, parse_adapter_config(text, path));
  CANDOR_CHECK(read_tensors(folder + tensors_name, adapter));
  return adapter;
}

Status write_adapter(const std::string& folder, const AdapterTensors& adapter) {
  CANDOR_CHECK(check_adapter(adapter));
  CANDOR_CHECK(make_folder(folder));
  const std::vector<NamedTensor> tensors = stored_tensors(adapter);
  CANDOR_CHECK(
      write_safetensors(folder + tensors_name, tensors, ElementType::f32, {{"format", "pt"}}));
  return write_file(folder + config_name, adapter_config_json(adapter));
}

}  // namespace candor::checkpoint
