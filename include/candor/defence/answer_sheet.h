// candor/defence/answer_sheet.h
// Who leaned to which answer in which slot, and what turned out to be right: all that the copy
// detector looks at.
//
// A report leans to its most probable answer. A report without one (a tie within 1e-12, such as
// even odds) is left out: it says nothing that could be copied. An outcome is the answer with the
// most mass; a split outcome without one leaves the slot unsettled.
//
//   AnswerSheet sheet(2);
//   const SlotId slot = sheet.add_slot(workers, reports);   // reports [m, K]
//   sheet.set_outcome(slot, outcome);                       // any time later, or never
//
// Memory: 8 bytes a report and 12 a slot. Thread safety: one thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "candor/base/ids.h"
#include "candor/event/fold.h"

namespace candor::defence {

/// The one most probable answer of a row [K], or AnswerSheet::no_answer.
[[nodiscard]] std::uint32_t lean_of(std::span<const double> row);

class AnswerSheet {
 public:
  static constexpr std::uint32_t no_answer = std::numeric_limits<std::uint32_t>::max();

  struct Lean {
    WorkerId worker;
    std::uint32_t answer = 0;
  };

  /// answers: K >= 2.
  explicit AnswerSheet(std::size_t answers) : answers_(answers) {}

  /// One slot's reports, worker [m] all different, report [m, K] (asserted).
  SlotId add_slot(std::span<const WorkerId> worker, std::span<const double> report);
  /// What turned out to be right, a row [K]. The last call counts.
  void set_outcome(SlotId slot, std::span<const double> outcome);

  [[nodiscard]] std::size_t answers() const { return answers_; }
  [[nodiscard]] std::size_t slots() const { return outcome_.size(); }
  [[nodiscard]] std::size_t leans() const { return lean_.size(); }
  /// Highest worker id that leaned anywhere + 1.
  [[nodiscard]] std::size_t workers() const { return workers_; }
  [[nodiscard]] std::span<const Lean> leans_of(std::size_t slot) const {
    return std::span(lean_).subspan(start_[slot], start_[slot + 1] - start_[slot]);
  }
  /// no_answer where the slot is unsettled.
  [[nodiscard]] std::uint32_t outcome_of(std::size_t slot) const { return outcome_[slot]; }

 private:
  std::size_t answers_;
  std::size_t workers_ = 0;
  std::vector<std::size_t> start_{0};   // [slots + 1] into lean_
  std::vector<Lean> lean_;              // slot by slot
  std::vector<std::uint32_t> outcome_;  // [slots]
};

/// Fills a sheet from a fold: a live campaign, a replay or a ledger.
///
///   CopyWatcher watcher(2);
///   event::Fold fold(&watcher);
///   ... apply events ...
///   detect_copying(watcher.sheet(), {});
class CopyWatcher final : public event::FoldObserver {
 public:
  explicit CopyWatcher(std::size_t answers) : sheet_(answers) {}

  void on_pooled(SlotId slot, const mechanism::PooledSlot& pooled) override;
  void on_settled(SlotId slot, const mechanism::PooledSlot& pooled, std::span<const double> outcome,
                  const mechanism::Settlement& settlement) override;
  [[nodiscard]] const AnswerSheet& sheet() const { return sheet_; }

 private:
  AnswerSheet sheet_;
  std::vector<SlotId> place_;  // [slots of the campaign] in the sheet
};

}  // namespace candor::defence
