#include "checkpoint/adapter_names.h"

namespace candor::checkpoint {

std::string_view layer_of(std::string_view name) {
  if (!name.ends_with(lora_a) && !name.ends_with(lora_b)) return {};
  return name.substr(0, name.size() - lora_a.size());
}

std::string_view last_part(std::string_view layer) {
  const std::size_t dot = layer.rfind('.');
  return dot == std::string_view::npos ? layer : layer.substr(dot + 1);
}

}  // namespace candor::checkpoint
