#include "candor/scoring/surrogate_loss.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "candor/base/text.h"
#include "candor/scoring/probability.h"
#include "scoring/small_matrix.h"

namespace candor::scoring {
namespace {

Error uninformative(std::string found) {
  return Error{ErrorCode::out_of_range, std::move(found)}
      .in_field("error rates")
      .expecting(
          "every record to be likeliest when it is right; for two answers, rates with a sum below "
          "1")
      .way("check which answer is which, or take a record that says more than a coin");
}

// The diagonal must be the largest of each column.
Status check_diagonal(std::span<const double> confusion, std::size_t answers) {
  for (std::size_t y = 0; y < answers; ++y) {
    for (std::size_t z = 0; z < answers; ++z) {
      if (y == z || confusion[y * answers + z] < confusion[z * answers + z]) continue;
      return uninformative("record " + std::to_string(z) + " with probability " +
                           number_text(confusion[y * answers + z]) + " under outcome " +
                           std::to_string(y) + ", " + number_text(confusion[z * answers + z]) +
                           " under outcome " + std::to_string(z));
    }
  }
  return {};
}

Status check_confusion(std::span<const double> confusion, std::size_t answers) {
  if (answers < 2 || confusion.size() != answers * answers) {
    return Error{ErrorCode::invalid_argument, std::to_string(confusion.size()) + " numbers"}
        .in_field("confusion")
        .expecting("K rows of K probabilities, K >= 2")
        .way("give one row for each outcome");
  }
  for (std::size_t y = 0; y < answers; ++y)
    CANDOR_CHECK(check_probabilities(confusion.subspan(y * answers, answers),
                                     "confusion[" + std::to_string(y) + "]"));
  return check_diagonal(confusion, answers);
}

// sum_y coefficient[y] loss(report, y)
double combine(const LossRule& loss, std::span<const double> report,
               std::span<const double> coefficient, std::span<double> outcome) {
  double total = 0.0;
  for (std::size_t y = 0; y < report.size(); ++y) {
    outcome[y] = 1.0;
    total += coefficient[y] * loss(report, outcome);
    outcome[y] = 0.0;
  }
  return total;
}

}  // namespace

SurrogateLoss::SurrogateLoss(const LossRule& loss, std::vector<double> inverse, std::size_t answers)
    : loss_(loss), inverse_(std::move(inverse)), answers_(answers) {
  lowest_ = 0.0;
  for (std::size_t z = 0; z < answers; ++z) {
    double low = 0.0;
    double high = 0.0;
    for (std::size_t y = 0; y < answers; ++y) {
      const double value = inverse_[z * answers + y];
      (value < 0.0 ? low : high) += value;
    }
    lowest_ = std::min(lowest_, low);
    highest_ = std::max(highest_, high);
  }
}

Result<SurrogateLoss> SurrogateLoss::create(const LossRule& loss, std::span<const double> confusion,
                                            std::size_t answers) {
  CANDOR_CHECK(check_confusion(confusion, answers));
  auto inverted = inverse({confusion.begin(), confusion.end()}, answers);
  if (!inverted) return uninformative("rows of which one follows from the others");
  return SurrogateLoss(loss, std::move(*inverted), answers);
}

Result<SurrogateLoss> SurrogateLoss::with_error_rates(const LossRule& loss, double wrong_of_0,
                                                      double wrong_of_1) {
  return create(loss, std::array{1.0 - wrong_of_0, wrong_of_0, wrong_of_1, 1.0 - wrong_of_1}, 2);
}

double SurrogateLoss::unscaled(std::span<const double> report,
                               std::span<const double> recorded) const {
  if (answers_ == 2) {
    const std::array coefficient{recorded[0] * inverse_[0] + recorded[1] * inverse_[2],
                                 recorded[0] * inverse_[1] + recorded[1] * inverse_[3]};
    std::array outcome{0.0, 0.0};
    return combine(loss_, report, coefficient, outcome);
  }
  std::vector<double> coefficient(answers_, 0.0);
  for (std::size_t z = 0; z < answers_; ++z)
    for (std::size_t y = 0; y < answers_; ++y)
      coefficient[y] += recorded[z] * inverse_[z * answers_ + y];
  std::vector<double> outcome(answers_, 0.0);
  return combine(loss_, report, coefficient, outcome);
}

// lowest and highest hold it but for rounding, which is what is cut here.
double SurrogateLoss::operator()(std::span<const double> report,
                                 std::span<const double> recorded) const {
  const double scaled = (unscaled(report, recorded) - lowest_) / (highest_ - lowest_);
  return std::clamp(scaled, 0.0, 1.0);
}

std::vector<double> SurrogateLoss::best_report_under(std::span<const double> confusion,
                                                     std::span<const double> belief) const {
  std::vector<double> best(answers_, 0.0);
  for (std::size_t z = 0; z < answers_; ++z) {
    double recorded = 0.0;
    for (std::size_t y = 0; y < answers_; ++y) recorded += belief[y] * confusion[y * answers_ + z];
    for (std::size_t k = 0; k < answers_; ++k) best[k] += recorded * inverse_[z * answers_ + k];
  }
  return best;
}

}  // namespace candor::scoring
