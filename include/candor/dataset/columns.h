// candor/dataset/columns.h
// Which column plays which role, from the column names alone, in any order.
//
//   role      accepted names
//   slot      task_id, task, event_id, slot_id, slot
//   worker    worker_id, worker
//   time      time                                          (optional)
//   report    forecasts: probability, report; pairwise: choice, label, report; labels: label,
//   report outcome   outcome, truth, gold, or ReadOptions::truth_column (optional) item_a item_a,
//   left                                  (pairwise, optional) item_b    item_b, right
//
// The kind follows from the report: probability -> forecasts; choice -> pairwise; label -> pairwise
// if both items are named, else labels; report -> pairwise if both items are named, else forecasts.
// crowd-kit's tables (task, worker, label; worker, left, right, label) are covered: a pairwise
// `label` holds the better item itself, and where no slot is named the slot is the unordered pair
// of items. Other columns are ignored.
//
// Errors, all malformed, at the header: a role that is missing, a role with two columns, two kinds
// that fit, no column with a known role at all. The message lists the columns found and the names
// accepted. Thread safety: pure functions.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "candor/base/result.h"
#include "candor/dataset/read_options.h"

namespace candor::dataset {

enum class Role : std::uint8_t { slot, worker, time, report, outcome, item_a, item_b };
inline constexpr std::size_t role_count = 7;

/// The columns of one file.
struct Columns {
  static constexpr std::size_t absent = static_cast<std::size_t>(-1);

  Kind kind = Kind::forecasts;
  std::array<std::size_t, role_count> index{};  ///< column of each role, or absent
  bool report_names_item = false;  ///< pairwise: report and outcome hold an item, not a, b or tie

  [[nodiscard]] std::size_t of(Role role) const { return index[static_cast<std::size_t>(role)]; }
  [[nodiscard]] bool has(Role role) const { return of(role) != absent; }
};

/// The header of one file, as far as it is known.
struct Header {
  std::span<const std::string> names;
  std::string_view file;
  std::uint64_t row = 1;
  /// JSON lines: further columns may turn up later, so a missing truth_column is no error yet.
  bool may_grow = false;
  /// JSON lines: unknown keys, for messages.
  std::span<const std::string> ignored = {};
};

[[nodiscard]] Result<Columns> recognise_columns(const Header& header, const ReadOptions& options);

/// True if a column of this name could play a role.
[[nodiscard]] bool is_known_column(std::string_view name, const ReadOptions& options);

/// "slot", "worker", ...
[[nodiscard]] std::string_view name_of(Role role);

}  // namespace candor::dataset
