// candor/learning/asked_crowd.h
// The workers of an asking rule: who is present, what each weighs, what is at stake in open slots.
// The asking rules of this folder are a selection law and a way to divide losses on top of it.
//
// Weights without touching everyone. When a few workers answer, those who were not asked all get
// the same factor. So a present worker's weight is held as
//     w_i = u_i * scale,    scale = (weight of all present) / (sum of u)
// in a WeightTree: the few get a new u, everyone else moves by the scale alone. The sum of the
// present weights is kept as a number of its own, which no settlement changes, so that weight is
// conserved whatever was rounded. Workers who are away keep their weight as it is.
// The scale is kept within 2^-24 .. 2^24 by multiplying all u by a power of two, O(N). A slot moves
// the logarithm of the scale by eta on average at most, so that this costs N eta / 16 steps a slot:
// at most m/16 within the range of step sizes of limited_weighted_score.h.
//
// Stakes. What a worker may lose in its open slots is never more than its weight:
//     sum of its open stakes <= w_i            (stakes are made from free(), the rest)
// so every slot may be settled at any time, in any order, and no weight becomes negative. Weight at
// stake is not taken for newcomers either. A weight stops falling at smallest_weight (1e-300).
//
// Late outcomes. A slot is settled among those present without a break since it was asked
// (arrival_order.h). Who arrived later is taken out of the tree before the others get their factor,
// and put back with the weight it had: r of them cost O(r log N), usually none.
//
// Thread safety: one thread at a time.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <vector>

#include "candor/base/random.h"
#include "candor/learning/arrival_order.h"
#include "candor/learning/asking_rule.h"
#include "candor/learning/weight_tree.h"

namespace candor::learning {

class AskedCrowd {
 public:
  /// As WeightRule::admit; newcomers are present. Cost: O(all workers).
  void admit(std::span<const WorkerId> cohort, double mass);
  void leave(WorkerId worker);      ///< O(log N)
  void come_back(WorkerId worker);  ///< O(log N)

  [[nodiscard]] std::size_t ids() const { return account_.size(); }  ///< highest admitted id + 1
  [[nodiscard]] std::size_t admitted() const { return admitted_; }
  [[nodiscard]] bool is_admitted(WorkerId worker) const;
  [[nodiscard]] bool is_present(WorkerId worker) const;
  /// Those present, in no particular but reproducible order. [present()]
  [[nodiscard]] std::span<const WorkerId> present_workers() const { return present_; }
  [[nodiscard]] std::size_t present() const { return present_.size(); }
  /// True while all admitted workers have been one cohort, and always present.
  [[nodiscard]] bool never_changed() const { return never_changed_; }
  /// Admissions and returns so far, one for each worker.
  [[nodiscard]] std::uint64_t arrivals() const { return order_.count(); }
  /// Present, and without a break since there were that many arrivals.
  [[nodiscard]] bool is_here_since(WorkerId worker, std::uint64_t arrivals) const {
    return is_present(worker) && !order_.is_after(worker, arrivals);
  }

  [[nodiscard]] double weight(WorkerId worker) const;  ///< 0 if not admitted
  [[nodiscard]] std::vector<double> weights() const;   ///< [ids()]
  /// The weight of all present together.
  [[nodiscard]] double present_weight() const { return present_weight_; }
  /// The part of the present weight that this worker has; 0 if away.
  [[nodiscard]] double part(WorkerId worker) const;
  /// As admitted, less what newcomers took since; 0 if not admitted.
  [[nodiscard]] double first_weight(WorkerId worker) const;

  /// A present worker drawn in proportion to weight: O(log N). Or with equal chances: O(1).
  /// Somebody must be present.
  [[nodiscard]] WorkerId draw_by_weight(RandomStream& random) const;
  [[nodiscard]] WorkerId draw_equally(RandomStream& random) const;
  /// `leader` and count - 1 other present workers, each set with equal chances; by rising id.
  /// count <= present(). Cost: O(count log count), exactly count - 1 draws.
  [[nodiscard]] std::vector<WorkerId> with_others(WorkerId leader, std::size_t count,
                                                  RandomStream& random) const;

  /// Weight that is at stake nowhere.
  [[nodiscard]] double free(WorkerId worker) const;
  void put_at_stake(WorkerId worker, double stake);
  void take_back(std::span<const WorkerId> worker, std::span<const double> stake);

  /// Settles one slot: each asked worker pays stake x loss into the pot and gets its claim of it;
  /// those not asked and here since share what is left in proportion to weight, or if there is
  /// nobody, all who were not asked do (then O(N)). Cost: O((m + r) log N), r being how many of
  /// those present arrived since.
  void settle(std::span<const WorkerId> asked, const Stakes& stakes, std::span<const double> loss);

  /// Sets the weights of all who are present, [present()] in the order of present_workers(), to
  /// these parts of `total`, their new sum. What is below a worker's stakes, by rounding, is raised
  /// to them. Cost: O(N).
  void assign_present(std::span<const double> weight, double total);
  /// Adds to the weight of a worker who is away. Same floor.
  void add_to_absent(WorkerId worker, double change);
  /// Adds `amount` to all not in `except`, present or away, in proportion to weight. Cost: O(N).
  void add_to_all_others(std::span<const WorkerId> except, double amount);

 private:
  static constexpr std::uint32_t away = std::numeric_limits<std::uint32_t>::max();
  // All that is known of a worker besides u, in half a cache line.
  struct alignas(32) Account {
    double staked = 0.0;           // in slots not yet settled or released
    double first_weight = 0.0;     // 0: not admitted
    double away_weight = 0.0;      // its weight while it is away
    std::uint32_t open_slots = 0;  // at none, staked is exactly 0, whatever was rounded
    std::uint32_t place = away;    // in present_
  };
  struct SetAside {
    WorkerId worker;
    double weight;
  };
  [[nodiscard]] double scale() const;
  [[nodiscard]] double floored(WorkerId worker, double weight) const;
  void enter(WorkerId worker);
  void rebuild(std::span<const double> weight);
  double bring_in_range(double scale);
  double make_room(double mass);
  [[nodiscard]] std::vector<SetAside> take_out_newcomers(std::uint64_t arrivals, double scale);

  std::vector<Account> account_;   // [ids]
  std::vector<WorkerId> present_;  // [present]
  WeightTree tree_;                // [ids] u; 0 for those away
  ArrivalOrder order_;             // of those present
  double present_weight_ = 0.0;
  std::size_t admitted_ = 0;
  bool never_changed_ = true;
};

/// What those not asked get of a pot of 1: 1 - sum of the claims. That difference is mostly
/// rounding when one worker has nearly all weight, and others live on it; so where it agrees, up to
/// rounding, with `now`, the same from present weights (as it does when nothing was settled in
/// between), that is taken.
[[nodiscard]] double unclaimed(std::span<const double> claim, double now);

}  // namespace candor::learning
