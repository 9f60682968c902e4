// dataset/table_reader.h
// Rows of text fields from CSV or JSON lines, told apart by the first character.
// Thread safety: one thread at a time.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "candor/base/result.h"
#include "candor/dataset/csv.h"
#include "candor/dataset/jsonl.h"

namespace candor::dataset {

class TableReader {
 public:
  /// known: the JSON keys that become columns. The first record (the header, or the first object)
  /// is read, so that header() is of use.
  static Result<TableReader> open(ByteSource source, JsonlReader::KnownKey known);

  Result<bool> next() { return csv_ ? csv_->next() : jsonl_->next(); }

  /// Grows while JSON lines are read.
  [[nodiscard]] const std::vector<std::string>& header() const {
    return csv_ ? csv_->header() : jsonl_->header();
  }
  [[nodiscard]] std::span<const std::string_view> fields() const {
    return csv_ ? csv_->fields() : jsonl_->fields();
  }
  [[nodiscard]] std::uint64_t row() const { return csv_ ? csv_->row() : jsonl_->row(); }
  [[nodiscard]] std::uint64_t lines() const { return csv_ ? csv_->lines() : jsonl_->lines(); }
  [[nodiscard]] const std::string& file() const { return csv_ ? csv_->file() : jsonl_->file(); }
  [[nodiscard]] bool may_grow() const { return !csv_; }
  [[nodiscard]] std::span<const std::string> ignored() const {
    return csv_ ? std::span<const std::string>{} : jsonl_->ignored();
  }

 private:
  std::optional<CsvReader> csv_;
  std::optional<JsonlReader> jsonl_;
};

}  // namespace candor::dataset
