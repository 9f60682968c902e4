// candor/dataset/survey.h
// The first of two passes over a table of reports: who and what occurs in it, the outcome of every
// slot, and the row after which each slot settles.
//
// A task (event, item, pair) of the table is a slot. A row is one worker's report on one slot; a
// second report of a worker on a slot is a duplicate, which only the second pass (slot_stream.h)
// can tell.
//
//   CANDOR_TRY(Survey survey, survey({"crowd.csv.gz"}, options));
//   survey.workers.size();            // N
//   survey.slots[0];                  // the name of the first slot of the file
//
// Worked example, labels:
//
//   task_id,worker_id,label,truth         kind labels, answers {"9", "10"} (integers sort as
//   numbers) t0,ann,10,                            workers {"ann", "bob"}, slots {"t0", "t1"}
//   t1,ann,9,9                            outcome(t0) = "10" from row 4, outcome(t1) = "9"
//   t0,bob,10,10                          last_row {4, 3}: t1 settles before t0
//
// Where outcomes come from: any row of the slot with a non-empty outcome column. Rows of one slot
// that contradict each other are an error, as is an outcome outside the kind's range.
//
// Memory: O(workers + slots), 60 to 100 bytes a slot with a short name, whatever the number of
// rows. Cost: one pass; about 0.2 microseconds a row. Thread safety: a Survey is a value.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "candor/base/ids.h"
#include "candor/base/result.h"
#include "candor/dataset/name_table.h"
#include "candor/dataset/read_options.h"

namespace candor::dataset {

/// Called now and then (at least every 65,536 rows, and at the end) with the rows read so far.
using RowProgress = std::function<void(std::uint64_t rows)>;

/// One of the files that make up the table.
struct FilePart {
  std::string path;
  std::uint64_t lines_before = 0;  ///< lines in the files before this one
};

/// A line of a file, for messages.
struct Place {
  std::string file;
  std::uint64_t row = 0;  ///< 1-based line
};

struct Survey {
  Kind kind = Kind::forecasts;
  Ties ties = Ties::split;
  /// Names of the K >= 2 answers, in the order of every report, outcome and label.
  /// forecasts: {"yes", "no"}; pairwise: {"a", "b"} or {"a", "b", "tie"}; labels: the labels and
  /// truths that occur, sorted as numbers if all are integers, else by their bytes.
  std::vector<std::string> answers;
  NameTable workers;  ///< indexed by WorkerId, in order of first appearance
  NameTable slots;    ///< indexed by SlotId, in order of first appearance

  /// Per slot: the last row, as a line number that counts on through all files (see place_of).
  std::vector<std::uint64_t> last_row;
  /// Per slot: rows, duplicates included.
  std::vector<std::uint32_t> slot_rows;
  /// Per slot: the outcome as a code (NaN: none known). forecasts: P(yes) in [0,1]; pairwise: 0 a,
  /// 1 b, 2 tie; labels: index into `answers`. Use write_outcome for the vector over answers.
  std::vector<double> outcome;
  /// Pairwise tables that name the two items: per slot the numbers of item a and b in `item_names`
  /// (the orientation of the slot's first row); empty otherwise.
  std::vector<std::array<std::uint32_t, 2>> items;
  NameTable item_names;

  std::uint64_t rows = 0;             ///< reports, duplicates included
  std::uint64_t settled_slots = 0;    ///< slots with an outcome
  std::uint64_t settled_reports = 0;  ///< rows (duplicates included) of slots with an outcome
  std::vector<FilePart> files;

  /// Labels: names in order of appearance, and the index into `answers` of each.
  NameTable labels;
  std::vector<std::uint32_t> answer_of_label;

  [[nodiscard]] bool has_outcome(SlotId slot) const;
  /// Writes the K entries of the slot's outcome and returns true, or returns false and writes
  /// nothing. Worked (pairwise, ties split): a -> {1, 0}, tie -> {1/2, 1/2}. out.size() ==
  /// answers.size().
  bool write_outcome(SlotId slot, std::span<double> out) const;
  /// A code (see `outcome`) as a vector over the answers; reports and outcomes share the codes.
  void write_code(double code, std::span<double> out) const;

  /// The items of a pairwise slot; empty where the table names none.
  [[nodiscard]] std::string_view item_a(SlotId slot) const;
  [[nodiscard]] std::string_view item_b(SlotId slot) const;

  /// File and line of a row number of `last_row`.
  [[nodiscard]] Place place_of(std::uint64_t row) const;
};

/// Reads the files one after the other as one table. Every file has its own header (or, as JSON
/// lines, its own keys); their kinds must agree. Errors, each naming file, row and field: malformed
/// (empty file, no rows, missing or unknown or ambiguous column, empty or NaN field, damaged CSV or
/// JSON), out_of_range (a probability outside [0,1]), conflict (contradicting outcomes or items,
/// kinds that differ), corrupt (damaged compression), unsupported (over 1,024 distinct labels, over
/// 2^32 - 1 names), io.
[[nodiscard]] Result<Survey> survey(const std::vector<std::string>& paths,
                                    const ReadOptions& options, const RowProgress& progress = {});

}  // namespace candor::dataset
