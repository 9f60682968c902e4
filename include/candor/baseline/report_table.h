// candor/baseline/report_table.h
// All reports of a closed set of slots, held compactly, for methods that pass over them many times.
//
// A report is a row of K probabilities, but most are labels (one answer has probability 1) and the
// rest repeat (a slider has 101 places). So a report is stored as a 32-bit code into a palette of
// distinct rows: codes 0 .. K-1 are the labels 0 .. K-1, further rows are appended as they appear.
// With the worker's 32-bit id a report costs 8 bytes, whatever K is; 10^7 labels are 80 MB.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "candor/base/ids.h"

namespace candor::baseline {

/// The reports of one slot: workers[i] gave the palette row codes[i]. Valid until the table
/// changes.
struct SlotReports {
  std::span<const WorkerId> workers;
  std::span<const std::uint32_t> codes;
};

/// Slots in the order of add_slot, numbered from 0; reports of a slot in the order given.
///
///   ReportTable table(2);                                              // two answers
///   table.add_slot(std::vector{WorkerId{0}, WorkerId{3}}, std::vector{1., 0., .4, .6});
///   table.slot(0).codes          // {0, 2}: the label 0, and the first row that is not a label
///   table.palette_row(2)         // {.4, .6}
///   table.workers()              // 4
///
/// Limits: 2^32 - 1 slots, workers and palette rows each; reports as memory allows.
/// Thread safety: reading from any number of threads; adding from one, with no readers.
/// Cost: add_slot O(reports K); memory 8 bytes a report, 8 a slot, 8 K + 8 to 16 a row that is no
/// label.
class ReportTable {
 public:
  /// answers: K >= 2.
  explicit ReportTable(std::size_t answers);

  /// Room for so many slots and reports in all, to spare copying. Optional.
  void reserve(std::size_t slots, std::size_t reports);
  /// Makes workers() at least this, for workers who have not reported.
  void reserve_workers(std::size_t workers);

  /// Appends a slot. reports: [workers.size(), K], rows of probabilities that sum to one, checked
  /// by whoever read them; a worker appears once a slot. No workers at all is allowed.
  void add_slot(std::span<const WorkerId> workers, std::span<const double> reports);
  /// The same for labels: labels[i] in 0 .. K-1.
  void add_labels(std::span<const WorkerId> workers, std::span<const std::uint32_t> labels);

  [[nodiscard]] std::size_t answers() const { return answers_; }
  [[nodiscard]] std::size_t slots() const { return slot_begin_.size() - 1; }
  [[nodiscard]] std::size_t reports() const { return codes_.size(); }
  /// The highest worker id seen plus one, or what reserve_workers asked for if that is more.
  [[nodiscard]] std::size_t workers() const { return workers_; }

  [[nodiscard]] SlotReports slot(std::size_t index) const;

  /// The same data as flat arrays: slot s owns positions slot_begin()[s] .. slot_begin()[s+1]-1.
  [[nodiscard]] std::span<const std::uint64_t> slot_begin() const { return slot_begin_; }
  [[nodiscard]] std::span<const WorkerId> worker_ids() const { return worker_ids_; }
  [[nodiscard]] std::span<const std::uint32_t> codes() const { return codes_; }

  /// Distinct rows, the K labels included; each K long.
  [[nodiscard]] std::size_t palette_size() const { return palette_.size() / answers_; }
  [[nodiscard]] std::span<const double> palette_row(std::uint32_t code) const;
  /// Whether a code stands for a label; the label is then the code itself.
  [[nodiscard]] bool is_label(std::uint32_t code) const { return code < answers_; }
  /// Whether every report so far is a label.
  [[nodiscard]] bool only_labels() const { return palette_.size() == answers_ * answers_; }

 private:
  void add_worker(WorkerId worker);
  [[nodiscard]] std::uint32_t code_of(std::span<const double> row);
  [[nodiscard]] std::uint32_t find_or_append(std::span<const double> row);
  [[nodiscard]] std::size_t place_of(std::span<const double> row) const;
  void grow_places();

  std::size_t answers_;
  std::size_t workers_ = 0;
  std::vector<std::uint64_t> slot_begin_;
  std::vector<WorkerId> worker_ids_;
  std::vector<std::uint32_t> codes_;
  std::vector<double> palette_;        // [rows, K]
  std::vector<std::uint32_t> places_;  // open addressing over rows that are no labels; 0: free
};

/// The same reports grouped by worker: worker w owns positions begin[w] .. begin[w+1]-1, in rising
/// slot order. 8 bytes a report and a worker.
struct WorkerReports {
  std::vector<std::uint64_t> begin;  ///< [workers + 1]
  std::vector<std::uint32_t> slots;  ///< [reports]
  std::vector<std::uint32_t> codes;  ///< [reports]
};

/// Groups a table by worker: a counting sort, O(reports + workers), one thread.
///
///   by_worker(table)   // for the table above: begin {0, 1, 1, 1, 2}, slots {0, 0}, codes {0, 2}
[[nodiscard]] WorkerReports by_worker(const ReportTable& table);

}  // namespace candor::baseline
