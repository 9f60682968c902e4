// dataset/report_reader.h
// The rows of one or more files as reports: names become numbers, values become codes (survey.h).
// Both passes read through this class, so that they cannot disagree. Thread safety: one thread at a
// time.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "candor/base/ids.h"
#include "candor/base/result.h"
#include "candor/dataset/columns.h"
#include "candor/dataset/survey.h"
#include "dataset/row_batch.h"
#include "dataset/table_reader.h"

namespace candor::dataset {

struct ReportRow {
  std::uint64_t row = 0;  ///< counts on through the files
  SlotId slot;
  WorkerId worker;
  double code = 0.0;  ///< probability; 0 a, 1 b, 2 tie; or number of the label in Survey::labels
};

class ReportReader {
 public:
  /// New names go to `survey`; where `frozen`, they are an error instead (the second pass). The
  /// arguments outlive the reader.
  ReportReader(const std::vector<std::string>& paths, const ReadOptions& options, Survey& survey,
               bool frozen);

  /// Moves to the next report; false after the last of the last file.
  Result<bool> next();
  [[nodiscard]] const ReportRow& report() const { return report_; }

  /// The slot of the report `ahead` rows after this one where that is known already, else this
  /// one's: a hint, for fetching memory early.
  [[nodiscard]] SlotId slot_ahead(std::size_t ahead) const {
    const std::size_t at = at_ + ahead;
    return at < batch_.size() ? SlotId{slot_ids_[at]} : report_.slot;
  }

  /// The outcome on this row, as a code; NaN if the row has none.
  Result<double> outcome();
  /// The row's time, a finite number.
  Result<double> time();

  /// An Error about a column of this row.
  [[nodiscard]] Error error(ErrorCode code, std::string found, Role role) const;

 private:
  Status open_next();
  Status recognise();
  Result<bool> load_batch();
  Status read_batch();
  void look_up_names();
  Status check_end_of_file() const;
  Status decode();
  Status check_names() const;
  Result<std::uint32_t> slot_number();
  Status add_named_slot(std::uint32_t slot);
  Status match_items(std::uint32_t slot);
  Result<std::uint32_t> pair_number();
  Result<std::uint32_t> add_pair(std::uint64_t key, std::uint32_t a, std::uint32_t b);
  void index_pairs();
  Result<double> value(std::string_view text, Role role);
  Result<double> probability(std::string_view text, Role role) const;
  Result<double> pair_code(std::string_view text, Role role) const;
  Result<double> label_code(std::string_view text, Role role);
  [[nodiscard]] std::string_view field(Role role) const;
  [[nodiscard]] Error empty_field(Role role) const;

  const std::vector<std::string>& paths_;
  const ReadOptions& options_;
  Survey& survey_;
  bool frozen_;
  std::size_t workers_before_;
  std::size_t slots_before_;
  std::size_t labels_before_;

  std::size_t next_path_ = 0;
  std::optional<TableReader> table_;
  bool file_ended_ = false;
  bool row_waits_ = false;        // the table's current row belongs to the next batch
  std::optional<Error> failure_;  // the table's, to be returned after the rows before it
  std::uint64_t lines_before_ = 0;
  Columns columns_;
  std::size_t header_size_ = 0;

  RowBatch batch_;
  std::size_t at_ = 0;  // row of the batch
  std::array<std::uint32_t, RowBatch::capacity> slot_ids_{};
  std::array<std::uint32_t, RowBatch::capacity> worker_ids_{};

  ReportRow report_;
  bool exchanged_ = false;  // this row names the slot's items the other way round
  std::unordered_map<std::uint64_t, std::uint32_t> pairs_;
  std::string pair_name_;
};

}  // namespace candor::dataset
