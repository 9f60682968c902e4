#include "candor/pooling/rule_pool.h"

#include "candor/pooling/simple_pools.h"
#include "candor/scoring/loss_rule.h"

namespace candor::pooling {

void RulePool::pool(const SlotView& slot, std::span<double> label) {
  share_.resize(slot.size());
  rule_->share(slot.worker, share_);
  SlotView own = slot;
  own.share = share_;
  linear_pool(own, label);
}

void RulePool::learn(const SlotView& slot, std::span<const double>,
                     std::span<const double> outcome) {
  share_.resize(slot.size());
  loss_.resize(slot.size());
  rule_->wager(slot.worker, share_);
  for (std::size_t j = 0; j < slot.size(); ++j)
    loss_[j] = scoring::quadratic_loss(slot.row(j), outcome);
  rule_->settle(slot.worker, share_, loss_);
}

}  // namespace candor::pooling
