// candor/align/reward_model.h
// Training a reward model: scores are rewards, and differences of rewards are log odds (Bradley &
// Terry, 1952).
//
//   z = score_a - score_b - m
//   loss = -p ln s(z) - (1-p) ln s(-z),     d loss / d score_a = s(z) - p
//
// m is the pair's margin where margins are used, else 0. Optimum: score_a - score_b = m + logit p.
// Use one of the two: a soft label says the log odds already, and the margin that preferences.jsonl
// holds is those same log odds, so both together would ask for twice of them. Margins suit hard
// labels with a strength beside them (Touvron et al., "Llama 2", 2023, eq. 2).
//
// Worked: scores 1 and 0, p = .75, no margin: .75 ln(1+e^-1) + .25 ln(1+e) = .563262,
// slope s(1) - .75 = -.0189414.
//
// Rewards: the scores.
#pragma once

#include "candor/align/objective.h"

namespace candor::align {

class RewardModelLoss final : public Objective {
 public:
  explicit RewardModelLoss(bool use_margin) : use_margin_(use_margin) {}
  [[nodiscard]] std::string_view name() const override { return "reward-model"; }
  [[nodiscard]] bool needs_reference() const override { return false; }
  [[nodiscard]] bool needs_previous() const override { return false; }
  [[nodiscard]] PairLoss loss(const PairTerms& terms) const override;
  [[nodiscard]] PairScores rewards(const PairTerms& terms) const override;

 private:
  bool use_margin_;
};

}  // namespace candor::align
