// candor/learning/log_barrier.h
// One worker a slot, drawn by weight alone, and no division by small probabilities: the best of the
// rules here when only one can be asked.
//
//     I ~ p,   p_i = w_i / (weight of all present),   S = sum_j p_j^2
//     w_I <- w_I - eta (w_I l_I - w_I lam p_I),    w_j <- w_j + eta w_j lam p_j  (j != I),
//     lam = p_I l_I / S
// In the terms of asking_rule.h: stake g_I = eta w_I, claim c_I = p_I^2 / S, and the others share
// the rest in proportion to w_j^2.
//   * truthful: a lie of distance d costs eta w_I (1 - p_I^2/S) d^2, given one is asked, with the
//     quadratic loss. Alone, a worker has no stake.
//   * E[change of w_i] = -eta w_i p_i (l_i - sum_j p_j^2 l_j / S): mirror descent with the log
//     barrier, to first order; a light worker moves slowly because it is asked seldom and because
//     it has little.
//   * expected regret over T slots, if all were there from the first slot to the last and began
//     equal, each outcome coming before the next ask, eta <= 1/2:
//     (N-1) ln T / eta + 2 eta T / (1-eta) + 1,   about 2 sqrt(2 N T ln T) at
//     the best eta.
//   * identities: their number counts. Split over k, the same weight has 1/k of the sum of squares
//     and gains and loses 1/k as fast, to first order: splitting hides from bad answers. Newcomers
//     of a cohort share a fixed mass, so that it also delays what good answers earn.
//
// Late outcomes: stake = min(eta w_I, w_I - stakes in other open slots), as in the other rules. It
// bites only when about 1/eta outcomes of one worker are outstanding. What is not claimed goes to
// those here since the worker was asked; if there is none, all others share it by weight.
//
// Cost of a slot: O(N) to settle, O(log N) to draw and O(N) to stake. Source: derived.
//
// Worked (the first test): weights {.25, .25, .5}, eta .4: S = .375. Asked 0 (probability .25) with
// loss .36: stake .1, claim 1/6, pot .036; weights {.22, .256, .524}.
#pragma once

#include "candor/learning/crowd_rule.h"

namespace candor::learning {

class LogBarrier final : public CrowdRule {
 public:
  /// Errors: out_of_range for step_size outside (0,1]; invalid_argument unless asks is 1 and
  /// exploration 0 (the rule draws by weight).
  static Result<std::unique_ptr<LogBarrier>> create(const AskingOptions& options);

  [[nodiscard]] std::string_view name() const override { return "log-barrier"; }
  [[nodiscard]] Asks draw(RandomStream& random) const override { return draw_one(0.0, random); }
  [[nodiscard]] double probability(WorkerId worker) const override { return crowd_.part(worker); }
  [[nodiscard]] Stakes stake(std::span<const WorkerId> asked, double lottery) override;
  void settle(std::span<const WorkerId> asked, const Stakes& stakes,
              std::span<const double> loss) override;
  /// In expectation over the draws, for outcomes that come before the next ask; nothing if anyone
  /// came later or was away.
  [[nodiscard]] std::optional<double> regret_bound(WorkerId worker, double slots) const override;

 private:
  using CrowdRule::CrowdRule;
  struct Others {
    std::vector<double> share;  // [present] of what the asked worker leaves; 0 for itself
    double squares = 0.0;       // sum of their squared parts
    bool any = false;
  };
  [[nodiscard]] Others others_than(WorkerId asked, std::uint64_t arrivals) const;
  [[nodiscard]] std::vector<double> moved(WorkerId asked, const Others& others, double lost,
                                          double rest) const;
};

}  // namespace candor::learning
