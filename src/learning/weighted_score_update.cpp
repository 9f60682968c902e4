#include "candor/learning/weighted_score_update.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>

#include "candor/base/math.h"
#include "candor/base/text.h"

namespace candor::learning {
namespace {

constexpr std::size_t lanes = 8;

struct Totals {
  double weight = 0.0;      // sum_j weight[j]
  double lost = 0.0;        // sum_j weight[j] loss[j]
  bool suspicious = false;  // a loss may lie outside [0,1]
};

double add_lanes(const std::array<double, lanes>& lane) {
  return ((lane[0] + lane[1]) + (lane[2] + lane[3])) + ((lane[4] + lane[5]) + (lane[6] + lane[7]));
}

// The sign bit is set for numbers outside [0,1] and NaN (and -0): among doubles that are not
// negative, the order of the bits as integers is the order of the numbers. Integers, because
// compilers do not vectorise comparisons that end in a bool.
std::uint64_t outside_bit(double value) {
  const auto bits = std::bit_cast<std::uint64_t>(value);
  return bits | (std::bit_cast<std::uint64_t>(1.0) - bits);
}

// One pass over both arrays, at memory speed; sums in the order of candor::sum and candor::dot.
Totals add_up(std::span<const double> weight, std::span<const double> loss) {
  std::array<double, lanes> weights{};
  std::array<double, lanes> lost{};
  std::array<std::uint64_t, lanes> outside{};
  const std::size_t whole = weight.size() - weight.size() % lanes;
  for (std::size_t i = 0; i < whole; i += lanes) {
    for (std::size_t j = 0; j < lanes; ++j) {
      weights[j] += weight[i + j];
      lost[j] += weight[i + j] * loss[i + j];
      outside[j] |= outside_bit(loss[i + j]);
    }
  }
  for (std::size_t i = whole; i < weight.size(); ++i) {
    weights[i - whole] += weight[i];
    lost[i - whole] += weight[i] * loss[i];
    outside[i - whole] |= outside_bit(loss[i]);
  }
  std::uint64_t any = 0;
  for (const std::uint64_t bits : outside) any |= bits;
  return {add_lanes(weights), add_lanes(lost), any >> 63 != 0};
}

bool in_unit_interval(double value) {
  return value >= 0.0 && value <= 1.0;
}

Error loss_out_of_range(std::span<const double> loss) {
  const auto bad = std::find_if_not(loss.begin(), loss.end(), in_unit_interval);
  return Error{ErrorCode::out_of_range, number_text(*bad)}
      .in_field("loss[" + std::to_string(bad - loss.begin()) + "]")
      .expecting("a loss in [0,1]")
      .way("scale the loss rule to [0,1]");
}

}  // namespace

Status check_step_size(double step_size) {
  if (step_size > 0.0 && step_size <= 1.0) return {};
  return Error{ErrorCode::out_of_range, number_text(step_size)}
      .in_field("step size")
      .expecting(
          "a number in (0,1]: above 1 a weight could become negative, at 0 nothing is learned")
      .way("use \"auto\", or a smaller step size");
}

Result<double> step_size_for_horizon(std::size_t workers, double slots_per_worker) {
  if (!(slots_per_worker > 0.0)) {
    return Error{ErrorCode::out_of_range, number_text(slots_per_worker)}
        .in_field("horizon")
        .expecting("more than 0 slots a worker")
        .way("state how many slots a worker will answer, or choose the step size \"doubling\"");
  }
  const double log_workers = portable_log(static_cast<double>(std::max<std::size_t>(workers, 2)));
  return std::min(0.5, std::sqrt(log_workers / slots_per_worker));
}

double weighted_score_regret_bound(double first_weight, double step_size, double slots) {
  if (step_size >= 1.0) return std::numeric_limits<double>::infinity();
  const double c = (-portable_log(1.0 - step_size) - step_size) / (step_size * step_size);
  return portable_log(1.0 / first_weight) / step_size + std::max(1.0, c) * step_size * slots;
}

Result<double> weighted_score_update(std::span<double> weight, std::span<const double> loss,
                                     double step_size) {
  CANDOR_CHECK(check_step_size(step_size));
  if (weight.size() != loss.size()) {
    return Error{ErrorCode::invalid_argument, std::to_string(loss.size()) + " losses"}
        .in_field("loss")
        .expecting(std::to_string(weight.size()) + ", one for each weight")
        .way("pass one loss a worker");
  }
  const Totals totals = add_up(weight, loss);
  if (totals.suspicious && !std::all_of(loss.begin(), loss.end(), in_unit_interval))
    return loss_out_of_range(loss);
  const double mean = totals.lost / totals.weight;
  for (std::size_t i = 0; i < weight.size(); ++i)
    weight[i] = std::max(weight[i] + weight[i] * (step_size * (mean - loss[i])), smallest_weight);
  return mean;
}

}  // namespace candor::learning
