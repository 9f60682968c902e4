#include "lm/adamw.h"

#include <torch/types.h>

#include <cmath>
#include <span>
#include <utility>

#include "candor/base/text.h"

namespace candor::lm {

namespace {

using policy::StepOptions;

Error bad_option(std::string_view name, double found, std::string_view expected) {
  return Error{ErrorCode::out_of_range, number_text(found)}.in_field(name).expecting(expected);
}

bool at_least_zero(double x) {
  return std::isfinite(x) && x >= 0.0;
}

Status check(const StepOptions& options) {
  if (!at_least_zero(options.learning_rate))
    return bad_option("learning_rate", options.learning_rate, "a number >= 0");
  if (!(options.beta1 >= 0.0 && options.beta1 < 1.0))
    return bad_option("beta1", options.beta1, "a number in [0,1)");
  if (!(options.beta2 >= 0.0 && options.beta2 < 1.0))
    return bad_option("beta2", options.beta2, "a number in [0,1)");
  if (!(std::isfinite(options.epsilon) && options.epsilon > 0.0))
    return bad_option("epsilon", options.epsilon, "a number > 0");
  if (!at_least_zero(options.weight_decay))
    return bad_option("weight_decay", options.weight_decay, "a number >= 0");
  if (!at_least_zero(options.max_gradient_norm))
    return bad_option("max_gradient_norm", options.max_gradient_norm, "a number >= 0");
  return {};
}

// Gradients are dropped at the end of a step, also of one that failed.
class GradientsDropped {
 public:
  explicit GradientsDropped(std::vector<TrainedParameter>& parameters) : parameters_(parameters) {}
  GradientsDropped(const GradientsDropped&) = delete;
  GradientsDropped& operator=(const GradientsDropped&) = delete;
  ~GradientsDropped() {
    for (TrainedParameter& parameter : parameters_) parameter.value.mutable_grad().reset();
  }

 private:
  std::vector<TrainedParameter>& parameters_;
};

double squared_norm(const torch::Tensor& gradient) {
  const double norm = gradient.norm(2, torch::kDouble).item<double>();
  return norm * norm;
}

double clip_scale(double norm, double largest) {
  return largest > 0.0 && norm > largest ? largest / norm : 1.0;
}

// All gradients in one row of floats on the processor, which is how they travel.
torch::Tensor gathered(const std::vector<TrainedParameter>& parameters) {
  std::vector<torch::Tensor> flat;
  flat.reserve(parameters.size());
  for (const TrainedParameter& parameter : parameters)
    flat.push_back(parameter.value.grad().reshape({-1}));
  return torch::cat(flat).to(torch::kCPU).contiguous();
}

void scatter(const torch::Tensor& row, std::vector<TrainedParameter>& parameters) {
  std::int64_t at = 0;
  for (TrainedParameter& parameter : parameters) {
    torch::Tensor gradient = parameter.value.mutable_grad();
    const std::int64_t size = gradient.numel();
    gradient.copy_(row.narrow(0, at, size).view(gradient.sizes()));
    at += size;
  }
}

void update_one(TrainedParameter& parameter, const StepOptions& options, double gradient_scale,
                double steps) {
  torch::Tensor gradient = parameter.value.grad();
  if (gradient_scale != 1.0) gradient.mul_(gradient_scale);
  parameter.first_moment.mul_(options.beta1).add_(gradient, 1.0 - options.beta1);
  parameter.second_moment.mul_(options.beta2).addcmul_(gradient, gradient, 1.0 - options.beta2);
  if (options.weight_decay > 0.0 && parameter.value.dim() >= 2)
    parameter.value.mul_(1.0 - options.learning_rate * options.weight_decay);
  const double correction1 = 1.0 - std::pow(options.beta1, steps);
  const double correction2 = 1.0 - std::pow(options.beta2, steps);
  const torch::Tensor spread =
      parameter.second_moment.sqrt().div_(std::sqrt(correction2)).add_(options.epsilon);
  parameter.value.addcdiv_(parameter.first_moment, spread, -options.learning_rate / correction1);
}

}  // namespace

AdamW::AdamW(std::vector<TrainedParameter> parameters) : parameters_(std::move(parameters)) {}

Status AdamW::average_gradients() {
  if (reducer_ == nullptr) return {};
  const torch::Tensor row = gathered(parameters_);
  CANDOR_CHECK(
      reducer_->average(std::span(row.data_ptr<float>(), static_cast<std::size_t>(row.numel()))));
  scatter(row, parameters_);
  return {};
}

Result<double> AdamW::gradient_norm() const {
  double sum = 0.0;
  for (const TrainedParameter& parameter : parameters_) {
    const double square = squared_norm(parameter.value.grad());
    if (!std::isfinite(square))
      return Error{ErrorCode::out_of_range, number_text(square)}
          .in_field("gradient of " + parameter.name)
          .expecting("finite numbers")
          .way("lower the learning rate, or look at the batch; the parameters are as before");
    sum += square;
  }
  return std::sqrt(sum);
}

void AdamW::update(const StepOptions& options, double gradient_scale) {
  steps_ = options.first ? 1 : steps_ + 1;
  for (TrainedParameter& parameter : parameters_) {
    if (options.first || !parameter.first_moment.defined()) {
      parameter.first_moment = torch::zeros_like(parameter.value);
      parameter.second_moment = torch::zeros_like(parameter.value);
    }
    update_one(parameter, options, gradient_scale, static_cast<double>(steps_));
  }
}

Result<policy::StepReport> AdamW::step(const StepOptions& options) {
  const torch::NoGradGuard no_grad;
  const GradientsDropped dropped(parameters_);
  CANDOR_CHECK(check(options));
  for (TrainedParameter& parameter : parameters_)
    if (!parameter.value.grad().defined())
      parameter.value.mutable_grad() = torch::zeros_like(parameter.value);
  CANDOR_CHECK(average_gradients());
  CANDOR_TRY(const double norm, gradient_norm());
  update(options, clip_scale(norm, options.max_gradient_norm));
  return policy::StepReport{.gradient_norm = norm};
}

void AdamW::restore(std::vector<TrainedParameter> parameters, std::uint64_t steps) {
  const torch::NoGradGuard no_grad;
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    parameters_[i].value.copy_(parameters[i].value);
    parameters_[i].value.mutable_grad().reset();
    parameters_[i].first_moment = std::move(parameters[i].first_moment);
    parameters_[i].second_moment = std::move(parameters[i].second_moment);
  }
  steps_ = steps;
}

}  // namespace candor::lm
