#include "candor/pooling/label_pool.h"

namespace candor::pooling {

void LabelPool::admit(std::span<const WorkerId>, double) {}
std::optional<double> LabelPool::regret_bound(std::size_t, WorkerId, double) const {
  return {};
}
void LabelPool::learn(const SlotView&, std::span<const double>, std::span<const double>) {}

}  // namespace candor::pooling
