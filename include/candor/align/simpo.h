// candor/align/simpo.h
// Length-normalised preference optimisation without a reference, with a target margin g >= 0.
//
//   z = beta (score_a / length_a - score_b / length_b)
//   loss = -p ln s(z - g) - (1-p) ln s(-z - g),     d loss / d z = p (s(z-g) - 1) + (1-p) s(z+g)
//
// The reward of an answer is beta times its mean log-probability a token, so longer answers are not
// preferred for their length, and no reference policy has to be kept or scored. Nothing else holds
// the policy near where it started.
//
// Optimum of the expected loss (derived): with u = e^z, c = e^-g the slope vanishes where
// (1-p) c u^2 - (2p-1) u - p c = 0, so for p < 1
//   z = ln [ ((2p-1) + sqrt((2p-1)^2 + 4p(1-p) c^2)) / (2 (1-p) c) ],   which is logit p for g = 0.
//
// Worked: beta 2, g = 1, scores -3 over 3 tokens and -4 over 2, p = 1: z = 2, loss ln(1+e^-1) =
// .313262, by_a = 2/3 (s(1) - 1) = -.179294, by_b = .268941.
//
// Source: Meng, Xia, Chen, "SimPO: Simple preference optimization with a reference-free reward",
// NeurIPS 2024, eq. 6; soft labels and optimum derived. Rewards: beta score / length.
#pragma once

#include "candor/align/objective.h"

namespace candor::align {

class Simpo final : public Objective {
 public:
  Simpo(double beta, double margin) : beta_(beta), margin_(margin) {}
  [[nodiscard]] std::string_view name() const override { return "simpo"; }
  [[nodiscard]] bool needs_reference() const override { return false; }
  [[nodiscard]] bool needs_previous() const override { return false; }
  [[nodiscard]] PairLoss loss(const PairTerms& terms) const override;
  [[nodiscard]] PairScores rewards(const PairTerms& terms) const override;

 private:
  double beta_;
  double margin_;
};

}  // namespace candor::align
