#include "candor/scoring/probability.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "candor/base/text.h"

namespace candor::scoring {

Status check_probabilities(std::span<const double> row, std::string_view field) {
  double total = 0.0;
  for (const double value : row) {
    if (!(value >= 0.0 && value <= 1.0)) {  // also catches NaN
      return Error{ErrorCode::out_of_range, number_text(value)}
          .in_field(field)
          .expecting("a number in [0,1]")
          .way("correct the value, or leave the report out");
    }
    total += value;
  }
  if (std::fabs(total - 1.0) > sum_tolerance) {
    return Error{ErrorCode::out_of_range, "a sum of " + number_text(total)}
        .in_field(field)
        .expecting("probabilities that sum to 1")
        .way("divide the row by its sum, or leave the report out");
  }
  return {};
}

bool is_certain(std::span<const double> row) {
  return *std::max_element(row.begin(), row.end()) == 1.0;
}

double accuracy_credit(std::span<const double> label, std::span<const double> outcome) {
  constexpr double tie_tolerance = 1e-12;
  const double top = *std::max_element(label.begin(), label.end()) - tie_tolerance;
  double credit = 0.0;
  double tied = 0.0;
  for (std::size_t k = 0; k < label.size(); ++k) {
    if (label[k] < top) continue;
    credit += outcome[k];
    tied += 1.0;
  }
  return credit / tied;
}

}  // namespace candor::scoring
