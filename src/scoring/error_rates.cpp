#include "candor/scoring/error_rates.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "scoring/answer_pairs.h"

namespace candor::scoring {

Share wilson_share(std::uint64_t hits, std::uint64_t trials) {
  constexpr double z = 1.959963984540054;  // 97.5 % of a standard normal lies below
  const double n = static_cast<double>(trials);
  const double share = static_cast<double>(hits) / n;
  const double widen = 1.0 + z * z / n;
  const double middle = (share + z * z / (2.0 * n)) / widen;
  const double half = z / widen * std::sqrt(share * (1.0 - share) / n + z * z / (4.0 * n * n));
  // At 0 and n hits one end is exactly the share; min and max make up for rounding.
  return {share, std::clamp(middle - half, 0.0, share), std::clamp(middle + half, share, 1.0)};
}

Share ErrorRates::wrong(std::size_t outcome) const {
  const Share right = confusion[outcome * answers + outcome];
  return {1.0 - right.share, 1.0 - right.high, 1.0 - right.low};
}

std::vector<double> ErrorRates::matrix() const {
  std::vector<double> shares;
  shares.reserve(confusion.size());
  for (const Share& share : confusion) shares.push_back(share.share);
  return shares;
}

Result<ErrorRates> estimate_error_rates(std::span<const std::uint32_t> outcome,
                                        std::span<const std::uint32_t> recorded,
                                        std::size_t answers) {
  CANDOR_TRY(const std::vector<double> count,
             count_pairs(outcome, recorded, answers, "outcome", "recorded"));
  ErrorRates rates{answers, {}};
  for (std::size_t y = 0; y < answers; ++y) {
    double slots = 0.0;
    for (std::size_t z = 0; z < answers; ++z) slots += count[y * answers + z];
    if (slots == 0.0) {
      return Error{ErrorCode::out_of_range, "no gold slot with outcome " + std::to_string(y)}
          .in_field("outcome")
          .expecting("gold slots for each of the " + std::to_string(answers) + " outcomes")
          .way("add some, or merge answers");
    }
    for (std::size_t z = 0; z < answers; ++z)
      rates.confusion.push_back(wilson_share(static_cast<std::uint64_t>(count[y * answers + z]),
                                             static_cast<std::uint64_t>(slots)));
  }
  return rates;
}

}  // namespace candor::scoring
