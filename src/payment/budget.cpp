#include "candor/payment/budget.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <string>
#include <utility>

namespace candor::payment {
namespace {

// How far the parts of a rule that pays all may sum from 1, by rounding.
constexpr double sum_tolerance = 1e-9;

std::string named(SlotId slot) {
  return "slot " + std::to_string(slot.value);
}

// The whole number below budget * part; never more than `left`, which also keeps the conversion in
// range.
std::int64_t floor_of_part(std::int64_t budget, double part, std::int64_t left) {
  const double exact = static_cast<double>(budget) * part;
  return exact < static_cast<double>(left) ? static_cast<std::int64_t>(exact) : left;
}

Payout pay_floors(std::int64_t budget, std::span<const double> part) {
  Payout payout{std::vector<std::int64_t>(part.size()), budget};
  for (std::size_t j = 0; j < part.size(); ++j) {
    payout.paid[j] = floor_of_part(budget, part[j], payout.unspent);
    payout.unspent -= payout.paid[j];
  }
  return payout;
}

Status check_not_negative(std::int64_t micro, std::string_view field) {
  if (micro >= 0) return {};
  return Error{ErrorCode::out_of_range, std::to_string(micro)}
      .in_field(field)
      .expecting("a number of micro-units, 0 or more")
      .way("give the amount in millionths of the currency unit");
}

}  // namespace

std::vector<std::int64_t> divide_budget(std::int64_t budget, std::span<const double> share) {
  double total = 0.0;
  for (const double value : share) total += value;
  std::vector<std::int64_t> part(share.size());
  std::vector<std::pair<double, std::size_t>> remainder(share.size());
  std::int64_t left = budget;
  for (std::size_t j = 0; j < share.size(); ++j) {
    const double exact = static_cast<double>(budget) * (share[j] / total);
    part[j] = floor_of_part(budget, share[j] / total, left);
    left -= part[j];
    remainder[j] = {static_cast<double>(part[j]) - exact, j};  // most negative first
  }
  std::sort(remainder.begin(), remainder.end());
  for (std::size_t n = 0; left > 0; ++n, --left) ++part[remainder[n % share.size()].second];
  return part;
}

Payout pay_out(std::int64_t budget, std::span<const double> part, bool pays_all) {
  assert(budget >= 0);
  assert(std::all_of(part.begin(), part.end(), [](double p) { return p >= 0.0; }));
  double total = 0.0;
  for (const double value : part) total += value;
  assert(total <= 1.0 + sum_tolerance);
  if (pays_all && std::abs(total - 1.0) <= sum_tolerance) return {divide_budget(budget, part), 0};
  return pay_floors(budget, part);
}

Result<Budget> Budget::create(std::int64_t total_micro) {
  CANDOR_CHECK(check_not_negative(total_micro, "campaign budget"));
  return Budget(total_micro);
}

Status Budget::reserve(SlotId slot, std::int64_t micro) {
  CANDOR_CHECK(check_not_negative(micro, "slot budget"));
  if (reserve_.contains(slot)) {
    return Error{ErrorCode::conflict, "a second reserve for " + named(slot)}
        .in_field("slot budget")
        .expecting("one reserve a slot")
        .way("spend or release the first");
  }
  if (micro > left()) {
    return Error{ErrorCode::conflict, std::to_string(micro) + " micro-units for " + named(slot)}
        .in_field("campaign budget")
        .expecting("at most " + std::to_string(left()) + ", which is what is left of " +
                   std::to_string(total_) + " (" + std::to_string(spent_) + " spent, " +
                   std::to_string(reserved_) + " set aside for " + std::to_string(open_slots()) +
                   " open slots)")
        .way("raise the campaign's budget, or wait until open slots settle or expire");
  }
  reserve_.emplace(slot, micro);
  reserved_ += micro;
  return {};
}

Status Budget::spend(SlotId slot, std::int64_t paid_micro) {
  const auto found = reserve_.find(slot);
  if (found == reserve_.end()) {
    return Error{ErrorCode::not_found, named(slot)}
        .in_field("campaign budget")
        .expecting("a slot with money set aside")
        .way("reserve the slot's budget when it opens; a slot pays once");
  }
  if (paid_micro < 0 || paid_micro > found->second) {
    return Error{ErrorCode::out_of_range, std::to_string(paid_micro)}
        .in_field("paid for " + named(slot))
        .expecting("0 to " + std::to_string(found->second) + ", what was set aside for it")
        .way("pay within the slot's budget");
  }
  reserved_ -= found->second;
  spent_ += paid_micro;
  reserve_.erase(found);
  return {};
}

Status Budget::release(SlotId slot) {
  return spend(slot, 0);
}

Status Budget::raise(std::int64_t more_micro) {
  CANDOR_CHECK(check_not_negative(more_micro, "campaign budget"));
  const std::int64_t room = std::numeric_limits<std::int64_t>::max() - total_;
  if (more_micro > room) {
    return Error{ErrorCode::out_of_range, std::to_string(more_micro) + " more"}
        .in_field("campaign budget")
        .expecting("at most " + std::to_string(room) + " more than the " + std::to_string(total_) +
                   " it has")
        .way("nine trillion currency units are the most that a campaign can hold");
  }
  total_ += more_micro;
  return {};
}

}  // namespace candor::payment
