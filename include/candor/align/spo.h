// candor/align/spo.h
// Self-play preference optimisation towards the minimax winner: an answer's reward is how often it
// beats other answers of the same policy.
//
// Of k >= 2 answers drawn from the policy ("previous" here) for a prompt, each is compared with
// every other. Its reward is r(y) = (1/2 + sum of its win probabilities) / k: itself counts as half
// a win.
//   loss = (D - D_prev - (r(a) - r(b)) / eta)^2
// r enters through the label (self_play.h, pair_label): with W(y) the mean win rate against the
// other k-1, p = 1/2 + (W(a) - W(b)) / 2 is in [0,1], and r(a) - r(b) = (2p-1)(k-1)/k, so
//   loss = (D - D_prev - (2p-1)(k-1) / (k eta))^2.
// With k = 2, p is the pair's own preference and the target (2p-1)/(2 eta): INPO without a
// reference.
//
// Why half a win (derived). E[r(a) - r(b) | a, b] = ((k-2)(P(a>pi) - P(b>pi)) + 2P(a>b) - 1) / k.
// The least-squares fit of 2P(a>b) - 1 by a difference is 2(P(a>pi) - P(b>pi)), so the fit of the
// whole is P(a>pi) - P(b>pi) for every k. So the minimiser over pairs drawn from pi_t is
//   pi_{t+1}(y) ~ pi_t(y) exp(P(y > pi_t) / eta):
// Hedge with step 1/eta, whatever k; more samples only make the target less noisy. Leaving itself
// out would make the step k/(k-1) times as large. Hedge against itself has the minimax winner as
// the limit of its average policy (self_play.h).
//
// Worked: eta .5, k = 2, D = 1, D_prev = .6, p = .75: target .5, loss .01.
//
// Source: Swamy et al., "A minimaximalist approach to reinforcement learning from human feedback",
// ICML 2024, algorithm 2 (rewards); the pair form derived. Rewards: eta (score - previous).
#pragma once

#include "candor/align/objective.h"

namespace candor::align {

class Spo final : public Objective {
 public:
  Spo(double eta, std::size_t samples)
      : eta_(eta), others_share_(static_cast<double>(samples - 1) / static_cast<double>(samples)) {}
  [[nodiscard]] std::string_view name() const override { return "spo"; }
  [[nodiscard]] bool needs_reference() const override { return false; }
  [[nodiscard]] bool needs_previous() const override { return true; }
  [[nodiscard]] PairLoss loss(const PairTerms& terms) const override;
  [[nodiscard]] PairScores rewards(const PairTerms& terms) const override;

 private:
  double eta_;
  double others_share_;
};

}  // namespace candor::align
