// candor/align/ipo.h
// Identity preference optimisation: a squared loss, whose optimum stays finite for certain labels.
//
//   loss = (h - (2p-1) / (2 tau))^2,     d loss / d h = 2 (h - (2p-1) / (2 tau))
//
// The paper's loss for a drawn label y in {0,1} has target (2y-1)/(2 tau); its expectation over
// y ~ Bernoulli(p) differs from the loss above by a constant, so a soft label gives the same
// gradient with less variance. Optimum: h = (2p-1) / (2 tau), at most 1/(2 tau) in size whatever
// the label; large tau keeps the policy near its reference.
//
// Scores are sums over tokens, as in the paper (some trainers divide by the length).
//
// Worked: tau .1, h = 1, p = .75: target 2.5, loss 2.25, slope -3.
//
// Source: Azar et al., "A general theoretical paradigm to understand learning from human
// preferences", AISTATS 2024, eq. 17; soft labels derived. Rewards: tau (score - reference).
#pragma once

#include "candor/align/objective.h"

namespace candor::align {

class Ipo final : public Objective {
 public:
  explicit Ipo(double tau) : tau_(tau) {}
  [[nodiscard]] std::string_view name() const override { return "ipo"; }
  [[nodiscard]] bool needs_reference() const override { return true; }
  [[nodiscard]] bool needs_previous() const override { return false; }
  [[nodiscard]] PairLoss loss(const PairTerms& terms) const override;
  [[nodiscard]] PairScores rewards(const PairTerms& terms) const override;

 private:
  double tau_;
};

}  // namespace candor::align
