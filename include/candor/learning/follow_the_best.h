// candor/learning/follow_the_best.h
// All weight to whoever among the answering workers has the lowest mean loss so far (ties share
// it). The obvious rule, and a bad one: its regret can grow linearly (losses that alternate make
// it wrong every time). Kept as a comparison. A worker starts with one virtual loss of 1/4, that
// of the report 1/2.
#pragma once

#include <vector>

#include "candor/learning/weight_rule.h"

namespace candor::learning {

class FollowTheBest final : public OpenRule {
 public:
  [[nodiscard]] std::string_view name() const override { return "follow-the-best"; }
  void admit(std::span<const WorkerId> cohort, double mass) override;
  [[nodiscard]] std::size_t workers() const override { return loss_.size(); }
  void share(std::span<const WorkerId> worker, std::span<double> out) const override;
  void wager(std::span<const WorkerId> worker, std::span<double> out) override {
    share(worker, out);
  }
  void settle(std::span<const WorkerId> worker, std::span<const double> wager,
              std::span<const double> loss) override;
  void release(std::span<const WorkerId>, std::span<const double>) override {}
  [[nodiscard]] std::vector<double> weights() const override;
  [[nodiscard]] std::optional<double> regret_bound(WorkerId, double) const override { return {}; }

 private:
  [[nodiscard]] double mean_loss(WorkerId worker) const;

  std::vector<double> loss_;   // [workers] total, with the virtual first loss
  std::vector<double> slots_;  // [workers] settled slots + 1
};

}  // namespace candor::learning
