// candor/scoring/correlated_agreement.h
// Pays for answers when no outcome will ever come: a worker is compared with a peer over several
// similar slots. It earns for agreeing with the peer on the same slot, and loses for agreeing on
// different slots, where agreement can only come from always saying the same.
//
//     joint[x][y]   P(worker answers x, peer answers y) on one slot, both honest
//     delta[x][y] = joint[x][y] - P(x) P(y)
//     S[x][y]     = 1 if delta[x][y] > 0, else 0: which pairs count as agreement
//     pay         = S(x_b, y_b) - S(x_p, y_q),   slots b, p, q all different
// Expected pay is sum_xy S[x][y] delta[x][y] when both are honest. For other strategies F, G (maps
// of the answer seen to the answer given, mixed or not) it is sum_xy S[F(x)][G(y)] delta[x][y],
// which is no more, since S picks just the positive entries of delta. So honesty is an equilibrium,
// and none pays more. What it does not give: honesty is not dominant, and relabelling (all swap the
// same two answers) pays as much as honesty whenever S is the same after it. Slots must be alike
// and exchangeable; workers must not know which slots are compared.
//
// pay_pair() averages over all choices of slots, which has the same expectation and needs no draw.
// Range: [-1, 1]; to_unit() maps it to [0,1], for budgets.
// Where joint is learned, learn it from other workers or other slots than are paid for: else a
// worker's own reports choose its S, and truthfulness is only approximate.
// Sources: Dasgupta & Ghosh, WWW 2013 (two answers); Shnayder, Agarwal, Frongillo, Parkes,
// "Informed truthfulness in multi-task peer prediction", EC 2016, section 4. Thread safety:
// immutable.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "candor/base/result.h"

namespace candor::scoring {

/// Shares of each pair of answers among n slots that both answered, [K, K] row-major.
/// Errors: invalid_argument for lengths that differ or no slot; out_of_range for an answer >= K.
[[nodiscard]] Result<std::vector<double>> joint_shares(std::span<const std::uint32_t> worker,
                                                       std::span<const std::uint32_t> peer,
                                                       std::size_t answers);

class CorrelatedAgreement {
 public:
  /// joint [K, K]: probabilities over pairs of answers, known or learned.
  /// Errors: out_of_range if they are no probabilities; invalid_argument for K < 2.
  static Result<CorrelatedAgreement> from_joint(std::span<const double> joint, std::size_t answers);

  /// S. Worked: joint {.4,.1,.15,.35} -> delta(0,0) = .4 - .5*.55 > 0: S = {1,0,0,1}
  [[nodiscard]] bool agrees(std::uint32_t worker, std::uint32_t peer) const {
    return agrees_[worker * answers_ + peer];
  }

  /// -1, 0 or 1, for one choice of slots b, p, q.
  [[nodiscard]] double pay(std::uint32_t worker_b, std::uint32_t peer_b, std::uint32_t worker_p,
                           std::uint32_t peer_q) const;

  /// The mean of pay over all b and all p != q, for n >= 2 slots that both answered.
  /// Errors: as joint_shares; invalid_argument for fewer than 2. Cost: O(n + K^2).
  /// Worked, S as above: answers 0 0 1 and 0 1 1 -> 2/3 - 2/6 = 1/3
  [[nodiscard]] Result<double> pay_pair(std::span<const std::uint32_t> worker,
                                        std::span<const std::uint32_t> peer) const;

  /// sum S delta: expected pay if the answers given have this joint law [K, K].
  [[nodiscard]] double expected_pay(std::span<const double> joint) const;

  /// (1 + pay) / 2: in [0,1].
  [[nodiscard]] static double to_unit(double pay) { return 0.5 * (1.0 + pay); }

 private:
  CorrelatedAgreement(std::vector<bool> agrees, std::size_t answers)
      : agrees_(std::move(agrees)), answers_(answers) {}

  std::vector<bool> agrees_;  // [K, K]
  std::size_t answers_;
};

}  // namespace candor::scoring
