#include "candor/pooling/aggregating_mixer.h"

#include <algorithm>

#include "candor/base/math.h"
#include "candor/scoring/loss_rule.h"

namespace candor::pooling {
namespace {

double half_squared_norm(std::span<const double> row) {
  double squares = 0.0;
  for (const double value : row) squares += value * value;
  return 0.5 * squares;
}

// The substitution: the one probability row with entries max(0, level - generalised[k]).
void fill_to_one(std::span<const double> generalised, std::span<double> mix) {
  std::vector<double> rising(generalised.begin(), generalised.end());
  std::sort(rising.begin(), rising.end());
  double level = 0.0;
  double total = 0.0;
  for (std::size_t n = 1; n <= rising.size(); ++n) {
    total += rising[n - 1];
    const double candidate = (1.0 + total) / static_cast<double>(n);
    if (n > 1 && candidate <= rising[n - 1]) break;
    level = candidate;
  }
  for (std::size_t k = 0; k < mix.size(); ++k) mix[k] = std::max(0.0, level - generalised[k]);
}

}  // namespace

void AggregatingMixer::mix(std::span<const double> prediction, std::span<double> mix) const {
  const std::size_t answers = mix.size();
  std::vector<double> mass(answers, 0.0);  // sum_e w_e exp(-rate (|p|^2/2 - p_k)), scaled
  for (std::size_t e = 0; e < log_weight_.size(); ++e) {
    const auto row = prediction.subspan(e * answers, answers);
    const double common = log_weight_[e] - rate * half_squared_norm(row);
    for (std::size_t k = 0; k < answers; ++k) mass[k] += portable_exp(common + rate * row[k]);
  }
  for (double& value : mass) value = -portable_log(value) / rate;
  fill_to_one(mass, mix);
}

void AggregatingMixer::learn(std::span<const double> prediction, std::span<const double> outcome) {
  const std::size_t answers = outcome.size();
  for (std::size_t e = 0; e < log_weight_.size(); ++e)
    log_weight_[e] -=
        rate * scoring::quadratic_loss(prediction.subspan(e * answers, answers), outcome);
  const double top = *std::max_element(log_weight_.begin(), log_weight_.end());
  for (double& value : log_weight_) value -= top;
}

std::vector<double> AggregatingMixer::weights() const {
  std::vector<double> weights = log_weight_;
  softmax(weights);
  return weights;
}

double mixing_cost(std::size_t predictors) {
  return 0.5 * portable_log(static_cast<double>(predictors));
}

}  // namespace candor::pooling
