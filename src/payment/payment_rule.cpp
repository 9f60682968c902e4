#include "candor/payment/payment_rule.h"

#include <algorithm>
#include <cassert>
#include <string>

namespace candor::payment {
namespace {

[[maybe_unused]] bool are_losses(std::span<const double> loss) {
  return std::all_of(loss.begin(), loss.end(), [](double l) { return l >= 0.0 && l <= 1.0; });
}

class ByWeight final : public PaymentRule {
 public:
  [[nodiscard]] std::string_view name() const override { return "by-weight"; }
  void parts(const SettledSlot& slot, std::span<double> part) const override {
    std::copy(slot.share.begin(), slot.share.end(), part.begin());
  }
  [[nodiscard]] bool pays_all() const override { return true; }
};

class PerAnswer final : public PaymentRule {
 public:
  [[nodiscard]] std::string_view name() const override { return "per-answer"; }
  void parts(const SettledSlot& slot, std::span<double> part) const override {
    assert(are_losses(slot.loss));
    const auto n = static_cast<double>(slot.loss.size());
    for (std::size_t i = 0; i < slot.loss.size(); ++i) part[i] = (1.0 - slot.loss[i]) / n;
  }
  [[nodiscard]] bool pays_all() const override { return false; }
};

class Wagering final : public PaymentRule {
 public:
  [[nodiscard]] std::string_view name() const override { return "wagering"; }
  void parts(const SettledSlot& slot, std::span<double> part) const override {
    std::fill(part.begin(), part.end(), 1.0);
    wagered_parts(part, slot.loss, part);
  }
  [[nodiscard]] bool pays_all() const override { return true; }
};

}  // namespace

void wagered_parts(std::span<const double> wager, std::span<const double> loss,
                   std::span<double> part) {
  assert(are_losses(loss) && wager.size() == loss.size() && part.size() == loss.size());
  double all = 0.0;
  double lost = 0.0;
  for (std::size_t j = 0; j < loss.size(); ++j) {
    all += wager[j];
    lost += wager[j] * loss[j];
  }
  const double mean = lost / all;
  for (std::size_t i = 0; i < loss.size(); ++i) part[i] = wager[i] / all * (1.0 + mean - loss[i]);
}

Result<std::unique_ptr<PaymentRule>> make_payment_rule(std::string_view name) {
  std::unique_ptr<PaymentRule> rule;
  if (name == "by-weight") rule = std::make_unique<ByWeight>();
  if (name == "per-answer") rule = std::make_unique<PerAnswer>();
  if (name == "wagering") rule = std::make_unique<Wagering>();
  if (rule) return rule;
  return Error{ErrorCode::invalid_argument, std::string(name)}
      .in_field("payment rule")
      .expecting("by-weight, per-answer or wagering")
      .way("choose one of these");
}

}  // namespace candor::payment
