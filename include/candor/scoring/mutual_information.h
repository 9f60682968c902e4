// candor/scoring/mutual_information.h
// Pays for answers when no outcome will ever come, so that honesty is dominant: whatever the peers
// do, no strategy pays more in expectation. A worker and a peer have answered two disjoint batches
// of at least K similar slots each; M1 and M2 count, in each, how often the worker said x and the
// peer y:
//     pay = det(M1) det(M2)
// (determinant mutual information). With n independent slots, U the joint law of the two's answers,
//     E det(M) = n (n-1) ... (n-K+1) det(U),   so  E pay = const * det(U)^2 >= 0.
// A worker who mixes its answers by a stochastic matrix F turns U into F^T U, and |det F| <= 1,
// with equality for permutations only. So honesty is dominant, strictly so against every strategy
// that loses information, if det(U) != 0. What remains: a relabelling (permutation) pays as much as
// honesty; slots must be alike and independent; the same strategy in both batches.
//
// Range: |det(M)| <= (n/K)^K, since a determinant is at most the product of its rows' sums.
// to_unit() divides by that and maps to [0,1], for budgets; as batches grow the honest mean stays
// 1/2 + 1/2 (K^K det U)^2 (1 - O(1/n)).
// Source: Kong, "Dominantly truthful multi-task peer prediction with a constant number of tasks",
// SODA 2020, sections 3 and 4; range and map derived. Thread safety: pure functions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "candor/base/result.h"

namespace candor::scoring {

/// The answers of a worker and of a peer on the same n slots of one batch, each 0 .. K-1.
struct AnswerBatch {
  std::span<const std::uint32_t> worker;
  std::span<const std::uint32_t> peer;
};

struct InformationPay {
  double pay = 0.0;    ///< det(M1) det(M2), in [-largest, largest]
  double largest = 1;  ///< (n1/K)^K (n2/K)^K
  /// (1 + pay/largest) / 2: in [0,1].
  [[nodiscard]] double to_unit() const { return 0.5 * (1.0 + pay / largest); }
};

/// Errors: invalid_argument if lengths differ, K < 2, or a batch has fewer than K slots (it would
/// always pay 0); out_of_range for an answer >= K. Cost: O(n + K^3).
/// Worked: K = 2, batch 1: worker 0 0 1, peer 0 0 1 -> det {2,0;0,1} = 2; batch 2: worker 0 1, peer
/// 0 1 -> 1: pay 2, of at most (9/4) (1).
[[nodiscard]] Result<InformationPay> mutual_information_pay(const AnswerBatch& first,
                                                            const AnswerBatch& second,
                                                            std::size_t answers);

}  // namespace candor::scoring
