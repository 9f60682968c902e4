// Values of the report, outcome and time columns.
#include <array>
#include <cmath>
#include <limits>

#include "candor/base/text.h"
#include "dataset/report_reader.h"
#include "dataset/table_errors.h"

namespace candor::dataset {
namespace {

bool is_nan_word(std::string_view text) {
  return text.size() == 3 && (text[0] == 'n' || text[0] == 'N') &&
         (text[1] == 'a' || text[1] == 'A') && (text[2] == 'n' || text[2] == 'N');
}

}  // namespace

Result<double> ReportReader::value(std::string_view text, Role role) {
  if (text.empty()) return empty_field(role);
  switch (columns_.kind) {
    case Kind::forecasts:
      return probability(text, role);
    case Kind::pairwise:
      return pair_code(text, role);
    case Kind::labels:
      break;
  }
  return label_code(text, role);
}

Result<double> ReportReader::probability(std::string_view text, Role role) const {
  const auto number = parse_number(text);
  if (number && *number >= 0.0 && *number <= 1.0) return *number;
  return error(number ? ErrorCode::out_of_range : ErrorCode::malformed, quoted(text), role)
      .expecting("a number in [0,1]")
      .way("correct the row, or drop it");
}

Result<double> ReportReader::pair_code(std::string_view text, Role role) const {
  const bool by_item = columns_.report_names_item;
  const std::array<std::string_view, 2> names{by_item ? field(Role::item_a) : "a",
                                              by_item ? field(Role::item_b) : "b"};
  if (text == names[0] && text != names[1]) return exchanged_ ? 1.0 : 0.0;
  if (text == names[1] && text != names[0]) return exchanged_ ? 0.0 : 1.0;
  if (text == "tie") return 2.0;
  return error(ErrorCode::malformed, quoted(text), role)
      .expecting(by_item ? "one of the row's two items, or tie" : "a, b or tie")
      .way("correct the row, or drop it");
}

Result<double> ReportReader::label_code(std::string_view text, Role role) {
  if (!is_nan_word(text)) return static_cast<double>(survey_.labels.find_or_add(text));
  return error(ErrorCode::malformed, quoted(text), role)
      .expecting("a label")
      .way("fill in the label, or drop the row");
}

Result<double> ReportReader::outcome() {
  if (!columns_.has(Role::outcome)) return std::numeric_limits<double>::quiet_NaN();
  const std::string_view text = field(Role::outcome);
  if (text.empty()) return std::numeric_limits<double>::quiet_NaN();
  return value(text, Role::outcome);
}

Result<double> ReportReader::time() {
  const std::string_view text = columns_.has(Role::time) ? field(Role::time) : std::string_view{};
  const auto number = parse_number(text);
  if (number && std::isfinite(*number)) return *number;
  return error(ErrorCode::malformed, text.empty() ? "an empty field" : quoted(text), Role::time)
      .expecting("a number, to order the rows by")
      .way("write times as numbers, such as seconds since 1970, or read with --order file");
}

}  // namespace candor::dataset
