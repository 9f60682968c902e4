// candor/learning/crowd_rule.h
// What the asking rules that keep an AskedCrowd have in common: everything but the selection law,
// the stakes and the division of losses. Not for callers; see asking_rules.h.
#pragma once

#include "candor/learning/asked_crowd.h"

namespace candor::learning {

class CrowdRule : public AskingRule {
 public:
  void admit(std::span<const WorkerId> cohort, double mass) final { crowd_.admit(cohort, mass); }
  [[nodiscard]] std::size_t workers() const final { return crowd_.ids(); }
  void share(std::span<const WorkerId> worker, std::span<double> out) const final;
  [[nodiscard]] std::vector<double> weights() const final { return crowd_.weights(); }
  [[nodiscard]] double weight(WorkerId worker) const final { return crowd_.weight(worker); }
  [[nodiscard]] std::size_t asks() const final { return options_.asks; }
  void leave(WorkerId worker) final { crowd_.leave(worker); }
  void come_back(WorkerId worker) final { crowd_.come_back(worker); }
  [[nodiscard]] bool is_present(WorkerId worker) const final { return crowd_.is_present(worker); }
  [[nodiscard]] std::size_t present() const final { return crowd_.present(); }
  void release(std::span<const WorkerId> asked, const Stakes& stakes) final {
    crowd_.take_back(asked, stakes.stake);
  }
  [[nodiscard]] bool could_draw(std::span<const WorkerId> asked) const final {
    return is_full_set(asked);
  }
  /// For a rule that asks one worker a slot: each worker present, by rising id.
  [[nodiscard]] std::vector<Possible> law() const override;

 protected:
  explicit CrowdRule(const AskingOptions& options) : options_(options) {}

  /// Those present, by rising id. O(N log N).
  [[nodiscard]] std::vector<WorkerId> present_in_order() const;
  /// With part gamma equally, else by weight. Nobody if nobody is present.
  [[nodiscard]] Asks draw_one(double gamma, RandomStream& random) const;
  /// (1 - gamma) part + gamma/n; 0 if away.
  [[nodiscard]] double mixed_probability(WorkerId worker, double gamma) const;
  /// Stakes to be filled in, at this moment; asserts could_draw(asked).
  [[nodiscard]] Stakes open_stakes(std::span<const WorkerId> asked, double lottery) const;
  /// Puts min(wish, free weight) at stake; 0 if nobody else is present, who could be compared with.
  double put_at_stake(WorkerId worker, double wish);

  AskingOptions options_;
  AskedCrowd crowd_;
};

/// Refuses: step size outside (0,1]; exploration outside [0,1), or not 0 where the rule does not
/// explore; fewer asks than `least` or more than `most`.
struct AskingLimits {
  std::size_t least_asks = 1;
  std::size_t most_asks = 1;
  bool explores = false;
};
[[nodiscard]] Status check_asking_options(const AskingOptions& options, const AskingLimits& limits,
                                          std::string_view rule);

}  // namespace candor::learning
