// candor/payment/budget.h
// From parts of a budget to whole micro-units (millionths of the campaign's currency unit),
// exactly; and the campaign's own account, which open slots can never overdraw.
//
//   by then             the account does                          left    reserved   spent
//   campaign opens      Budget::create(10'000)                    10000   0          0
//   slot opens          reserve(slot, 1000)                        9000   1000       0
//   slot settles        spend(slot, 640): 360 come back            9360   0          640
//   (or slot expires    release(slot): all 1000 come back)
//
// A slot's whole budget is set aside when the slot opens, before anyone knows what will be paid. So
// however many slots are open and whatever their outcomes, what they pay is there. After every
// call, refused ones too,
//     spent + reserved + left == total                              to the unit.
//
// A limit for a single worker is a number of answers, never a sum of money: see AnswerLimit.
// Thread safety: pay_out and divide_budget are pure; Budget and AnswerLimit: one thread at a time.
#pragma once

#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

#include "candor/base/ids.h"
#include "candor/base/result.h"

namespace candor::payment {

/// Divides `budget` in proportion to share [n] (>= 0, not all 0) into whole numbers that sum to it
/// exactly: each gets the floor of its part, what is left goes one by one to the largest remainders
/// (earlier workers first among equals). budget >= 0.
/// Worked: 10 over shares {.5,.25,.25} -> {5,3,2}.
[[nodiscard]] std::vector<std::int64_t> divide_budget(std::int64_t budget,
                                                      std::span<const double> share);

/// What a slot paid.
struct Payout {
  std::vector<std::int64_t> paid;  ///< [n] micro-units, >= 0
  std::int64_t unspent = 0;        ///< budget - sum of paid, >= 0: goes back to the campaign
};

/// Parts as a PaymentRule gives them, into whole micro-units. budget >= 0; part [n] >= 0, sum at
/// most 1 (to rounding). pays_all: the rule divides the whole budget (PaymentRule::pays_all).
///   * pays_all and the parts sum to 1 within 1e-9: divide_budget, nothing is unspent;
///   * otherwise (the rule may leave money, or holders of weight were not asked): each gets the
///     floor of budget * part. Fractions of a unit are left unspent, not given to anybody.
/// Either way every payment is within one unit of budget * part (budgets below 2^53 units; above,
/// the 16 digits of a double are the limit), and the payments never sum to more than the budget.
/// What rounding can change: less than a unit a worker. Among equal remainders the earlier worker
/// gets the unit; so two workers with the same part may differ by one unit, and by no more.
/// Worked: 10 over parts {.25,.36}, pays_all false -> paid {2,3}, unspent 5.
[[nodiscard]] Payout pay_out(std::int64_t budget, std::span<const double> part, bool pays_all);

/// A campaign's money. Memory: O(slots with a reserve).
class Budget {
 public:
  /// Errors: out_of_range for total_micro < 0.
  static Result<Budget> create(std::int64_t total_micro);

  /// Sets micro aside for a slot. Errors, and then nothing has changed: conflict if less than that
  /// is left (says what is left) or if the slot has a reserve already, out_of_range for micro < 0.
  Status reserve(SlotId slot, std::int64_t micro);

  /// The slot has settled and paid `paid_micro` in all; what remains of its reserve is left again.
  /// Ends the reserve. Errors, and then nothing has changed: not_found without a reserve,
  /// out_of_range unless 0 <= paid_micro <= reserve.
  Status spend(SlotId slot, std::int64_t paid_micro);

  /// The slot will pay nothing (it expired): its reserve is left again. Errors: as spend.
  Status release(SlotId slot);

  /// The operator adds money. Errors: out_of_range for more_micro < 0, or where the total would not
  /// fit 63 bits.
  Status raise(std::int64_t more_micro);

  [[nodiscard]] std::int64_t total() const { return total_; }
  [[nodiscard]] std::int64_t spent() const { return spent_; }
  [[nodiscard]] std::int64_t reserved() const { return reserved_; }
  [[nodiscard]] std::int64_t left() const { return total_ - spent_ - reserved_; }
  /// How many slots hold a reserve.
  [[nodiscard]] std::size_t open_slots() const { return reserve_.size(); }

 private:
  explicit Budget(std::int64_t total) : total_(total) {}

  std::int64_t total_ = 0;
  std::int64_t spent_ = 0;
  std::int64_t reserved_ = 0;
  std::unordered_map<SlotId, std::int64_t> reserve_;
};

}  // namespace candor::payment
