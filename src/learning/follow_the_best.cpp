#include "candor/learning/follow_the_best.h"

#include <algorithm>
#include <limits>

namespace candor::learning {
namespace {

constexpr double first_loss = 0.25;

// Turns mean losses into equal parts for the lowest, nothing for the rest.
void keep_the_lowest(std::span<double> mean_loss) {
  const double best = *std::min_element(mean_loss.begin(), mean_loss.end());
  const auto leaders = std::count(mean_loss.begin(), mean_loss.end(), best);
  for (double& value : mean_loss) value = value == best ? 1.0 / static_cast<double>(leaders) : 0.0;
}

}  // namespace

void FollowTheBest::admit(std::span<const WorkerId> cohort, double) {
  for (const WorkerId id : cohort) {
    if (id.index() < loss_.size()) continue;
    loss_.resize(id.index() + 1, first_loss);
    slots_.resize(id.index() + 1, 1.0);
  }
}

double FollowTheBest::mean_loss(WorkerId worker) const {
  if (worker.index() >= loss_.size()) return first_loss;
  return loss_[worker.index()] / slots_[worker.index()];
}

void FollowTheBest::share(std::span<const WorkerId> worker, std::span<double> out) const {
  for (std::size_t j = 0; j < worker.size(); ++j) out[j] = mean_loss(worker[j]);
  keep_the_lowest(out);
}

void FollowTheBest::settle(std::span<const WorkerId> worker, std::span<const double>,
                           std::span<const double> loss) {
  for (std::size_t j = 0; j < worker.size(); ++j) {
    if (worker[j].index() >= loss_.size()) continue;
    loss_[worker[j].index()] += loss[j];
    slots_[worker[j].index()] += 1.0;
  }
}

std::vector<double> FollowTheBest::weights() const {
  std::vector<double> weights(loss_.size());
  for (std::size_t i = 0; i < weights.size(); ++i) weights[i] = loss_[i] / slots_[i];
  if (!weights.empty()) keep_the_lowest(weights);
  return weights;
}

}  // namespace candor::learning
