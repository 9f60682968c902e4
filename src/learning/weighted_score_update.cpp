#include "candor/learning/weighted_score_update.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "candor/base/math.h"
#include "candor/base/text.h"

namespace candor::learning {
namespace {

// Branch-free, so that it runs at memory speed; the slow search for the culprit is only for the error.
bool all_in_unit_interval(std::span<const double> values) {
  bool inside = true;
  for (const double value : values) inside &= (value >= 0.0) & (value <= 1.0);
  return inside;
}

Error loss_out_of_range(std::span<const double> loss) {
  const auto* bad = std::find_if(loss.data(), loss.data() + loss.size(),
                                 [](double value) { return !(value >= 0.0 && value <= 1.0); });
  return Error{ErrorCode::out_of_range, number_text(*bad)}
      .in_field("loss[" + std::to_string(bad - loss.data()) + "]")
      .expecting("a loss in [0,1]")
      .way("scale the loss rule to [0,1]");
}

}  // namespace

Status check_step_size(double step_size) {
  if (step_size > 0.0 && step_size <= 1.0) return {};
  return Error{ErrorCode::out_of_range, number_text(step_size)}
      .in_field("step size")
      .expecting("a number in (0,1]: above 1 a weight could become negative, at 0 nothing is learned")
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
  if (!all_in_unit_interval(loss)) return loss_out_of_range(loss);
  const double mean = dot(weight, loss);
  for (std::size_t i = 0; i < weight.size(); ++i)
    weight[i] += weight[i] * (step_size * (mean - loss[i]));
  return mean;
}

}  // namespace candor::learning
