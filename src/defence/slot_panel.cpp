#include "defence/slot_panel.h"

#include <algorithm>

namespace candor::defence {
namespace {

// The answer that most gave; none if two lead.
std::uint32_t plurality(const std::vector<std::uint32_t>& counts) {
  const auto top = std::max_element(counts.begin(), counts.end());
  if (*top == 0 || std::count(counts.begin(), counts.end(), *top) > 1)
    return AnswerSheet::no_answer;
  return static_cast<std::uint32_t>(top - counts.begin());
}

// Two virtual others, right in 3 of 4 cases, stand beside the real ones.
std::uint32_t tenth_right(const std::vector<std::uint32_t>& counts, std::uint32_t reference) {
  std::uint32_t others = 0;
  for (const std::uint32_t count : counts) others += count;
  const double share = (counts[reference] + 1.5) / (others + 2.0);
  return std::min(SlotPanel::tenths - 1,
                  static_cast<std::uint32_t>(share * static_cast<double>(SlotPanel::tenths)));
}

}  // namespace

SlotPanel::SlotPanel(const AnswerSheet& sheet, const Suspects& suspects, bool by_difficulty)
    : sheet_(sheet),
      suspects_(suspects),
      by_difficulty_(by_difficulty),
      count_(sheet.slots() * sheet.answers()) {
  for (std::size_t slot = 0; slot < sheet.slots(); ++slot)
    for (const AnswerSheet::Lean lean : sheet.leans_of(slot))
      if (!suspects[lean.worker.index()]) ++count_[slot * sheet.answers() + lean.answer];
}

std::uint32_t SlotPanel::strata() const {
  return 2 * static_cast<std::uint32_t>(sheet_.answers()) * (by_difficulty_ ? tenths : 1);
}

SlotPanel::Judged SlotPanel::judge(std::uint32_t slot, AnswerSheet::Lean first,
                                   AnswerSheet::Lean second,
                                   std::vector<std::uint32_t>& scratch) const {
  const auto all = std::span(count_).subspan(slot * sheet_.answers(), sheet_.answers());
  scratch.assign(all.begin(), all.end());
  if (!suspects_[first.worker.index()]) --scratch[first.answer];
  if (!suspects_[second.worker.index()]) --scratch[second.answer];

  const std::uint32_t outcome = sheet_.outcome_of(slot);
  const bool settled = outcome != AnswerSheet::no_answer;
  const std::uint32_t reference = settled ? outcome : plurality(scratch);
  if (reference == AnswerSheet::no_answer) return {};
  std::uint32_t stratum = 2 * reference + (settled ? 0 : 1);
  if (by_difficulty_) stratum = stratum * tenths + tenth_right(scratch, reference);
  return {stratum, reference};
}

}  // namespace candor::defence
