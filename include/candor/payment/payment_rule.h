// candor/payment/payment_rule.h
// Who is paid what for a settled slot, out of the slot's budget.
//
// A payment rule says which part of the budget each worker earns, in real numbers: that is what the
// incentive theorems are about and what the audit looks at. Turning parts into whole micro-units is
// done in one place for all rules (budget.h), so that no budget can be exceeded and no remainder is
// lost.
//
//   rule         part of worker i among n                     sums to        a lie of distance d costs
//   by-weight    its share of weight after settling           sum of shares  what the weight rule says
//   per-answer   (1 - l_i) / n                                <= 1           d^2 / n
//   wagering     (1 + mean of l - l_i) / n                    1              (1 - 1/n) d^2 / n
//
// (l: loss in [0,1] of a strictly proper rule; prices, in parts of the budget, for the quadratic
// loss.) Worked: losses .04 and .36: per-answer {.48, .32}, which leaves .2; wagering {.58, .42}.
// What per-answer does not spend goes back to the campaign, and so does what by-weight does not
// where only some of those who hold weight were asked (their shares sum to less than 1).
// Sources: pay-by-weight derived; wagering: Lambert et al. 2008 (EC), with equal wagers put up by
// the platform, so that nobody can lose money.
//
// Known weaknesses, each shown by a test.
//   * Wagering: a worker who knows the others' reports can report between them and receive
//     more than 1/n under both outcomes (Chen, Devanur, Pennock, Vaughan 2014, EC). Truth
//     still earns more in expectation, but who has no opinion can live off those who differ.
//     Reports must stay sealed until pooled.
//   * Per-answer and wagering pay every account: a worker with two accounts gets about twice the
//     base. Wagering is proof against that only where the total wager of a person is fixed
//     (wagered_parts); by-weight is as far as admission is (mechanism/admission.h).
// Thread safety: immutable.
#pragma once

#include <memory>
#include <span>
#include <string_view>

#include "candor/base/result.h"

namespace candor::payment {

/// A slot that has just been settled, as a payment rule sees it: n workers who answered.
struct SettledSlot {
  std::span<const double> loss;  ///< [n] in [0,1]
  std::span<const double>
      share;  ///< [n] of weight, after settling; sums to 1 where all who hold the
              ///< weight answered, to less where only some were asked
};

class PaymentRule {
 public:
  PaymentRule() = default;
  PaymentRule(const PaymentRule&) = delete;
  PaymentRule& operator=(const PaymentRule&) = delete;
  virtual ~PaymentRule() = default;

  /// "by-weight", "per-answer", "wagering".
  [[nodiscard]] virtual std::string_view name() const = 0;

  /// part [n]: each worker's part of the slot's budget, >= 0, sums to at most 1 (to rounding).
  virtual void parts(const SettledSlot& slot, std::span<double> part) const = 0;

  /// Whether the parts sum to 1 (by-weight: where the shares do), so that the whole budget is paid
  /// out. To be handed to pay_out (budget.h), which looks at the sum too.
  [[nodiscard]] virtual bool pays_all() const = 0;
};

/// By name. Errors: invalid_argument, listing the names.
[[nodiscard]] Result<std::unique_ptr<PaymentRule>> make_payment_rule(std::string_view name);

/// Weighted-score wagering with any wagers: part [n] = m_i (1 + sum_j m_j l_j - l_i), where m is
/// wager [n] (>= 0, not all 0) divided by its sum. Parts are >= 0 and sum to 1. The rule "wagering"
/// is this with equal wagers. Splitting a wager over accounts that report alike changes nobody's
/// total.
void wagered_parts(std::span<const double> wager, std::span<const double> loss,
                   std::span<double> part);

}  // namespace candor::payment
