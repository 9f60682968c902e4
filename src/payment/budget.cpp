#include "candor/payment/budget.h"

#include <algorithm>
#include <utility>

namespace candor::payment {

std::vector<std::int64_t> divide_budget(std::int64_t budget, std::span<const double> share) {
  double total = 0.0;
  for (const double value : share) total += value;
  std::vector<std::int64_t> part(share.size());
  std::vector<std::pair<double, std::size_t>> remainder(share.size());
  std::int64_t left = budget;
  for (std::size_t j = 0; j < share.size(); ++j) {
    const double exact = static_cast<double>(budget) * (share[j] / total);
    const bool enough = exact < static_cast<double>(left);  // also keeps the conversion in range
    part[j] = enough ? static_cast<std::int64_t>(exact) : left;
    left -= part[j];
    remainder[j] = {static_cast<double>(part[j]) - exact, j};  // most negative first
  }
  std::sort(remainder.begin(), remainder.end());
  for (std::size_t n = 0; left > 0; ++n, --left) ++part[remainder[n % share.size()].second];
  return part;
}

}  // namespace candor::payment
