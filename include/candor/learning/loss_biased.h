// candor/learning/loss_biased.h
// WSU-UX (limited_weighted_score.h) with a bonus that makes it learn at the rate sqrt(T): one
// worker is asked a slot, and every present worker gets a bonus that no report can change.
//
//     q_i = (1-gamma) p_i + gamma/N,         gamma = exploration, or min(1/2, 2 eta N)
//     b_i = 4 eta / q_i,                     lhat_i = 1[i asked] l_i / q_i
//     w_i <- w_i (1 + eta (sum_j p_j (lhat_j - b_j) - (lhat_i - b_i)))
//
// with p_i = w_i / (weight of all present). WSU-UX is slow because the estimate of a worker that is
// seldom asked has a large variance, and a rule linear in losses pays for it; the bonus is larger
// the seldomer one is asked, and pays back just that.
//   * truthful, as WSU-UX: a lie of distance d costs eta w_i (1 - p_i) d^2 / q_i, given one is
//     asked.
//   * expected regret over T slots in which the worker was present, for eta <= 1/(8N) and outcomes
//     that come before the next ask:
//       ln(1/w_i)/eta + (14 N + 2) eta T,    at the best eta at most 8 sqrt(N T ln N).
//   * identities: unlike in limited_weighted_score.h, their number counts. A group of given weight
//     gets eta sum w_i b_i = 4 eta^2 sum w_i/q_i of bonus a slot, which grows as it is split, up to
//     4 eta^2 k/gamma x (its weight) (k identities in N, so at most 4 eta^2 N/gamma = 2 eta).
//
// The bonus moves weight when a slot is settled, from the weights at that time, among those present
// without a break since the ask: p, N and b are made from them alone, and who left or arrived in
// between neither pays nor gets. Everybody pays the part s = eta sum p_j b_j, at most 1/2, of the
// weight that is not at stake in other slots, and gets its w_i b_i part of what was paid.
//
// Late outcomes: a stake is min(eta w_i / q_i, half of what is not at stake), and the bonus is paid
// from the other half at most, so that every slot can be settled at any time. Within
// eta <= gamma/(2N) and with outcomes that come before the next slot, this is the formula above.
// Elsewhere it stays truthful and learns more slowly; regret_bound() gives no number for step sizes
// out of range, but does not look for outstanding outcomes.
//
// Cost of a slot: O(N) to settle, O(log N) to draw. Sources: derived; the idea of a bias that does
// not depend on reports: Zimmert and Marinov, arXiv:2405.06480 (of which only the abstract was
// used).
//
// Worked (the first test): weights {.25, .25, .5}, eta .04, gamma .24: q = {.27, .27, .46}, b =
// {.592593, .592593, .347826}, mean b .470209. Asked 0 with loss .36: stake .037037, claim .25, pot
// .013333; bonus {.001224, .001224, -.002448}; weights {.241224, .254557, .504219}.
#pragma once

#include "candor/learning/crowd_rule.h"

namespace candor::learning {

class LossBiased final : public CrowdRule {
 public:
  /// Errors: out_of_range for step_size outside (0,1], exploration outside [0,1);
  /// invalid_argument unless asks is 1.
  static Result<std::unique_ptr<LossBiased>> create(const AskingOptions& options);

  [[nodiscard]] std::string_view name() const override { return "loss-biased"; }
  [[nodiscard]] Asks draw(RandomStream& random) const override;
  [[nodiscard]] double probability(WorkerId worker) const override;
  [[nodiscard]] Stakes stake(std::span<const WorkerId> asked, double lottery) override;
  void settle(std::span<const WorkerId> asked, const Stakes& stakes,
              std::span<const double> loss) override;
  /// slots: those settled in which the worker was present. In expectation over the draws; for
  /// outcomes that come before the next ask.
  [[nodiscard]] std::optional<double> regret_bound(WorkerId worker, double slots) const override;

 private:
  using CrowdRule::CrowdRule;
  [[nodiscard]] double gamma(std::size_t crowd) const;
  [[nodiscard]] std::vector<WorkerId> here_since(std::uint64_t arrivals) const;
  double bias_terms(std::span<const WorkerId> here, std::span<double> claim) const;
  [[nodiscard]] std::vector<double> bonus(std::span<const WorkerId> here, WorkerId asked,
                                          double stake) const;
};

}  // namespace candor::learning
