#include "candor/learning/weight_cap.h"

#include <algorithm>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "candor/base/text.h"

namespace candor::learning {
namespace {

constexpr double slack = 1e-12;  // n equal shares of 1/n may be capped at 1/n

Status check_cap(double cap, std::size_t n) {
  if (cap > 0.0 && cap <= 1.0 && cap * static_cast<double>(n) >= 1.0 - slack) return {};
  return Error{ErrorCode::out_of_range, number_text(cap)}
      .in_field("cap")
      .expecting("a number in [1/n,1], with n = " + std::to_string(n) + " shares")
      .way("raise the cap, or leave slots with so few workers uncapped");
}

// How the shares below the cap are changed: multiplied, or where none has any, replaced.
struct Rest {
  double times = 1.0;
  double each = 0.0;
};

// The largest shares are capped one by one, until the others, raised to fill up, fit under the cap.
Rest fill_up(std::span<const double> falling, double cap) {
  const std::size_t n = falling.size();
  std::vector<double> from(n + 1, 0.0);  // from[k] = the sum of all from k on
  for (std::size_t k = n; k > 0; --k) from[k - 1] = from[k] + falling[k - 1];
  double room = from[0];
  for (std::size_t k = 0; k < n; ++k) {
    if (from[k] == 0.0) return {1.0, room / static_cast<double>(n - k)};
    const double times = room / from[k];
    if (falling[k] * times <= cap) return {times, 0.0};
    room = std::max(0.0, room - cap);
  }
  return {std::numeric_limits<double>::infinity(), cap};  // all at the cap: cap = 1/n
}

}  // namespace

Status cap_shares(std::span<double> share, double cap) {
  CANDOR_CHECK(check_cap(cap, share.size()));
  if (std::all_of(share.begin(), share.end(), [cap](double value) { return value <= cap; }))
    return {};
  std::vector<double> falling(share.begin(), share.end());
  std::sort(falling.begin(), falling.end(), std::greater<>());
  const Rest rest = fill_up(falling, cap);
  for (double& value : share) value = value > 0.0 ? std::min(cap, rest.times * value) : rest.each;
  return {};
}

}  // namespace candor::learning
