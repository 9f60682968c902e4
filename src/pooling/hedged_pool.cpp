#include "candor/pooling/hedged_pool.h"

#include <numeric>

namespace candor::pooling {
namespace {

std::vector<std::size_t> label_counts(const std::vector<std::unique_ptr<LabelPool>>& pools) {
  std::vector<std::size_t> counts;
  counts.reserve(pools.size());
  for (const auto& pool : pools) counts.push_back(pool->names().size());
  return counts;
}

}  // namespace

HedgedPool::HedgedPool(std::vector<std::unique_ptr<LabelPool>> pools)
    : pools_(std::move(pools)),
      labels_of_(label_counts(pools_)),
      mixer_(std::accumulate(labels_of_.begin(), labels_of_.end(), std::size_t{0})) {}

std::vector<std::string> HedgedPool::names() const {
  std::vector<std::string> names{"hedged"};
  for (const auto& pool : pools_)
    for (std::string& name : pool->names()) names.push_back(std::move(name));
  return names;
}

void HedgedPool::admit(std::span<const WorkerId> cohort, double mass) {
  for (const auto& pool : pools_) pool->admit(cohort, mass);
}

std::optional<double> HedgedPool::regret_bound(std::size_t label, WorkerId worker,
                                               double slots) const {
  if (label == 0) return std::nullopt;
  std::size_t index = label - 1;
  for (std::size_t p = 0; p < pools_.size(); ++p) {
    if (index < labels_of_[p]) return pools_[p]->regret_bound(index, worker, slots);
    index -= labels_of_[p];
  }
  return std::nullopt;
}

void HedgedPool::pool(const SlotView& slot, std::span<double> label) {
  const auto members = label.subspan(slot.answers);
  std::size_t at = 0;
  for (std::size_t p = 0; p < pools_.size(); ++p) {
    pools_[p]->pool(slot, members.subspan(at, labels_of_[p] * slot.answers));
    at += labels_of_[p] * slot.answers;
  }
  mixer_.mix(members, label.first(slot.answers));
}

void HedgedPool::learn(const SlotView& slot, std::span<const double> label,
                       std::span<const double> outcome) {
  const auto members = label.subspan(slot.answers);
  std::size_t at = 0;
  for (std::size_t p = 0; p < pools_.size(); ++p) {
    pools_[p]->learn(slot, members.subspan(at, labels_of_[p] * slot.answers), outcome);
    at += labels_of_[p] * slot.answers;
  }
  mixer_.learn(members, outcome);
}

}  // namespace candor::pooling
