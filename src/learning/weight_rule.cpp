#include "candor/learning/weight_rule.h"

#include <algorithm>

namespace candor::learning {

void share_equally(std::span<double> share) {
  std::fill(share.begin(), share.end(), 1.0 / static_cast<double>(share.size()));
}

}  // namespace candor::learning
