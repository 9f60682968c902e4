// candor/pooling/rule_pool.h
// The linear pool under a weight rule of its own, apart from the one that the mechanism rewards
// workers by. So labels can follow exponential weights (the best regret) while reputations follow a
// truthful rule. Learns from settled slots with the quadratic loss. Cost: the rule's, O(n K) a
// slot.
#pragma once

#include <memory>

#include "candor/learning/weight_rule.h"
#include "candor/pooling/label_pool.h"

namespace candor::pooling {

class RulePool final : public LabelPool {
 public:
  explicit RulePool(std::unique_ptr<learning::OpenRule> rule) : rule_(std::move(rule)) {}

  [[nodiscard]] std::vector<std::string> names() const override {
    return {std::string(rule_->name())};
  }
  void admit(std::span<const WorkerId> cohort, double mass) override { rule_->admit(cohort, mass); }
  [[nodiscard]] std::optional<double> regret_bound(std::size_t, WorkerId worker,
                                                   double slots) const override {
    return rule_->regret_bound(worker, slots);
  }
  void pool(const SlotView& slot, std::span<double> label) override;
  void learn(const SlotView& slot, std::span<const double> label,
             std::span<const double> outcome) override;
  [[nodiscard]] const learning::OpenRule& rule() const { return *rule_; }

 private:
  std::unique_ptr<learning::OpenRule> rule_;
  std::vector<double> share_;
  std::vector<double> loss_;
};

}  // namespace candor::pooling
