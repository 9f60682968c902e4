#include <algorithm>
#include <cmath>
#include <optional>

#include "candor/game/slot_oracle.h"
#include "candor/game/two_worker_dp.h"
#include "candor/game/utility.h"
#include "game/policy_search.h"
#include "game/strategy_classes.h"

namespace candor::game {
namespace {

constexpr std::uint64_t longest_exact_plan = 2000;
constexpr std::size_t plan_grid = 301;
constexpr double plan_reach = 15.0;
constexpr std::uint64_t studied_slots = 8;

class BestResponding final : public Strategy {
 public:
  explicit BestResponding(Utility utility) : utility_(utility) {}
  double report(const Information& information, RandomStream&) override {
    const double honest = information.belief.probability;
    return information.oracle == nullptr ? honest
                                         : best_report(*information.oracle, utility_, honest);
  }
  [[nodiscard]] bool wants_oracle() const override { return true; }

 private:
  Utility utility_;
};

// Honest for eight slots, in which it learns from published reports how sure the others are, and
// takes them for as accurate as that (for as accurate as itself where reports are not published).
// Then plans once for what is left, and keeps the planned distance from its belief.
class ForwardLooking final : public Strategy {
 public:
  explicit ForwardLooking(Utility utility) : utility_(utility) {}
  double report(const Information& information, RandomStream& random) override {
    const double honest = information.belief.probability;
    if (!information.horizon || information.step_size <= 0.0) return honest;
    study(information);
    if (seen_slots_++ < studied_slots) return honest;
    if (!planned_) plan(information, random);
    if (exact_) return planned_report(information);
    return std::clamp(0.5 + stretch_ * (honest - 0.5), 0.0, 1.0);
  }

 private:
  void study(const Information& information) {
    if (seen_slots_ == 0) return;  // nobody has reported yet
    for (std::size_t i = 0; i < information.last_report.size(); ++i) {
      if (i == information.self.index()) continue;
      certainty_ += std::max(information.last_report[i], 1.0 - information.last_report[i]);
      certainties_ += 1.0;
    }
  }

  void plan(const Information& information, RandomStream& random) {
    planned_ = true;
    first_slot_ = information.slot;
    const double belief = information.belief.probability;
    accuracy_ = std::max(belief, 1.0 - belief);
    const double others = certainties_ > 0.0 ? certainty_ / certainties_ : accuracy_;
    const std::uint64_t left =
        *information.horizon - std::min(*information.horizon, information.slot);
    if (information.workers == 2 && left > 0 && left <= longest_exact_plan)
      plan_exactly(information, left, others);
    if (!exact_) stretch_ = best_stretch(information, utility_, {accuracy_, others}, random);
  }

  void plan_exactly(const Information& information, std::uint64_t left, double others) {
    TwoWorkerGame game;
    game.horizon = static_cast<std::size_t>(left);
    game.step_size = information.step_size;
    game.slot = {signal_slot(accuracy_, others)};
    game.utility = utility_;
    game.grid = plan_grid;
    game.reach = plan_reach;
    auto solved = solve_two_workers(game);
    if (solved.ok()) exact_ = std::move(solved).value();
  }

  // The plan is for a signal that says A; its mirror image is for B.
  [[nodiscard]] double planned_report(const Information& information) const {
    const double honest = information.belief.probability;
    const auto slot = static_cast<std::size_t>(information.slot - first_slot_);
    if (slot >= exact_->horizon()) return honest;
    const double away = exact_->report(slot, 0, information.weight) - accuracy_;
    return std::clamp(honest + (information.belief.leans_to_a ? away : -away), 0.0, 1.0);
  }

  Utility utility_;
  std::uint64_t seen_slots_ = 0;
  double certainty_ = 0.0;  // of others' reports seen, summed
  double certainties_ = 0.0;
  bool planned_ = false;
  std::uint64_t first_slot_ = 0;
  double accuracy_ = 0.5;
  double stretch_ = 1.0;
  std::optional<TwoWorkerPlan> exact_;
};

}  // namespace

Result<StrategyPtr> make_best_responding(std::string_view parameter) {
  Utility utility = Utility::pure(Motive::next_weight);
  if (!parameter.empty()) {
    CANDOR_TRY(utility, Utility::parse(parameter));
  }
  return StrategyPtr(std::make_unique<BestResponding>(utility));
}

Result<StrategyPtr> make_forward_looking(std::string_view parameter) {
  Utility utility = Utility::pure(Motive::final_weight);
  if (!parameter.empty()) {
    CANDOR_TRY(utility, Utility::parse(parameter));
  }
  return StrategyPtr(std::make_unique<ForwardLooking>(utility));
}

}  // namespace candor::game
