// candor/scoring/error_rates.h
// How often a record of outcomes is wrong, estimated from gold slots, where both the record and the
// true outcome are known. What surrogate_loss.h needs.
//
// Each rate is a share of counts; its interval is Wilson's for one binomial share (95 %): it stays
// within [0,1], and even for few slots it holds the truth about as often as it says (40 slots: 93
// to 98 %). An error of d in a rate shifts best reports by about d / (1 - e_0 - e_1)
// (surrogate_loss.h): so gold slots wanted grow like 1/shift^2.
// Sources: Wilson, JASA 22 (1927), 209-212. Thread safety: pure functions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "candor/base/result.h"

namespace candor::scoring {

/// A share with its 95 % interval, low <= share <= high.
struct Share {
  double share = 0.0;
  double low = 0.0;
  double high = 1.0;
};

/// Wilson's interval for `hits` out of `trials` >= 1.
/// Worked: 2 of 10 -> .2 in [.0567, .5098].
[[nodiscard]] Share wilson_share(std::uint64_t hits, std::uint64_t trials);

struct ErrorRates {
  std::size_t answers = 0;
  std::vector<Share> confusion;  ///< [K, K] row y: how the record falls when the outcome is y

  /// P(record is wrong | outcome k).
  [[nodiscard]] Share wrong(std::size_t outcome) const;
  /// The shares alone, as SurrogateLoss::create takes them.
  [[nodiscard]] std::vector<double> matrix() const;
};

/// outcome [n], recorded [n]: answers 0 .. K-1 of the gold slots.
/// Errors: invalid_argument if lengths differ; out_of_range for an answer that is none, or an
/// outcome that no gold slot has.
/// Worked: outcomes 0 0 0 1, records 0 0 1 1 -> wrong(0) = 1/3, wrong(1) = 0.
[[nodiscard]] Result<ErrorRates> estimate_error_rates(std::span<const std::uint32_t> outcome,
                                                      std::span<const std::uint32_t> recorded,
                                                      std::size_t answers);

}  // namespace candor::scoring
