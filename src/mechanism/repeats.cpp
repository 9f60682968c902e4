#include "mechanism/repeats.h"

#include <unordered_set>

namespace candor::mechanism {

bool has_repeats(std::span<const WorkerId> worker) {
  if (worker.size() < 32) {
    for (std::size_t i = 0; i < worker.size(); ++i)
      for (std::size_t j = 0; j < i; ++j)
        if (worker[i] == worker[j]) return true;
    return false;
  }
  const std::unordered_set<WorkerId> distinct(worker.begin(), worker.end());
  return distinct.size() != worker.size();
}

}  // namespace candor::mechanism
