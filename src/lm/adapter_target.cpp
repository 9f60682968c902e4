#include "candor/lm/adapter_target.h"

#include <algorithm>

#include "candor/checkpoint/adapter_folder.h"

namespace candor::lm {

bool is_target(std::string_view path, const std::vector<std::string>& targets) {
  const bool all = targets.empty() || std::ranges::find(targets, "all-linear") != targets.end();
  return (all && path != "lm_head") || checkpoint::names_layer(targets, path);
}

}  // namespace candor::lm
