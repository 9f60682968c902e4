// candor/game/belief.h
// The world of a slot, and what a worker comes to believe about it.
//
// World. In every slot one of two answers is better: A with probability `base_rate`, which
// everybody knows. The outcome agrees with that but for noise: hidden from all, P(outcome is A) is
// `truth`, 1 - noise if A is better and noise if B is.
//
// Beliefs. A worker gets a signal, A or B, that names the better answer with probability
// `accuracy`, and forms the posterior P(outcome is A):
//     P(A better | signal A) = base accuracy / (base accuracy + (1-base)(1-accuracy)),   likewise for B
//     belief = (1-noise) P(A better | signal) + noise P(B better | signal)
//
//   model        the belief                                           calibrated?
//   calibrated   that posterior, signals independent of each other    yes
//   correlated   the same, signals shared within a group              yes, each on its own
//   drifting     the same, accuracy moves over time                   yes, slot by slot
//   noisy        another model's, plus normal noise on the log-odds   no: regresses to the mean
//   biased       another model's, log-odds shifted by a constant      no: leans to one side
//
// Deterministic: a belief is a pure function of (seed, worker, slot). Thread safety: immutable.
// Cost: about 20 ns; a random walk 2 us.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "candor/base/ids.h"
#include "candor/base/random.h"
#include "candor/base/result.h"

namespace candor::game {

/// What a worker believes in a slot.
struct Belief {
  double probability = 0.5;  ///< that the outcome is A
  bool leans_to_a = true;    ///< which answer it would name; decided by the signal at exactly 1/2
};

/// A belief of this probability, leaning where it points (at 1/2: as the signal says).
[[nodiscard]] Belief leaning(double probability, bool signal_says_a);

/// What is known to nobody when workers report.
struct World {
  std::uint32_t slot = 0;
  double base_rate = 0.5;   ///< P(A is better), known to all
  double noise = 0.0;       ///< P(the outcome is not the better answer), known to all
  bool a_is_better = true;  ///< hidden
  double truth = 1.0;       ///< hidden: P(outcome is A)
  double outcome = 1.0;     ///< hidden until settled: 1 for A, 0 for B
};

/// How worlds are drawn. base_rate in [0,1], noise in [0,1/2].
struct WorldModel {
  double base_rate = 0.5;
  double noise = 0.0;

  /// Errors: out_of_range, naming the field.
  [[nodiscard]] Status check() const;
  /// The world of a slot; a pure function of (seed, slot).
  [[nodiscard]] World world(std::uint64_t seed, std::uint32_t slot) const;
};

/// P(outcome is A) after a signal of this accuracy.
/// Worked: base rate .5, no noise, accuracy .8, signal A -> .8; base rate .2 -> .5; noise .1 -> .74
[[nodiscard]] double posterior(const World& world, double accuracy, bool signal_says_a);

/// What draws are for: those of different purposes are independent.
enum class Purpose : std::uint8_t {
  world,
  signal,
  group_signal,
  perturbation,
  walk,
  strategy,
  attendance,
  platform
};

/// A stream of its own for every (seed, purpose, who, slot).
[[nodiscard]] RandomStream stream_of(std::uint64_t seed, Purpose purpose, std::uint32_t who,
                                     std::uint32_t slot);

/// One uniform number in [0,1), a multiple of 2^-52, for every (seed, purpose, who, slot). Where a
/// simulation needs one number a worker and slot, this is cheaper than a stream.
[[nodiscard]] double uniform_of(std::uint64_t seed, Purpose purpose, std::uint32_t who,
                                std::uint32_t slot);

/// uniform_of for who = 2 * pair and 2 * pair + 1: two workers share a Philox block, with the
/// counter {pair, slot, purpose, tag}.
[[nodiscard]] std::array<double, 2> uniform_pair(std::uint64_t seed, Purpose purpose,
                                                 std::uint32_t pair, std::uint32_t slot);

class BeliefModel {
 public:
  BeliefModel() = default;
  BeliefModel(const BeliefModel&) = delete;
  BeliefModel& operator=(const BeliefModel&) = delete;
  virtual ~BeliefModel() = default;

  /// "calibrated", "noisy", "biased", "correlated", "drifting".
  [[nodiscard]] virtual std::string_view name() const = 0;
  [[nodiscard]] virtual Belief belief(const World& world, std::uint64_t seed,
                                      WorkerId worker) const = 0;
};

using BeliefModelPtr = std::shared_ptr<const BeliefModel>;

/// A signal of its own. accuracy in [0,1] (out_of_range otherwise).
[[nodiscard]] Result<BeliefModelPtr> calibrated_belief(double accuracy);

/// Signals shared within a group: whether two members are right is correlated by `correlation` in
/// [0,1]. Each follows the group's common signal with probability sqrt(correlation), its own
/// otherwise; both are right with probability `accuracy`. At 1 the group has one signal. Members
/// of a group must be given one accuracy for that number to be exact.
[[nodiscard]] Result<BeliefModelPtr> correlated_belief(double accuracy, std::uint32_t group,
                                                       double correlation);

/// Another model's belief, with a normal error of standard deviation `deviation` >= 0 on its
/// log-odds.
[[nodiscard]] Result<BeliefModelPtr> noisy_belief(BeliefModelPtr inner, double deviation);

/// Another model's belief with its log-odds shifted by `shift` (finite; > 0 toward A).
[[nodiscard]] Result<BeliefModelPtr> biased_belief(BeliefModelPtr inner, double shift);

/// How an accuracy moves over the slots t = 0, 1, ...
struct AccuracyPath {
  enum class Kind : std::uint8_t {
    linear,       ///< from `first` at t = 0 to `last` at t = `slots`, and stays there
    random_walk,  ///< from `first`, each slot a normal step of deviation `step`, reflected at 1/2 and 1
    switching,  ///< `first` before t = `slots`, `last` from there on
  };
  Kind kind = Kind::linear;
  double first = 0.9;
  double last = 0.5;
  std::uint32_t slots = 1000;
  double step = 0.01;
};

/// A signal of its own, of moving accuracy that the worker knows. Errors: out_of_range for an
/// accuracy outside [0,1] (a walk: [1/2,1]), a path of 0 slots, a negative or infinite step.
[[nodiscard]] Result<BeliefModelPtr> drifting_belief(const AccuracyPath& path);

/// Where on the path the worker is in a slot; a pure function of its arguments. A walk is read off
/// Levy's construction of a Brownian path (midpoints of intervals that halve), so that no slot has
/// to be played before another; reflected by folding.
[[nodiscard]] double accuracy_at(const AccuracyPath& path, std::uint64_t seed, WorkerId worker,
                                 std::uint32_t slot);

}  // namespace candor::game
