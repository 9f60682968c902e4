// candor/scoring/loss_rule.h
// Strictly proper losses in [0,1]: the expected loss of a report is least, and only least, when the
// report is what the worker believes. Every truthfulness statement of Candor stands on this.
//
// With report p and outcome y, both rows over K answers (y may be fractional):
//   quadratic     1/2 sum_k (p_k - y_k)^2                          K = 2: the Brier score (r - y)^2
//   spherical     1 - sum_k y_k p_k / |p|_2
//   clipped log   sum_k y_k log(p_k) / log(floor)                  reports must lie in [floor, 1]
// Sources: Brier 1950; Gneiting & Raftery 2007 (JASA 102), sections 3 and 4.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "candor/base/result.h"

namespace candor::scoring {

/// Which loss, and for the clipped log its floor: the smallest probability a report may hold, in
/// (0, 1/2). The log is proper on reports of [floor, 1] only, so a report below the floor is refused
/// (check_report), never raised to it.
struct LossRule {
  enum class Kind : std::uint8_t { quadratic, spherical, clipped_log };
  Kind kind = Kind::quadratic;
  double floor = 1e-3;

  /// "quadratic", "spherical", "clipped-log" or "clipped-log(0.01)"; anything else is an
  /// invalid_argument that lists the names.
  static Result<LossRule> parse(std::string_view text);
  [[nodiscard]] std::string_view name() const;

  /// Probabilities (see check_probabilities) inside the rule's range.
  [[nodiscard]] Status check_report(std::span<const double> report) const;

  /// The loss, in [0,1]; both rows of one length K >= 2, the report checked. Cost O(K), no allocation.
  /// Worked: quadratic, report {.8, .2}, outcome {1, 0} -> 0.04   (also the first test)
  [[nodiscard]] double operator()(std::span<const double> report,
                                  std::span<const double> outcome) const;
};

/// The quadratic loss on its own: it is also the yardstick by which labels are judged.
[[nodiscard]] double quadratic_loss(std::span<const double> report,
                                    std::span<const double> outcome);

}  // namespace candor::scoring
