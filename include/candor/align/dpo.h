// candor/align/dpo.h
// Direct preference optimisation with soft labels: the default.
//
//   loss = -p ln s(beta h) - (1-p) ln s(-beta h),     d loss / d h = beta (s(beta h) - p)
//
// beta h is the log odds that the policy gives to "a is better", so the loss is the cross-entropy
// of those odds against the pooled probability p. A pair seen often is learned exactly: the optimum
// of the expected loss is beta h = logit p, finite for every p in (0,1); with p = 1 the loss falls
// as long as h grows. A label that is 1 - e instead of 1 ("conservative" DPO) is a case of this. If
// p comes from rewards (p = s(r_a - r_b) on all pairs), the optimum is pi ~ ref exp(r / beta).
//
// Worked: beta .1, h = 1, p = .75: .75 ln(1+e^-.1) + .25 ln(1+e^.1) = .669397;
// slope .1 (s(.1) - .75) = -.0225021.
//
// Sources: Rafailov et al., "Direct preference optimization", NeurIPS 2023, eq. 7 (p = 1);
// Mitchell, "A note on DPO with noisy preferences & relationship to IPO", 2023 (p = 1 - e); soft
// labels derived. Rewards: beta (score - reference). Cost: objective.h.
#pragma once

#include "candor/align/objective.h"

namespace candor::align {

class Dpo final : public Objective {
 public:
  explicit Dpo(double beta) : beta_(beta) {}
  [[nodiscard]] std::string_view name() const override { return "dpo"; }
  [[nodiscard]] bool needs_reference() const override { return true; }
  [[nodiscard]] bool needs_previous() const override { return false; }
  [[nodiscard]] PairLoss loss(const PairTerms& terms) const override;
  [[nodiscard]] PairScores rewards(const PairTerms& terms) const override;

 private:
  double beta_;
};

}  // namespace candor::align
