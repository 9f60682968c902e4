// candor/learning/m_set.h
// The m-set rule: everyone reports, and m workers are chosen whose answers count (a panel, a
// shortlist, m reports that a reward model is trained on). Their losses add up, and regret is to
// the best m.
//
// Weights live on the capped simplex: sum w = 1, 0 < w_i <= 1/m. Worker i is chosen with
// probability m w_i. A slot in which the workers A answer, with wagers g_i and losses l_i:
//     g_i = eta w_i (1 - m w_i),  L = sum_A g_j l_j / sum_A g_j,  w_i <- w_i + g_i (L - l_i)
//   * sum kept; and since g_i <= w_i and g_i <= 1/m - w_i, weights keep to (0, 1/m], eta = 1
//     included. The cap is inside the update: no clipping, so the next weight stays affine in the
//     worker's own loss (weight_cap.h has the condition, and what clipping would do).
//   * truthful: a lie of distance d costs g_i (1 - g_i/G) d^2 with the quadratic loss, G = sum_A g,
//     whatever the others report, if another worker with a wager answers. The chance of being
//     chosen, m w_i, is affine in the weight: so pay for being chosen is truthful as well.
//   * regret of the chosen m to the best m, if all answer: at most
//         m [(ln(N/m) + 1)/eta + 2 c(eta) eta T],    c(u) = (-ln(1-u) - u)/u^2;
//     2 m sqrt(2 T (ln(N/m) + 1)) at the best eta (step_size_for_m_set).
// Sources: problem: Sadeghi & Fazel 2023 (m of K experts, modular loss); rule and bound derived.
//
// Late outcomes: as in weighted_score.h, with two guards. The wager of a new slot is
//     g_i = min(eta w_i (1 - m w_i),  w_i - stakes already out,  1/m - w_i - stakes already out)
// since a worker can lose at most its stakes and gain at most its stakes (L <= 1). It equals the
// first term until about 1/eta outcomes are outstanding.
//
// Newcomers: a cohort takes `mass` in proportion from all weight that is not at stake, so that
// nobody rises, and shares it equally, at most 1/m each; a cohort too small to hold its mass takes
// less. While there are fewer than m workers, each has 1/m, nothing is at stake, and all are
// chosen; what is then missing from the sum of 1 goes to those who come next.
#pragma once

#include <cstdint>
#include <vector>

#include "candor/base/random.h"
#include "candor/learning/weight_rule.h"

namespace candor::learning {

struct MSetOptions {
  std::size_t chosen = 2;  ///< m >= 1: how many workers are chosen
  double step_size = 0.1;  ///< eta in (0,1]
};

class MSet final : public OpenRule {
 public:
  /// Errors: out_of_range, naming the option.
  static Result<std::unique_ptr<MSet>> create(const MSetOptions& options);

  [[nodiscard]] std::string_view name() const override { return "m-set"; }
  void admit(std::span<const WorkerId> cohort, double mass) override;
  [[nodiscard]] std::size_t workers() const override { return account_.size(); }
  void share(std::span<const WorkerId> worker, std::span<double> out) const override;
  void wager(std::span<const WorkerId> worker, std::span<double> out) override;
  void settle(std::span<const WorkerId> worker, std::span<const double> wager,
              std::span<const double> loss) override;
  void release(std::span<const WorkerId> worker, std::span<const double> wager) override;
  [[nodiscard]] std::vector<double> weights() const override;
  /// To one worker, of the linear pool. Empty: the rule's promise is to the best m
  /// (set_regret_bound).
  [[nodiscard]] std::optional<double> regret_bound(WorkerId, double) const override { return {}; }

  [[nodiscard]] std::size_t chosen() const { return options_.chosen; }

  /// m different admitted workers, worker i with probability exactly m w_i, in rising order of id,
  /// from one number `point` in [0,1): systematic sampling. Laid end to end, pieces of length m w_i
  /// fill [0,m); those that hold point, point + 1, ..., point + m - 1 are chosen, and as no piece
  /// is longer than 1 none is chosen twice. Which pairs are chosen together depends on the order of
  /// ids. Cost: O(workers).
  [[nodiscard]] std::vector<WorkerId> choose(double point) const;
  [[nodiscard]] std::vector<WorkerId> choose(RandomStream& random) const {
    return choose(random.uniform());
  }

 private:
  struct Account {
    double weight = 0.0;
    double staked = 0.0;
    std::uint32_t open_slots = 0;
    bool admitted = false;
  };
  explicit MSet(const MSetOptions& options)
      : options_(options), cap_(1.0 / static_cast<double>(options.chosen)) {}
  [[nodiscard]] double next_wager(const Account& account) const;
  double take_from_all(double part);

  MSetOptions options_;
  double cap_;                    // 1/m
  std::vector<Account> account_;  // [workers]
};

/// What the regret of m chosen out of N workers to the best m can be after T slots in which all
/// answered: m [(ln(N/m)+1)/eta + 2 max(1/2, c(eta)) eta T]. Infinite at eta = 1. N >= m.
[[nodiscard]] double set_regret_bound(std::size_t workers, const MSetOptions& options,
                                      double slots);

/// min(1/2, sqrt((ln(N/m)+1) / (2T))). Errors: out_of_range unless T > 0 and N >= m >= 1.
[[nodiscard]] Result<double> step_size_for_m_set(std::size_t workers, std::size_t chosen,
                                                 double slots);

}  // namespace candor::learning
