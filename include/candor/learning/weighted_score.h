// candor/learning/weighted_score.h
// The weighted-score rule for a live crowd: any subset of workers answers a slot, outcomes come
// late or never, newcomers join, the horizon may be unknown. Candor's default.
//
// Slot with answering set A, wagers g_i, losses l_i:
//     L = sum_A g_i l_i / sum_A g_i,     w_i <- w_i + g_i (L - l_i)   for i in A, others unchanged
// where g_i = eta w_i, frozen when the slot is pooled. This is the sleeping form of the update of
// weighted_score_update.h (equal to it when all answer):
//   * sum of weights unchanged: sum_A g_i (L - l_i) = 0.
//   * truthful: E[change] = g_i [const - (1 - g_i/G) E(loss of the report)], G = sum_A g: a lie of
//     distance d costs g_i (1 - g_i/G) d^2 with the quadratic loss, whatever the others report, if
//     somebody else with weight answers.
//   * regret to every worker over its own slots: ln(1/w_i)/eta + eta T_i (eta <= .68), also when
//     attendance is adversarial.
// Sources: Freeman et al. 2020 (full attendance); sleeping form, late outcomes and constants
// derived.
//
// Late outcomes. Several slots of a worker may be open at once. The wager of a new one is
//     g_i = min(eta w_i, w_i - stakes already out),
// so no combination of outcomes can make a weight negative, and none has to be clipped. (A weight
// stops falling at smallest_weight, 1e-300, from where a double can still grow back.) The wager
// equals eta w_i until about 1/eta outcomes are outstanding; then the worker's further slots carry
// no stake until outcomes come in. The wager never depends on the report it is for, so truthfulness
// stands.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "candor/learning/weight_rule.h"

namespace candor::learning {

struct WeightedScoreOptions {
  /// eta in (0,1]. With doubling: the largest eta, used until the schedule asks for less.
  double step_size = 0.5;
  /// Fixed share s in [0,1): after each update the answering workers put s of their weight together
  /// and divide it equally, so that a worker whom the best one overtakes can come back. Truthful
  /// (prices of lies shrink by 1-s). For S changes of the best worker in T slots, s = S/T.
  double share = 0.0;
  /// Unknown horizon: whenever the mean number of answers a worker has given doubles (2^k), eta
  /// becomes min(step_size, sqrt(ln(N/epoch_share) / 2^k)) and every weight is moved a little, w <-
  /// (1 - epoch_share) w + epoch_share / N, so that reputations are kept while no worker is too far
  /// down to return. Regret, if all answer: at most 2 sqrt2/(sqrt2-1) sqrt(T ln(N/epoch_share)).
  bool doubling = false;
  double epoch_share = 1.0 / 16.0;
};

class WeightedScore final : public OpenRule {
 public:
  /// Errors: out_of_range, naming the option, for eta outside (0,1], shares outside [0,1).
  static Result<std::unique_ptr<WeightedScore>> create(const WeightedScoreOptions& options);

  [[nodiscard]] std::string_view name() const override { return "weighted-score"; }
  void admit(std::span<const WorkerId> cohort, double mass) override;
  [[nodiscard]] std::size_t workers() const override { return account_.size(); }
  void share(std::span<const WorkerId> worker, std::span<double> out) const override;
  void wager(std::span<const WorkerId> worker, std::span<double> out) override;
  void settle(std::span<const WorkerId> worker, std::span<const double> wager,
              std::span<const double> loss) override;
  void release(std::span<const WorkerId> worker, std::span<const double> wager) override;
  [[nodiscard]] std::vector<double> weights() const override;
  [[nodiscard]] double weight(WorkerId worker) const override {
    return worker.index() < account_.size() ? account_[worker.index()].weight : 0.0;
  }
  [[nodiscard]] std::optional<double> regret_bound(WorkerId worker, double slots) const override;

  /// eta as it stands now (it falls over time with doubling).
  [[nodiscard]] double step_size() const { return step_size_; }

 private:
  explicit WeightedScore(const WeightedScoreOptions& options)
      : options_(options), step_size_(options.step_size) {}
  // All that is known of a worker, in half a cache line: with a large crowd a slot costs one miss
  // a worker.
  struct alignas(32) Account {
    double weight = 0.0;
    double staked = 0.0;           // wagers not yet settled or released
    double first_weight = 0.0;     // as admitted, less what newcomers took since; 0: not admitted
    std::uint32_t open_slots = 0;  // at none, staked is exactly 0, whatever was rounded

    [[nodiscard]] double free() const { return std::max(0.0, weight - staked); }
    [[nodiscard]] bool admitted() const { return first_weight > 0.0; }
  };
  [[nodiscard]] bool is_admitted(WorkerId worker) const {
    return worker.index() < account_.size() && account_[worker.index()].admitted();
  }
  double take_from_all(double part);
  double make_room(double mass);
  void share_among(std::span<const WorkerId> worker);
  void start_epoch_if_due(std::span<const WorkerId> worker);
  [[nodiscard]] std::optional<double> doubling_regret_bound() const;

  WeightedScoreOptions options_;
  double step_size_;
  std::vector<Account> account_;  // [workers]
  std::size_t admitted_ = 0;
  double answers_ = 0.0;     // wagers frozen so far
  double epoch_ends_ = 1.0;  // in answers a worker
  bool everyone_answered_ = true;
};

}  // namespace candor::learning
