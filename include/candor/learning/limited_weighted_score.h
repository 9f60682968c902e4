// candor/learning/limited_weighted_score.h
// The weighted-score rule where only m of the N workers present are asked: each answer stands for
// those that were not given, by its probability. Two selection laws:
//
//   "lf", m >= 2 (unless fewer are present)
//       a leader H ~ w and m-1 others, uniformly without replacement
//       q_i = p_i + (1 - p_i)(m-1)/(N-1)      P(i is asked), p_i = w_i / (weight of all present)
//     The label is the mean of the answers by weight: the expectation of the leader's answer given
//     who was asked, so that its expected loss is at most sum_i p_i l_i, with no loss for
//     exploring.
//   "wsu-ux", m = 1
//       q_i = (1-gamma) p_i + gamma/N         gamma = exploration, or min(1/2, sqrt(eta N))
//
// and one update, with O the workers asked:
//     w_i <- w_i (1 + eta (sum_O p_j l_j / q_j - 1[i in O] l_i / q_i))
// In the terms of asking_rule.h: stake g_i = eta w_i / q_i, claim c_i = p_i, and those not asked
// share the rest in proportion to weight.
//   * unbiased: E[1[i in O] l_i / q_i] = l_i, so E[next weight] is the step of
//     weighted_score_update.h.
//   * truthful, also for a worker who knows that it was asked and who else was: a lie of distance d
//     costs g_i (1 - c_i) d^2 = eta w_i (1 - p_i) d^2 / q_i with the quadratic loss. Alone, it has
//     no stake.
//   * expected regret to a worker over the T slots in which it was present, whoever was there, each
//     outcome coming before the next asks:
//       lf       ln(1/w_i)/eta + eta T [(N-1)/(m-1) + N/m]              eta <= .68 (m-1)/(N-1)
//       wsu-ux   ln(1/w_i)/eta + eta T [N/gamma + 1/(1-gamma)] + gamma T   eta N <= .68 gamma
//     The best eta gives lf 2 sqrt(T ln N [...]), wsu-ux T^(2/3): use lf where two can be asked,
//     and log-barrier where only one can. N: all admitted; .68: where the second-order constant is
//     1.
//   * identities: how much weight a group of identities with the same answers gains on average
//     depends only on their weight together, not on their number (within the guard below). The
//     number of questions they get does: each identity more draws about (m-1)/(N-1) questions a
//     slot (lf), gamma/N (wsu-ux). So let newcomers in by cohorts with a mass, and where questions
//     are paid, limit questions to a person.
//
// Step sizes. The update as written keeps weights positive for every sequence of losses iff
//     eta <= (m-1)/(N-1)  (lf),    eta <= gamma/N  (wsu-ux)
// (the least q_i / (1 - p_i), as p_i goes to 0). The stake here is
//     g_i = min(eta w_i / q_i, w_i - stakes in other open slots)
// so above that guard, or with about q_i/eta outcomes outstanding, a worker stakes all that it has
// and no more: nothing becomes negative and nothing is clipped afterwards. Such a worker learns
// more slowly than the rule says, and the regret bound is not proven for it: regret_bound() gives
// no number for step sizes out of range, but does not look for outstanding outcomes. The stake does
// not depend on the report, so truthfulness stands.
//
// Cost of a slot: O(m log N), see asked_crowd.h. Sources: wsu-ux: Freeman, Pennock, Podimata,
// Wortman Vaughan, ICML 2020 (arXiv:2002.08837); lf: derived, in the spirit of "prediction with
// limited advice" (Seldin et al. 2014).
//
// Worked (the first test): lf, N = 3, m = 2, eta .3, equal weights: q = 2/3, stakes .15, claims
// 1/3. Asked {0, 1} with losses .04, .36: pot .06, weights 1/3 + {.014, -.034, .020}.
// wsu-ux, N = 3, eta .03, gamma .3, equal weights: q = 1/3, stake .03, claim 1/3. Asked 1 with loss
// .36: pot .0108, weights 1/3 + {.0036, -.0072, .0036}.
#pragma once

#include "candor/learning/crowd_rule.h"

namespace candor::learning {

class LimitedWeightedScore final : public CrowdRule {
 public:
  enum class Selection : std::uint8_t {
    leader_and_others,  ///< "lf": asks >= 2, no exploration to choose
    mixed               ///< "wsu-ux": asks = 1
  };
  /// Errors: out_of_range for step_size outside (0,1], exploration outside [0,1);
  /// invalid_argument for asks or exploration that the selection has no use for.
  static Result<std::unique_ptr<LimitedWeightedScore>> create(Selection selection,
                                                              const AskingOptions& options);

  [[nodiscard]] std::string_view name() const override;
  [[nodiscard]] Asks draw(RandomStream& random) const override;
  [[nodiscard]] double probability(WorkerId worker) const override;
  [[nodiscard]] std::vector<Possible> law() const override;
  [[nodiscard]] Stakes stake(std::span<const WorkerId> asked, double lottery) override;
  void settle(std::span<const WorkerId> asked, const Stakes& stakes,
              std::span<const double> loss) override;
  /// slots: those settled in which the worker was present. In expectation over the draws; for
  /// outcomes that come before the next asks.
  [[nodiscard]] std::optional<double> regret_bound(WorkerId worker, double slots) const override;

 private:
  LimitedWeightedScore(Selection selection, const AskingOptions& options)
      : CrowdRule(options), selection_(selection) {}
  [[nodiscard]] double gamma(std::size_t present) const;
  [[nodiscard]] Asks with_probabilities(std::vector<WorkerId> asked) const;
  [[nodiscard]] std::vector<Possible> sets_of_asks() const;

  Selection selection_;
};

}  // namespace candor::learning
