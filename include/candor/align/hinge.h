// candor/align/hinge.h
// The hinge loss: pairs that are won by enough teach nothing more.
//
//   loss = p max(0, 1 - beta h) + (1-p) max(0, 1 + beta h)
//
// Piecewise linear: the optimum of the expected loss is beta h = 1 for every p > 1/2 and -1 for
// every p < 1/2 (any point between for p = 1/2). It learns which answer is better, not how probable
// that is. At the kinks the slope is that of the flat side of the term that ends there: 0.
//
// Worked: beta .1, h = 1, p = .75: .75 x .9 + .25 x 1.1 = .95, slope .1 (.25 - .75) = -.05.
//
// Source: Zhao et al., "SLiC-HF: Sequence likelihood calibration with human feedback", 2023, eq. 2,
// in the form with a reference of Liu et al., "Statistical rejection sampling improves preference
// optimization", ICLR 2024, eq. 9; soft labels derived. Rewards: beta (score - reference).
#pragma once

#include "candor/align/objective.h"

namespace candor::align {

class Hinge final : public Objective {
 public:
  explicit Hinge(double beta) : beta_(beta) {}
  [[nodiscard]] std::string_view name() const override { return "hinge"; }
  [[nodiscard]] bool needs_reference() const override { return true; }
  [[nodiscard]] bool needs_previous() const override { return false; }
  [[nodiscard]] PairLoss loss(const PairTerms& terms) const override;
  [[nodiscard]] PairScores rewards(const PairTerms& terms) const override;

 private:
  double beta_;
};

}  // namespace candor::align
