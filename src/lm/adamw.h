// lm/adamw.h
// AdamW over the trained parameters of a network.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "candor/base/result.h"
#include "candor/lm/data_parallel.h"
#include "candor/policy/scorer.h"

namespace candor::lm {

/// A parameter with what AdamW knows of it. Moments are undefined until the first step.
struct TrainedParameter {
  std::string name;
  torch::Tensor value;          ///< leaf, requires_grad, float32
  torch::Tensor first_moment;   ///< running mean of the gradient
  torch::Tensor second_moment;  ///< running mean of its square
};

/// Step t, gradient g (after averaging over processes and clipping):
///     m <- b1 m + (1-b1) g,  v <- b2 v + (1-b2) g^2
///     p <- p (1 - rate decay)                                      matrices only
///     p <- p - rate / (1-b1^t) m / (sqrt(v / (1-b2^t)) + epsilon)
/// (Loshchilov & Hutter 2019, algorithm 2, with the schedule in `rate`.) The norm is summed in
/// double. A parameter that no score depended on has gradient zero.
class AdamW {
 public:
  explicit AdamW(std::vector<TrainedParameter> parameters);

  /// One step down the gradients of the parameters, which are then dropped, whatever happens.
  /// Errors, with parameters, moments and step count as they were: out_of_range for an option, or a
  /// gradient that is not finite (the parameter is named); io from the reducer.
  Result<policy::StepReport> step(const policy::StepOptions& options);

  void set_reducer(std::shared_ptr<GradientReducer> reducer) { reducer_ = std::move(reducer); }

  [[nodiscard]] const std::vector<TrainedParameter>& parameters() const { return parameters_; }
  [[nodiscard]] std::uint64_t steps() const { return steps_; }
  /// Puts a stored state in place: moments as many as parameters, of their shapes.
  void restore(std::vector<TrainedParameter> parameters, std::uint64_t steps);

 private:
  Status average_gradients();
  [[nodiscard]] Result<double> gradient_norm() const;
  void update(const policy::StepOptions& options, double gradient_scale);

  std::vector<TrainedParameter> parameters_;
  std::shared_ptr<GradientReducer> reducer_;
  std::uint64_t steps_ = 0;
};

}  // namespace candor::lm
