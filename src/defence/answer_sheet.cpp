#include "candor/defence/answer_sheet.h"

#include <algorithm>
#include <cassert>

namespace candor::defence {

std::uint32_t lean_of(std::span<const double> row) {
  constexpr double tie = 1e-12;
  const auto top = std::max_element(row.begin(), row.end());
  const auto near =
      std::count_if(row.begin(), row.end(), [top](double value) { return value >= *top - tie; });
  return near == 1 ? static_cast<std::uint32_t>(top - row.begin()) : AnswerSheet::no_answer;
}

SlotId AnswerSheet::add_slot(std::span<const WorkerId> worker, std::span<const double> report) {
  assert(report.size() == worker.size() * answers_);
  for (std::size_t j = 0; j < worker.size(); ++j) {
    const std::uint32_t answer = lean_of(report.subspan(j * answers_, answers_));
    if (answer == no_answer) continue;
    lean_.push_back({worker[j], answer});
    workers_ = std::max(workers_, worker[j].index() + 1);
  }
  start_.push_back(lean_.size());
  outcome_.push_back(no_answer);
  return SlotId{static_cast<std::uint32_t>(outcome_.size() - 1)};
}

void AnswerSheet::set_outcome(SlotId slot, std::span<const double> outcome) {
  assert(slot.index() < outcome_.size() && outcome.size() == answers_);
  outcome_[slot.index()] = lean_of(outcome);
}

void CopyWatcher::on_pooled(SlotId slot, const mechanism::PooledSlot& pooled) {
  if (slot.index() >= place_.size()) place_.resize(slot.index() + 1);
  place_[slot.index()] = sheet_.add_slot(pooled.worker, pooled.report);
}

void CopyWatcher::on_settled(SlotId slot, const mechanism::PooledSlot& /*pooled*/,
                             std::span<const double> outcome,
                             const mechanism::Settlement& /*settlement*/) {
  sheet_.set_outcome(place_[slot.index()], outcome);
}

}  // namespace candor::defence
