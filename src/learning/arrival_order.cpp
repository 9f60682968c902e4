#include "candor/learning/arrival_order.h"

namespace candor::learning {

void ArrivalOrder::arrive(WorkerId worker) {
  if (worker.index() >= entry_.size()) entry_.resize(worker.index() + 1);
  entry_[worker.index()] = {++count_, latest_, none};
  if (latest_ != none) entry_[latest_].later = worker.value;
  latest_ = worker.value;
}

void ArrivalOrder::leave(WorkerId worker) {
  const Entry& entry = entry_[worker.index()];
  if (entry.earlier != none) entry_[entry.earlier].later = entry.later;
  (entry.later != none ? entry_[entry.later].earlier : latest_) = entry.earlier;
}

std::vector<WorkerId> ArrivalOrder::after(std::uint64_t moment) const {
  std::vector<WorkerId> found;
  for (std::uint32_t i = latest_; i != none && entry_[i].arrival > moment; i = entry_[i].earlier)
    found.push_back(WorkerId{i});
  return found;
}

}  // namespace candor::learning
