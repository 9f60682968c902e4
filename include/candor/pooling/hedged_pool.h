// candor/pooling/hedged_pool.h
// The default pool: all the others at once, mixed by the aggregating algorithm on their own settled
// losses. Over any number of slots its loss is at most ln(M)/2 above the best of its M labels in
// total, so nobody has to know beforehand whether this crowd is best averaged, weighted or believed
// in full.
#pragma once

#include <memory>

#include "candor/pooling/aggregating_mixer.h"
#include "candor/pooling/label_pool.h"

namespace candor::pooling {

class HedgedPool final : public LabelPool {
 public:
  /// At least one pool.
  explicit HedgedPool(std::vector<std::unique_ptr<LabelPool>> pools);

  /// "hedged" first, then the members' labels in order: L = 1 + M.
  [[nodiscard]] std::vector<std::string> names() const override;
  void admit(std::span<const WorkerId> cohort, double mass) override;
  /// A member's own bound, by the index of its label. (Of "hedged" itself only the loss to the
  /// members is bounded, over all slots: mixing_cost(M).)
  [[nodiscard]] std::optional<double> regret_bound(std::size_t label, WorkerId worker,
                                                   double slots) const override;
  void pool(const SlotView& slot, std::span<double> label) override;
  void learn(const SlotView& slot, std::span<const double> label,
             std::span<const double> outcome) override;

  /// [M] how much each member counts now; sums to 1.
  [[nodiscard]] std::vector<double> member_weights() const { return mixer_.weights(); }

 private:
  std::vector<std::unique_ptr<LabelPool>> pools_;
  std::vector<std::size_t> labels_of_;  // [pools]
  AggregatingMixer mixer_;
};

}  // namespace candor::pooling
