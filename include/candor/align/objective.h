// candor/align/objective.h
// What preference training minimises: a function of the two answers' scores, with its gradient in
// closed form. No model is seen here, so every objective is tested exactly.
//
// Notation, the same in every objective's header. For a pair (a, b):
//   D = score_a - score_b,   D_ref and D_prev likewise,   h = D - D_ref,
//   p = label = P(a is better) in [0,1], w = weight, s(x) = 1 / (1 + e^-x), logit p = ln(p/(1-p)).
// The loss of a pair is w times the objective's own, and a batch's loss is the mean over its pairs
// (not over their weights: a batch of doubtful pairs takes a smaller step).
//
//   name          class           needs      optimum of the expected loss at label p
//   dpo           dpo.h           reference  beta h = logit p
//   ipo           ipo.h           reference  h = (2p-1) / (2 tau)
//   robust-dpo    robust_dpo.h    reference  beta h = logit q, q = (p-e)/(1-2e), e = flip rate
//   hinge         hinge.h         reference  beta h = 1 if p > 1/2, -1 if p < 1/2
//   simpo         simpo.h         -          beta (score_a/length_a - score_b/length_b) = ln u(p)
//   inpo          inpo.h          both       D = c D_ref + (1-c) D_prev + (2p-1)/(2 eta), c = tau/eta
//   spo           spo.h           previous   D = D_prev + (2p-1)(k-1)/(k eta)
//   reward-model  reward_model.h  -          D = margin + logit p
//
//   CANDOR_TRY(auto objective, make_objective("dpo", {.beta = 0.1}));
//   PairLoss l = objective->loss({.score_a = -3, .score_b = -4, .label = 1});
//   // h = 1: l.value = ln(1 + e^-0.1) = 0.644397, l.by_a = -0.1 s(-0.1) = -0.0475021 = -l.by_b
//
// Thread safety: immutable, any thread. Cost of a call: two exponentials at most.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "candor/align/preference_pair.h"
#include "candor/base/result.h"

namespace candor::align {

/// All that an objective sees of a pair. Scores are log-probabilities (rewards for reward-model).
struct PairTerms {
  double score_a = 0.0;
  double score_b = 0.0;
  double reference_a = 0.0;
  double reference_b = 0.0;
  double previous_a = 0.0;
  double previous_b = 0.0;
  double length_a = 1.0;  ///< tokens of the answer, >= 1
  double length_b = 1.0;
  double label = 1.0;   ///< in [0,1]
  double weight = 1.0;  ///< >= 0
  double margin = 0.0;
};

/// The terms of a pair with these scores; what was not cached is 0.
[[nodiscard]] PairTerms terms_of(const PreferencePair& pair, PairScores scores);

struct PairLoss {
  double value = 0.0;                ///< w included
  double by_a = 0.0;                 ///< d value / d score_a
  double by_b = 0.0;                 ///< d value / d score_b
  std::optional<bool> clipped = {};  ///< robust-dpo alone: its clip cut the gradient off
};

class Objective {
 public:
  Objective() = default;
  Objective(const Objective&) = delete;
  Objective& operator=(const Objective&) = delete;
  virtual ~Objective() = default;

  [[nodiscard]] virtual std::string_view name() const = 0;
  [[nodiscard]] virtual bool needs_reference() const = 0;
  [[nodiscard]] virtual bool needs_previous() const = 0;

  [[nodiscard]] virtual PairLoss loss(const PairTerms& terms) const = 0;

  /// The answers' rewards as the objective understands them, for the metrics rewards/*:
  /// beta (score - reference) where there is a reference; each header says.
  [[nodiscard]] virtual PairScores rewards(const PairTerms& terms) const = 0;
};

/// The numbers of all objectives in one place; each uses those its header names.
struct ObjectiveOptions {
  std::optional<double> beta = {};  ///< > 0; dpo, robust-dpo, hinge: 0.1, simpo: 2
  double ipo_tau = 0.1;             ///< > 0
  double flip_rate = 0.1;           ///< robust-dpo, in [0, 1/2)
  double clip = 10.0;         ///< robust-dpo: largest |beta h| that is still pushed outwards, > 0
  double simpo_margin = 1.0;  ///< >= 0
  double eta = 7.5e-3;        ///< inpo, spo: inverse step size, > 0
  double inpo_tau = 2.5e-3;   ///< weight of the reference, in [0, eta]
  std::size_t samples = 2;    ///< spo: answers compared with one another, >= 2
  bool use_margin = false;    ///< reward-model: PreferencePair::margin shifts the target
};

/// Names of the table above, in its order.
[[nodiscard]] const std::vector<std::string_view>& objective_names();

/// Errors: invalid_argument for a name that is not known (the known are listed); out_of_range for
/// an option outside its range, naming it. Options that the objective does not use are not looked
/// at.
[[nodiscard]] Result<std::unique_ptr<Objective>> make_objective(
    std::string_view name, const ObjectiveOptions& options = {});

}  // namespace candor::align
