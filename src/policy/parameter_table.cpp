#include "candor/policy/parameter_table.h"

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "candor/base/math.h"
#include "candor/base/text.h"
#include "policy/json_file.h"

namespace candor::policy {
namespace {

constexpr std::string_view state_file = "state.json";

std::string path_in(const std::string& folder) {
  return (std::filesystem::path(folder) / state_file).string();
}

Status in_range(bool good, std::string_view option, double found, std::string_view expected) {
  if (good) return {};
  return Error{ErrorCode::out_of_range, number_text(found)}
      .in_field(option)
      .expecting(expected)
      .way("correct the option");
}

// beta^t, the same bits everywhere.
double power(double beta, std::uint64_t t) {
  return beta == 0.0 ? 0.0 : portable_exp(static_cast<double>(t) * portable_log(beta));
}

Result<std::vector<double>> numbers(const nlohmann::json& object, const std::string& field,
                                    std::size_t count, const std::string& path) {
  CANDOR_TRY(std::vector<double> list, json_field<std::vector<double>>(object, field, path));
  if (list.size() != count)
    return Error{ErrorCode::corrupt, std::to_string(list.size()) + " numbers"}
        .in_file(path)
        .in_field(field)
        .expecting(std::to_string(count));
  return list;
}

Status check_kind(const nlohmann::json& object, const std::string& kind, const std::string& path) {
  CANDOR_TRY(const std::string found, json_field<std::string>(object, "kind", path));
  if (found == kind) return {};
  return Error{ErrorCode::conflict, "the state of a " + printable(found)}
      .in_file(path)
      .expecting("that of a " + kind)
      .way("use the folder that this model was saved to");
}

}  // namespace

Status check(const StepOptions& o) {
  const auto finite = [](double x) { return std::isfinite(x); };
  CANDOR_CHECK(in_range(finite(o.learning_rate) && o.learning_rate >= 0, "learning_rate",
                        o.learning_rate, "a number >= 0"));
  CANDOR_CHECK(in_range(o.beta1 >= 0 && o.beta1 < 1, "beta1", o.beta1, "a number in [0,1)"));
  CANDOR_CHECK(in_range(o.beta2 >= 0 && o.beta2 < 1, "beta2", o.beta2, "a number in [0,1)"));
  CANDOR_CHECK(in_range(finite(o.epsilon) && o.epsilon > 0, "epsilon", o.epsilon, "a number > 0"));
  CANDOR_CHECK(in_range(finite(o.weight_decay) && o.weight_decay >= 0, "weight_decay",
                        o.weight_decay, "a number >= 0"));
  return in_range(finite(o.max_gradient_norm) && o.max_gradient_norm >= 0, "max_gradient_norm",
                  o.max_gradient_norm, "a number >= 0");
}

ParameterTable::ParameterTable(std::size_t rows, std::size_t columns, Optimiser optimiser)
    : rows_(rows),
      columns_(columns),
      optimiser_(optimiser),
      value_(rows * columns),
      gradient_(rows * columns),
      first_moment_(rows * columns),
      second_moment_(rows * columns) {}

Result<StepReport> ParameterTable::step(const StepOptions& options) {
  CANDOR_CHECK(check(options));
  const double norm = std::sqrt(dot(gradient_, gradient_));
  const double limit = options.max_gradient_norm;
  const double scale = limit > 0 && norm > limit ? limit / norm : 1.0;
  if (std::isfinite(norm)) {
    if (options.first) forget_moments();
    ++steps_;
    optimiser_ == Optimiser::adamw ? adamw(options, scale) : plain(options, scale);
  }
  std::fill(gradient_.begin(), gradient_.end(), 0.0);
  if (!std::isfinite(norm))
    return Error{ErrorCode::out_of_range, "a gradient of norm " + number_text(norm)}
        .expecting("finite numbers")
        .way("lower the learning rate");
  return StepReport{norm};
}

void ParameterTable::forget_moments() {
  std::fill(first_moment_.begin(), first_moment_.end(), 0.0);
  std::fill(second_moment_.begin(), second_moment_.end(), 0.0);
  steps_ = 0;
}

void ParameterTable::adamw(const StepOptions& o, double scale) {
  const double first = 1.0 - power(o.beta1, steps_);
  const double second = 1.0 - power(o.beta2, steps_);
  for (std::size_t i = 0; i < value_.size(); ++i) {
    const double g = scale * gradient_[i];
    first_moment_[i] = o.beta1 * first_moment_[i] + (1.0 - o.beta1) * g;
    second_moment_[i] = o.beta2 * second_moment_[i] + (1.0 - o.beta2) * g * g;
    const double direction =
        (first_moment_[i] / first) / (std::sqrt(second_moment_[i] / second) + o.epsilon);
    value_[i] -= o.learning_rate * (o.weight_decay * value_[i] + direction);
  }
}

void ParameterTable::plain(const StepOptions& o, double scale) {
  for (std::size_t i = 0; i < value_.size(); ++i)
    value_[i] -= o.learning_rate * (scale * gradient_[i] + o.weight_decay * value_[i]);
}

Status ParameterTable::save(const std::string& folder, const std::string& kind) const {
  return write_json_folder(folder, std::string(state_file),
                           {{"kind", kind},
                            {"steps", steps_},
                            {"value", value_},
                            {"first_moment", first_moment_},
                            {"second_moment", second_moment_}});
}

Status ParameterTable::load(const std::string& folder, const std::string& kind) {
  const std::string path = path_in(folder);
  CANDOR_TRY(const nlohmann::json object, read_json(path));
  CANDOR_CHECK(check_kind(object, kind, path));
  CANDOR_TRY(const std::uint64_t steps, json_field<std::uint64_t>(object, "steps", path));
  CANDOR_TRY(std::vector<double> value, numbers(object, "value", value_.size(), path));
  CANDOR_TRY(std::vector<double> first, numbers(object, "first_moment", value_.size(), path));
  CANDOR_TRY(std::vector<double> second, numbers(object, "second_moment", value_.size(), path));
  steps_ = steps;
  value_ = std::move(value);
  first_moment_ = std::move(first);
  second_moment_ = std::move(second);
  std::fill(gradient_.begin(), gradient_.end(), 0.0);
  return {};
}

}  // namespace candor::policy
