#include "game/platform_desk.h"

#include <algorithm>

namespace candor::game {
namespace {

class OpenDesk final : public PlatformDesk {
 public:
  OpenDesk(const Platform& platform, std::unique_ptr<learning::OpenRule> rule, std::size_t workers,
           const payment::PaymentRule& payment)
      : platform_(platform), rule_(std::move(rule)), payment_(payment) {
    rule_->admit(first_workers(workers), 1.0);
  }

  DeskSlot select(std::span<const bool> available, const std::function<bool(WorkerId)>& answers,
                  RandomStream&) override {
    DeskSlot slot;
    for (std::uint32_t i = 0; i < available.size(); ++i)
      if (available[i] && answers(WorkerId{i})) slot.worker.push_back(WorkerId{i});
    slot.share.resize(slot.worker.size());
    slot.wager.resize(slot.worker.size());
    if (slot.worker.empty()) return slot;
    rule_->share(slot.worker, slot.share);
    rule_->wager(slot.worker, slot.wager);
    return slot;
  }

  [[nodiscard]] std::unique_ptr<SlotOracle> oracle(const DeskSlot&, WorkerId self, double belief,
                                                   const PublicMemory& memory) const override {
    SlotView view = memory.view_of(self, belief, platform_.drawn_label);
    view.weight = rule_->weights();
    if (std::any_of(view.weight.begin(), view.weight.end(), [](double w) { return !(w > 0.0); }))
      return nullptr;
    if (platform_.step_size > 0.0 && payment_.name() == "by-weight")
      return std::make_unique<WeightedScoreOracle>(view, platform_.step_size);
    return std::make_unique<OpenRuleOracle>(std::move(view), platform_.open, &payment_);
  }

  void settle(const DeskSlot& slot, std::span<const double> loss) override {
    rule_->settle(slot.worker, slot.wager, loss);
  }
  void release(const DeskSlot& slot) override { rule_->release(slot.worker, slot.wager); }
  void pay_share(const DeskSlot& slot, std::span<double> out) const override {
    rule_->share(slot.worker, out);
  }
  [[nodiscard]] std::vector<double> weights() const override { return rule_->weights(); }

 private:
  const Platform& platform_;
  std::unique_ptr<learning::OpenRule> rule_;
  const payment::PaymentRule& payment_;
};

class AskingDesk final : public PlatformDesk {
 public:
  AskingDesk(const Platform& platform, std::unique_ptr<learning::AskingRule> rule,
             std::size_t workers, const payment::PaymentRule& payment)
      : platform_(platform), rule_(std::move(rule)), payment_(payment) {
    rule_->admit(first_workers(workers), 1.0);
  }

  // Whoever does not answer is away for this slot, and the draw is repeated.
  DeskSlot select(std::span<const bool> available, const std::function<bool(WorkerId)>& answers,
                  RandomStream& random) override {
    const double lottery = random.uniform();
    std::vector<WorkerId> away;
    for (std::uint32_t i = 0; i < available.size(); ++i)
      if (!available[i]) away.push_back(WorkerId{i});
    for (const WorkerId id : away) rule_->leave(id);
    DeskSlot slot;
    while (true) {
      slot.worker = rule_->draw(random).worker;
      const auto missing = std::find_if_not(slot.worker.begin(), slot.worker.end(), answers);
      if (missing == slot.worker.end()) break;
      rule_->leave(*missing);
      away.push_back(*missing);
      ++slot.redraws;
    }
    freeze(slot, lottery);
    for (const WorkerId id : away) rule_->come_back(id);
    return slot;
  }

  [[nodiscard]] std::unique_ptr<SlotOracle> oracle(const DeskSlot& slot, WorkerId self,
                                                   double belief,
                                                   const PublicMemory& memory) const override {
    const SlotView all = memory.view_of(self, belief, platform_.drawn_label);
    const std::vector<double> weight = rule_->weights();
    AskedView view;
    view.belief = belief;
    view.share = slot.share;
    view.stakes = slot.stakes;
    view.drawn_label = platform_.drawn_label;
    for (std::size_t j = 0; j < slot.worker.size(); ++j) {
      const std::size_t i = slot.worker[j].index();
      if (slot.worker[j] == self) view.self = j;
      view.weight.push_back(weight[i]);
      view.if_a.push_back(all.if_a[i]);
      view.if_b.push_back(all.if_b[i]);
    }
    return std::make_unique<AskingRuleOracle>(std::move(view), &payment_);
  }

  void settle(const DeskSlot& slot, std::span<const double> loss) override {
    rule_->settle(slot.worker, slot.stakes, loss);
  }
  void release(const DeskSlot& slot) override { rule_->release(slot.worker, slot.stakes); }
  void pay_share(const DeskSlot& slot, std::span<double> out) const override {
    const std::vector<double> weight = rule_->weights();
    for (std::size_t j = 0; j < out.size(); ++j) out[j] = weight[slot.worker[j].index()];
  }
  [[nodiscard]] std::vector<double> weights() const override { return rule_->weights(); }

 private:
  void freeze(DeskSlot& slot, double lottery) {
    slot.share.resize(slot.worker.size());
    if (slot.worker.empty()) return;
    rule_->share(slot.worker, slot.share);
    slot.stakes = rule_->stake(slot.worker, lottery);
  }

  const Platform& platform_;
  std::unique_ptr<learning::AskingRule> rule_;
  const payment::PaymentRule& payment_;
};

}  // namespace

Result<std::unique_ptr<PlatformDesk>> make_desk(const Platform& platform, std::size_t workers,
                                                const payment::PaymentRule& payment) {
  std::unique_ptr<PlatformDesk> desk;
  if (platform.open) {
    CANDOR_TRY(auto rule, platform.open());
    desk = std::make_unique<OpenDesk>(platform, std::move(rule), workers, payment);
  } else {
    CANDOR_TRY(auto rule, platform.asking());
    desk = std::make_unique<AskingDesk>(platform, std::move(rule), workers, payment);
  }
  return desk;
}

}  // namespace candor::game
