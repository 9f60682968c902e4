#include "checkpoint/adapter_names.h"

namespace candor::checkpoint {

std::string_view layer_of(std::string_view name) {
  if (!name.ends_with(lora_a) && !name.ends_with(lora_b)) return {};
  return name.substr(0, name.size() - lora_a.size());
}

}  // namespace candor::checkpoint
