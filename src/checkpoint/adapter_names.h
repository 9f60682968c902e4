// checkpoint/adapter_names.h
// Names of an adapter's tensors.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "candor/base/result.h"

namespace candor::checkpoint {

constexpr std::string_view adapter_prefix = "base_model.model.";  // as PEFT stores them
constexpr std::string_view lora_a = ".lora_A.weight";
constexpr std::string_view lora_b = ".lora_B.weight";

/// "x.q_proj.lora_A.weight" -> "x.q_proj"; empty for a name of another form.
[[nodiscard]] std::string_view layer_of(std::string_view name);

/// not_found, naming the tensor, unless every A has its B and every B its A.
template <class Value>
Status check_pairs(const std::map<std::string, Value>& tensors) {
  for (const auto& [name, value] : tensors) {
    const std::string_view other = name.ends_with(lora_a) ? lora_b : lora_a;
    const std::string partner = std::string(layer_of(name)) + std::string(other);
    if (!tensors.contains(partner))
      return Error{ErrorCode::not_found, "no such tensor"}.in_field(partner).expecting(
          "it beside " + name);
  }
  return {};
}

}  // namespace candor::checkpoint
