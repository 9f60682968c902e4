// candor/payment/vcg_costs.h
// Charges under which workers who care about the label itself report what they think, whatever the
// others do. For a crowd with a stake in the model, where money can flow from workers as well.
//
// Worker i with opinion P_i values label p at v_i(p) = -D_alpha(P_i||p). The label is
// p* = Agg-p_alpha(reports), the one that is best for all together (candor/pooling/agg_p.h), and
// each pays what its presence costs the others (Vickrey, Clarke, Groves):
//     cost_i = sum_{j != i} D_alpha(P_j||p*)  -  min over p of sum_{j != i} D_alpha(P_j||p)   >= 0.
// Then
//   * truth is dominant: with cost_i, worker i's utility is the total value at p* less a
//     number that it cannot move, and p* maximises that total for the reports; so it
//     gains nothing by another report, whatever the others report;
//   * taking part is better than being left out: v_i(p*) - cost_i >= v_i(the others' label);
//   * no deficit: nobody receives anything.
// It needs: value exactly -D_alpha with the alpha of the label (with another alpha, or squared
// distance, lies pay; tests show it at alpha = -1 for workers who value by KL),
// value and money that add up, n >= 2, probabilities at or above the floor for alpha <= 0. It does
// not withstand collusion (two workers who agree may both gain), and the money collected cannot be
// returned to the workers without bending truth.
// Sources: Vickrey 1961, Clarke 1971, Groves 1973; mechanism with costs for Agg-p: Park et al. 2024
// (arXiv 2405.00254), reconstructed; divergence and closed forms derived.
//
// In a campaign: state what one unit of divergence is worth (value_micro). Pay each worker who
// answers a fixed fee that does not depend on reports, out of the slot's budget, and deduct its
// charge; fees cover charges where fee >= value_micro times the largest cost seen in trials.
// Reserve the fees (budget.h), spend fees less charges, and the rest returns to the campaign.
//
//   const std::vector<double> report{.8, .2, .4, .6};  // two workers, two answers
//   CANDOR_TRY(const VcgCosts vcg, vcg_costs(pooling::AggP{.alpha = 1.0}, 2, report));
//   // label {.6,.4}; cost_0 = KL({.4,.6}||{.6,.4}) = .0811, cost_1 = KL({.8,.2}||{.6,.4}) = .0915
//   charges_micro(vcg, 1'000'000)   // {81093, 91516}
// Thread safety: pure functions.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "candor/base/result.h"
#include "candor/pooling/agg_p.h"

namespace candor::payment {

struct VcgCosts {
  std::vector<double> label;  ///< [K] Agg-p_alpha of the reports
  std::vector<double> cost;   ///< [n] >= 0, in units of divergence
  /// How far a cost may lie from the exact value: 1e-12 (1 + all divergences from the label).
  double error = 0.0;
};

/// report [n, K]. Errors: invalid_argument for alpha that is no finite number, n < 2 or K < 2, or a
/// report that is no whole row; out_of_range for a row that is no probability row, is under the
/// floor (alpha <= 0), or gives a divergence too large for a double. Names the report's row, from
/// 0. Cost: O(n K).
Result<VcgCosts> vcg_costs(const pooling::AggP& rule, std::size_t answers,
                           std::span<const double> report);

/// charge [n] = floor(value_micro * cost), computed from below so that no charge exceeds
/// value_micro times the exact cost, not even by rounding. So rounding leaves "no deficit" and
/// "taking part is better" intact. What it does change: a charge is up to one unit (and value_micro
/// * 3 error) short of the exact one, so a lie may gain that much, and no more. value_micro >= 0:
/// what one unit of divergence is worth. Errors: out_of_range where value_micro is negative or a
/// charge would not fit 63 bits.
Result<std::vector<std::int64_t>> charges_micro(const VcgCosts& vcg, std::int64_t value_micro);

}  // namespace candor::payment
