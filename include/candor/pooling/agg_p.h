// candor/pooling/agg_p.h
// Agg-p_alpha: one family of ways to average opinions, from the pessimist's (every worker can veto
// an answer) to the optimist's (one enthusiast is enough), with equal say for every worker. And the
// divergence that it is the best answer to, which is what makes payments for it possible
// (candor/payment/vcg_costs.h).
//
//     Agg-p_alpha(P_1..P_n)[k]  ~  ( 1/n sum_j P_j[k]^alpha )^(1/alpha)           normalised over k
//
//     alpha    -inf      -1              0                1              +inf
//     mean     least     harmonic        geometric        arithmetic     greatest
//     2 x 2    2/3       0.64            0.6202           0.6            4/7       of {.8,.2}, {.4,.6}
//
// The Amari divergence of an opinion q from a label p,
//     D_alpha(q||p) = (1 - sum_k q_k^alpha p_k^(1-alpha)) / (alpha (1-alpha)),
// with limits D_0 = KL(p||q) and D_1 = KL(q||p), is >= 0 and 0 only at p = q. Agg-p_alpha is the
// one label with the least total divergence sum_j D_alpha(P_j||p). alpha = +-inf has no divergence.
//
// Zeros. For alpha <= 0 an opinion of exactly 0 decides alone, and D_alpha is infinite. So with
// alpha <= 0 every probability must be at least `floor`; a report below it is refused
// (out_of_range), never raised to it: moving a report would put words into a worker's mouth. For
// alpha > 0 there is no floor.
//
// Computed in logarithms with a shift (log-sum-exp), and through exp(x)-1 and log(1+x) where alpha
// is small: no overflow for any alpha, and no loss of digits near alpha = 0 and 1.
// Sources: the family: Park, Liu, Kong, Zhang, Ozdaglar 2024 (arXiv 2405.00254). Divergence: Amari
// 2009 (alpha-divergence). That the two belong together, and the closed form of the least total:
// derived.
// Thread safety: pure functions.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "candor/base/result.h"

namespace candor::pooling {

struct AggP {
  double alpha = 1.0;  ///< any number, or +-infinity
  double floor =
      1e-3;  ///< in (0, 1/2): the least probability a report may hold; used for alpha <= 0

  /// Refuses alpha = NaN (invalid_argument) and a floor outside (0, 1/2) (out_of_range).
  [[nodiscard]] Status check() const;
  /// Probabilities (scoring::check_probabilities), none below the floor if alpha <= 0.
  [[nodiscard]] Status check_report(std::span<const double> report) const;
};

/// label [K] = Agg-p_alpha of report [n, K], n >= 1 rows that check_report accepts (asserted).
/// Where every report is 0 the label is 0. Cost: O(n K), one exp an entry.
void agg_p(const AggP& rule, std::span<const double> report, std::span<double> label);

/// D_alpha(q||p) >= 0 for probability rows of one length; +infinity where alpha <= 0 and q_k = 0 <
/// p_k, or alpha >= 1 and p_k = 0 < q_k. alpha finite. Absolute error about 1e-15 (1 + the largest
/// q_k^alpha p_k^(1-alpha)). Worked: alpha 1, q {.4,.6}, p {.6,.4} -> .2 ln 1.5 = 0.08109
[[nodiscard]] double amari_divergence(double alpha, std::span<const double> q,
                                      std::span<const double> p);

/// least [n]: for each report i, the least total divergence of the others, min over p of
/// sum_{j != i} D_alpha(P_j||p), which their Agg-p attains. alpha finite, n >= 2, rows checked
/// (asserted). With M_k the power mean of the others' k-th entries and Z = sum_k M_k it is
///     (n-1) (1 - Z^alpha) / (alpha (1-alpha)),     -(n-1) ln Z at alpha = 0,
/// so that all n come at O(n K) together. Worked: n = 2 -> {0, 0}, as each other report stands
/// alone.
[[nodiscard]] std::vector<double> least_divergence_without_each(const AggP& rule,
                                                                std::span<const double> report,
                                                                std::size_t answers);

/// out[i] = sum of all values but the i-th, without subtracting: no digits are lost where one value
/// is far larger than the rest. Cost: O(n).
[[nodiscard]] std::vector<double> sums_without_each(std::span<const double> value);

}  // namespace candor::pooling
