// candor/align/robust_dpo.h
// DPO for labels of which a known share e < 1/2 is flipped: unbiased for what clean labels would
// give.
//
//   with l(a,b) = -ln s(beta h), l(b,a) = -ln s(-beta h):
//   label a:     [(1-e) l(a,b) - e l(b,a)] / (1-2e)
//   label b:     a and b exchanged
//   soft label:  p times the one, 1-p times the other
//
// The mean of this over flips (a wins with probability p before them) is the DPO loss of p.
// Collecting terms, it is DPO's cross-entropy with the label un-flipped, q = (p - e) / (1 - 2e),
// which for labels outside [e, 1-e] lies outside [0,1]:
//   loss = q softplus(-z) + (1-q) softplus(z),  z = beta h,      d loss / d h = beta (s(z) - q)
// Optimum z = logit q for q in (0,1). For q > 1 (any hard label) the loss falls for ever, and
// faster than DPO's: it is unbounded below.
//
// The clip. Where q > 1 and z > clip, or q < 0 and z < -clip, the loss is constant (its value at
// the clip) with gradient 0: such a pair pushes no further. A pair whose optimum is finite is never
// clipped, nor is a pull back towards 0. The loss stays convex, continuous and bounded below; it is
// unbiased only while no pair is clipped, so PairLoss::clipped is counted (metric "clipped").
//
// Worked: beta .1, e = .25, p = 1: q = 1.5. h = 10 (z = 1): 1.5 softplus(-1) - .5 softplus(1) =
// -.186738, slope .1 (s(1) - 1.5) = -.0768941.
//
// Source: Chowdhury, Kini, Natarajan, "Provably robust DPO", ICML 2024, eq. 12; the form with q and
// the clip derived. Rewards: beta (score - reference).
#pragma once

#include "candor/align/objective.h"

namespace candor::align {

class RobustDpo final : public Objective {
 public:
  RobustDpo(double beta, double flip_rate, double clip)
      : beta_(beta), flip_rate_(flip_rate), clip_(clip) {}
  [[nodiscard]] std::string_view name() const override { return "robust-dpo"; }
  [[nodiscard]] bool needs_reference() const override { return true; }
  [[nodiscard]] bool needs_previous() const override { return false; }
  [[nodiscard]] PairLoss loss(const PairTerms& terms) const override;
  [[nodiscard]] PairScores rewards(const PairTerms& terms) const override;

 private:
  double beta_;
  double flip_rate_;
  double clip_;
};

}  // namespace candor::align
