// Questions about a finished survey.
#include <algorithm>
#include <cmath>
#include <iterator>

#include "candor/dataset/survey.h"

namespace candor::dataset {
namespace {

constexpr double tie_code = 2.0;

}  // namespace

bool Survey::has_outcome(SlotId slot) const {
  return !std::isnan(outcome[slot.index()]);
}

bool Survey::write_outcome(SlotId slot, std::span<double> out) const {
  if (!has_outcome(slot)) return false;
  write_code(outcome[slot.index()], out);
  return true;
}

void Survey::write_code(double code, std::span<double> out) const {
  std::fill(out.begin(), out.end(), 0.0);
  if (kind == Kind::forecasts) {
    out[0] = code;
    out[1] = 1.0 - code;
  } else if (kind == Kind::pairwise && ties == Ties::split && code == tie_code) {
    out[0] = out[1] = 0.5;
  } else {
    out[static_cast<std::size_t>(code)] = 1.0;
  }
}

std::string_view Survey::item_a(SlotId slot) const {
  if (slot.index() >= items.size() || items[slot.index()][0] == NameTable::none) return {};
  return item_names[items[slot.index()][0]];
}

std::string_view Survey::item_b(SlotId slot) const {
  if (slot.index() >= items.size() || items[slot.index()][1] == NameTable::none) return {};
  return item_names[items[slot.index()][1]];
}

Place Survey::place_of(std::uint64_t row) const {
  const auto after = std::partition_point(
      files.begin(), files.end(), [row](const FilePart& part) { return part.lines_before < row; });
  if (after == files.begin()) return {};
  return {std::prev(after)->path, row - std::prev(after)->lines_before};
}

}  // namespace candor::dataset
