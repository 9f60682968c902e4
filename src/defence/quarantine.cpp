#include "candor/defence/quarantine.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "candor/learning/weight_rule.h"

namespace candor::defence {

std::int64_t Quarantine::clear(WorkerId worker) {
  const auto found = held_micro_.find(worker);
  if (found == held_micro_.end()) return 0;
  const std::int64_t held = found->second;
  held_micro_.erase(found);
  return held;
}

std::int64_t Quarantine::confirm(WorkerId worker) {
  const auto found = held_micro_.find(worker);
  return found == held_micro_.end() ? 0 : std::exchange(found->second, 0);
}

std::int64_t Quarantine::pay(WorkerId worker, std::int64_t micro) {
  assert(micro >= 0);
  const auto found = held_micro_.find(worker);
  if (found == held_micro_.end()) return micro;
  found->second += micro;
  return 0;
}

std::int64_t Quarantine::held_micro(WorkerId worker) const {
  const auto found = held_micro_.find(worker);
  return found == held_micro_.end() ? 0 : found->second;
}

bool Quarantine::all_suspected(std::span<const WorkerId> worker) const {
  return std::all_of(worker.begin(), worker.end(),
                     [this](WorkerId one) { return is_suspected(one); });
}

void Quarantine::label_share(std::span<const WorkerId> worker, std::span<const double> share,
                             std::span<double> out) const {
  std::copy(share.begin(), share.end(), out.begin());
  if (suspected() == 0 || all_suspected(worker)) return;
  double left = 0.0;
  double others = 0.0;
  for (std::size_t j = 0; j < worker.size(); ++j) {
    if (is_suspected(worker[j])) out[j] = 0.0;
    left += out[j];
    others += is_suspected(worker[j]) ? 0.0 : 1.0;
  }
  for (std::size_t j = 0; j < worker.size(); ++j) {
    if (is_suspected(worker[j])) continue;
    out[j] = left > 0.0 ? out[j] / left : 1.0 / others;
  }
}

Quarantine::Kept Quarantine::keep(const pooling::SlotView& slot) const {
  std::vector<double> share(slot.size());
  label_share(slot.worker, slot.share, share);
  const bool whole = all_suspected(slot.worker);
  Kept kept{slot.answers, {}, {}, {}};
  for (std::size_t j = 0; j < slot.size(); ++j) {
    if (!whole && is_suspected(slot.worker[j])) continue;
    kept.worker.push_back(slot.worker[j]);
    kept.report.insert(kept.report.end(), slot.row(j).begin(), slot.row(j).end());
    kept.share.push_back(share[j]);
  }
  return kept;
}

void QuarantineWatch::on_pooled(SlotId slot, const mechanism::PooledSlot& pooled) {
  slot_[slot] = {{pooled.answers, pooled.worker, pooled.report, pooled.share}, pooled.label};
}

void QuarantineWatch::on_settled(SlotId /*slot*/, const mechanism::PooledSlot& pooled,
                                 std::span<const double> /*outcome*/,
                                 const mechanism::Settlement& settlement) {
  for (std::size_t j = 0; j < settlement.paid_micro.size(); ++j)
    paid_out_micro_[pooled.worker[j]] +=
        quarantine_.pay(pooled.worker[j], settlement.paid_micro[j]);
}

void QuarantineWatch::clear(WorkerId worker) {
  paid_out_micro_[worker] += quarantine_.clear(worker);
}

std::vector<double> QuarantineWatch::label(SlotId slot) const {
  const auto found = slot_.find(slot);
  if (found == slot_.end()) return {};
  const Slot& one = found->second;
  const auto suspected = [this](WorkerId worker) { return quarantine_.is_suspected(worker); };
  if (std::none_of(one.all.worker.begin(), one.all.worker.end(), suspected)) return one.label;
  const Quarantine::Kept kept = quarantine_.keep(one.all.view());
  std::vector<double> label(one.label.size());
  pool_(kept.view(), label);
  return label;
}

std::int64_t QuarantineWatch::paid_out_micro(WorkerId worker) const {
  const auto found = paid_out_micro_.find(worker);
  return found == paid_out_micro_.end() ? 0 : found->second;
}

}  // namespace candor::defence
