// candor/align/inpo.h
// Iterative Nash policy optimisation: one round of self-play towards the Nash policy of a
// preference that need not come from rewards, held near a reference.
//
//   h' = D - (tau/eta) D_ref - (1 - tau/eta) D_prev
//   loss = (h' - (2p-1) / (2 eta))^2
//
// Round t: both answers are drawn independently from the current policy pi_t ("previous" here),
// their preference p is asked, and the loss is minimised. Over all such pairs the least-squares fit
// of P(a > b) - 1/2 by a difference f(a) - f(b) is f(a) = P(a > pi_t), so the minimiser is
//   pi_{t+1}(y) ~ pi_t(y)^(1-tau/eta) ref(y)^(tau/eta) exp(P(y > pi_t) / eta),
// a step of mirror descent (size 1/eta) whose fixed point maximises the win rate against itself
// minus tau KL(pi || ref). The paper's drawn label y gives the target (2y-1)/(2 eta); p is its
// mean, and the losses differ by a constant. Pairs drawn in another way (reweighted, or the same
// pair kept more often than pi_t x pi_t would) fit another f.
//
// Worked: eta .5, tau .25, D = 1, D_ref = .4, D_prev = .6, p = .75: h' = .5, target .5, loss 0.
//
// Source: Zhang et al., "Iterative Nash policy optimization", ICLR 2025, eqs. 4 and 9; soft labels
// derived. Rewards: eta (score - (tau/eta) reference - (1 - tau/eta) previous).
#pragma once

#include "candor/align/objective.h"

namespace candor::align {

class Inpo final : public Objective {
 public:
  Inpo(double eta, double tau) : eta_(eta), reference_share_(tau / eta) {}
  [[nodiscard]] std::string_view name() const override { return "inpo"; }
  [[nodiscard]] bool needs_reference() const override { return reference_share_ > 0.0; }
  [[nodiscard]] bool needs_previous() const override { return reference_share_ < 1.0; }
  [[nodiscard]] PairLoss loss(const PairTerms& terms) const override;
  [[nodiscard]] PairScores rewards(const PairTerms& terms) const override;

 private:
  double eta_;
  double reference_share_;
};

}  // namespace candor::align
