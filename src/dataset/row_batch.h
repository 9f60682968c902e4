// dataset/row_batch.h
// The fields that matter of a few rows, copied, so that names can be looked up many at a time.
// Thread safety: one thread at a time.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "candor/dataset/columns.h"
#include "dataset/table_reader.h"

namespace candor::dataset {

class RowBatch {
 public:
  static constexpr std::size_t capacity = 256;

  void clear() {
    size_ = 0;
    bytes_used_ = 0;
  }
  /// Copies the table's current row. Requires !full().
  void add(const TableReader& table, const Columns& columns);

  [[nodiscard]] std::size_t size() const { return size_; }
  /// True if another row might not fit.
  [[nodiscard]] bool full() const { return size_ == capacity || bytes_used_ > most_bytes; }

  /// The field of row i; empty where the column is absent. Valid until clear().
  [[nodiscard]] std::string_view field(std::size_t i, Role role) const {
    const Span span = rows_[i].fields[static_cast<std::size_t>(role)];
    return {bytes_.data() + span.begin, span.size};
  }
  /// The row's line in its file.
  [[nodiscard]] std::uint64_t row(std::size_t i) const { return rows_[i].row; }

 private:
  static constexpr std::size_t most_bytes = std::size_t{64} << 10U;

  struct Span {
    std::size_t begin;
    std::size_t size;
  };
  struct Row {
    std::uint64_t row;
    std::array<Span, role_count> fields;
  };

  std::size_t size_ = 0;
  std::size_t bytes_used_ = 0;
  std::vector<char> bytes_;
  std::array<Row, capacity> rows_;
};

}  // namespace candor::dataset
