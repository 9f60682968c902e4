#include "candor/learning/asking_rule.h"

#include <algorithm>

namespace candor::learning {

bool AskingRule::is_full_set(std::span<const WorkerId> asked) const {
  if (asked.size() != std::min(asks(), present())) return false;
  const auto here = [this](WorkerId id) { return is_present(id); };
  if (!std::all_of(asked.begin(), asked.end(), here)) return false;
  std::vector<WorkerId> sorted(asked.begin(), asked.end());
  std::sort(sorted.begin(), sorted.end());
  return std::adjacent_find(sorted.begin(), sorted.end()) == sorted.end();
}

}  // namespace candor::learning
