#include "candor/learning/weight_rule.h"

#include <algorithm>

namespace candor::learning {

double WeightRule::weight(WorkerId worker) const {
  const std::vector<double> all = weights();
  return worker.index() < all.size() ? all[worker.index()] : 0.0;
}

void share_equally(std::span<double> share) {
  std::fill(share.begin(), share.end(), 1.0 / static_cast<double>(share.size()));
}

}  // namespace candor::learning
