#include "candor/learning/exponential_weights.h"

#include <algorithm>
#include <limits>

#include "candor/base/math.h"
#include "candor/base/text.h"

namespace candor::learning {
namespace {

constexpr double highest_rate = 700.0;  // above it exp(-rate) is no longer a normal number
constexpr double no_weight = -std::numeric_limits<double>::infinity();

}  // namespace

Result<std::unique_ptr<ExponentialWeights>> ExponentialWeights::create(double rate) {
  if (!(rate > 0.0 && rate <= highest_rate)) {
    return Error{ErrorCode::out_of_range, number_text(rate)}
        .in_field("rate")
        .expecting("a number above 0 and at most 700")
        .way("use 0.5, which suits the quadratic loss");
  }
  return std::unique_ptr<ExponentialWeights>(new ExponentialWeights(rate));
}

void ExponentialWeights::admit(std::span<const WorkerId> cohort, double mass) {
  const double kept = portable_log(1.0 - mass);
  for (double& log_weight : log_weight_) log_weight += kept;
  for (double& log_weight : first_log_weight_) log_weight += kept;  // so that the bound stays true
  const double each = portable_log(mass / static_cast<double>(cohort.size()));
  for (const WorkerId id : cohort) {
    if (id.index() >= log_weight_.size()) {
      log_weight_.resize(id.index() + 1, no_weight);
      first_log_weight_.resize(id.index() + 1, no_weight);
    }
    log_weight_[id.index()] = each;
    first_log_weight_[id.index()] = each;
  }
}

void ExponentialWeights::share(std::span<const WorkerId> worker, std::span<double> out) const {
  double top = no_weight;
  for (std::size_t j = 0; j < worker.size(); ++j) {
    const std::size_t i = worker[j].index();
    out[j] = i < log_weight_.size() ? log_weight_[i] : no_weight;
    top = std::max(top, out[j]);
  }
  if (top == no_weight) return share_equally(out);
  softmax(out);
}

void ExponentialWeights::settle(std::span<const WorkerId> worker, std::span<const double> wager,
                                std::span<const double> loss) {
  if (worker.size() < 2) return;
  double mixed = 0.0;
  for (std::size_t j = 0; j < worker.size(); ++j)
    mixed += wager[j] * portable_exp(-rate_ * loss[j]);
  const double log_mixed = portable_log(mixed);  // = -rate * m
  for (std::size_t j = 0; j < worker.size(); ++j)
    if (worker[j].index() < log_weight_.size())
      log_weight_[worker[j].index()] -= rate_ * loss[j] + log_mixed;
}

std::vector<double> ExponentialWeights::weights() const {
  std::vector<double> weights = log_weight_;
  const bool anyone = std::any_of(weights.begin(), weights.end(),
                                  [](double log_weight) { return log_weight != no_weight; });
  if (anyone) softmax(weights);
  return weights;
}

std::optional<double> ExponentialWeights::regret_bound(WorkerId worker, double) const {
  if (rate_ > 0.5 || worker.index() >= first_log_weight_.size()) return std::nullopt;
  return -first_log_weight_[worker.index()] / rate_;
}

}  // namespace candor::learning
