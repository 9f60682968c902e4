// candor/learning/exponential_weights.h
// Exponential weights over the workers who answer (sleeping experts):
//     w_i <- w_i exp(eta (m - l_i)),   m = -(1/eta) ln sum_A p_i exp(-eta l_i),   p = w / sum_A w
// which keeps the sum over the answering set A. Quadratic loss is exp-concave with eta = 1/2, also
// over K answers, so the linear pool's regret to each worker over its own slots is at most
// ln(1/w_i)/eta: a constant. The price: a worker's weight is not affine in its loss, so an honest
// report is not its best report (a small gain at eta = 1/2, a large one at large eta). Use it where
// workers are paid by a separate proper score and have no stake in their weight, and as the
// comparison. Sources: Littlestone & Warmuth 1994; Kivinen & Warmuth 1999 (exp-concavity); Freund,
// Schapire, Singer, Warmuth 1997 (sleeping experts).
//
// Late outcomes: shares are frozen when the slot is pooled; the step uses those. Weights live in
// the log domain, so that a worker far behind is never lost to underflow.
#pragma once

#include <vector>

#include "candor/learning/weight_rule.h"

namespace candor::learning {

class ExponentialWeights final : public OpenRule {
 public:
  /// rate eta in (0,700] (out_of_range otherwise); 1/2 is right for the quadratic loss.
  static Result<std::unique_ptr<ExponentialWeights>> create(double rate = 0.5);

  [[nodiscard]] std::string_view name() const override { return "exponential"; }
  void admit(std::span<const WorkerId> cohort, double mass) override;
  [[nodiscard]] std::size_t workers() const override { return log_weight_.size(); }
  void share(std::span<const WorkerId> worker, std::span<double> out) const override;
  void wager(std::span<const WorkerId> worker, std::span<double> out) override {
    share(worker, out);
  }
  void settle(std::span<const WorkerId> worker, std::span<const double> wager,
              std::span<const double> loss) override;
  void release(std::span<const WorkerId>, std::span<const double>) override {}
  [[nodiscard]] std::vector<double> weights() const override;
  [[nodiscard]] std::optional<double> regret_bound(WorkerId worker, double slots) const override;

 private:
  explicit ExponentialWeights(double rate) : rate_(rate) {}

  double rate_;
  std::vector<double> log_weight_;        // [workers] -inf: not admitted
  std::vector<double> first_log_weight_;  // [workers] as admitted, less what newcomers took since
};

}  // namespace candor::learning
