// The losses of the objectives' headers, one beside the other.
#include <algorithm>
#include <cmath>

#include "align/log_sigmoid.h"
#include "align/pair_loss.h"
#include "candor/align/dpo.h"
#include "candor/align/hinge.h"
#include "candor/align/inpo.h"
#include "candor/align/ipo.h"
#include "candor/align/reward_model.h"
#include "candor/align/robust_dpo.h"
#include "candor/align/simpo.h"
#include "candor/align/spo.h"

namespace candor::align {

PairLoss Dpo::loss(const PairTerms& t) const {
  const double z = beta_ * reference_gap(t);
  return weighted(t.weight, cross_entropy(t.label, z), beta_ * cross_entropy_slope(t.label, z));
}

PairScores Dpo::rewards(const PairTerms& t) const {
  return implicit_rewards(t, beta_);
}

PairLoss Ipo::loss(const PairTerms& t) const {
  return squared(t.weight, reference_gap(t), (2.0 * t.label - 1.0) / (2.0 * tau_));
}

PairScores Ipo::rewards(const PairTerms& t) const {
  return implicit_rewards(t, tau_);
}

PairLoss RobustDpo::loss(const PairTerms& t) const {
  const double q = (t.label - flip_rate_) / (1.0 - 2.0 * flip_rate_);
  const double z = beta_ * reference_gap(t);
  const bool clipped = (q > 1.0 && z > clip_) || (q < 0.0 && z < -clip_);
  const double at = clipped ? std::copysign(clip_, z) : z;
  const double slope = clipped ? 0.0 : beta_ * cross_entropy_slope(q, z);
  PairLoss loss = weighted(t.weight, cross_entropy(q, at), slope);
  loss.clipped = clipped;
  return loss;
}

PairScores RobustDpo::rewards(const PairTerms& t) const {
  return implicit_rewards(t, beta_);
}

PairLoss Hinge::loss(const PairTerms& t) const {
  const double z = beta_ * reference_gap(t);
  const double value = t.label * std::max(0.0, 1.0 - z) + (1.0 - t.label) * std::max(0.0, 1.0 + z);
  const double slope = (z > -1.0 ? 1.0 - t.label : 0.0) - (z < 1.0 ? t.label : 0.0);
  return weighted(t.weight, value, beta_ * slope);
}

PairScores Hinge::rewards(const PairTerms& t) const {
  return implicit_rewards(t, beta_);
}

PairLoss Simpo::loss(const PairTerms& t) const {
  const double p = t.label;
  const PairScores reward = rewards(t);
  const double z = reward.a - reward.b;
  const double value = p * softplus(margin_ - z) + (1.0 - p) * softplus(z + margin_);
  const double slope =
      t.weight * beta_ * ((1.0 - p) * sigmoid(z + margin_) - p * sigmoid(margin_ - z));
  return {.value = t.weight * value, .by_a = slope / t.length_a, .by_b = -slope / t.length_b};
}

PairScores Simpo::rewards(const PairTerms& t) const {
  return {.a = beta_ * t.score_a / t.length_a, .b = beta_ * t.score_b / t.length_b};
}

PairLoss Inpo::loss(const PairTerms& t) const {
  const PairScores reward = rewards(t);
  return squared(t.weight, (reward.a - reward.b) / eta_, (2.0 * t.label - 1.0) / (2.0 * eta_));
}

PairScores Inpo::rewards(const PairTerms& t) const {
  const auto reward = [&](double score, double reference, double previous) {
    return eta_ * (score - reference_share_ * reference - (1.0 - reference_share_) * previous);
  };
  return {.a = reward(t.score_a, t.reference_a, t.previous_a),
          .b = reward(t.score_b, t.reference_b, t.previous_b)};
}

PairLoss Spo::loss(const PairTerms& t) const {
  const double gap = (t.score_a - t.score_b) - (t.previous_a - t.previous_b);
  return squared(t.weight, gap, (2.0 * t.label - 1.0) * others_share_ / eta_);
}

PairScores Spo::rewards(const PairTerms& t) const {
  return {.a = eta_ * (t.score_a - t.previous_a), .b = eta_ * (t.score_b - t.previous_b)};
}

PairLoss RewardModelLoss::loss(const PairTerms& t) const {
  const double z = t.score_a - t.score_b - (use_margin_ ? t.margin : 0.0);
  return weighted(t.weight, cross_entropy(t.label, z), cross_entropy_slope(t.label, z));
}

PairScores RewardModelLoss::rewards(const PairTerms& t) const {
  return {.a = t.score_a, .b = t.score_b};
}

}  // namespace candor::align
