// candor/learning/weight_rule.h
// How much each worker counts, and how that changes when outcomes become known. A weight rule sees
// losses, never reports or labels: which label is made from the reports is the pool's affair, and
// cannot touch a worker's incentive to be honest about its weight.
//
// Two kinds of rule, by who decides which workers answer a slot:
//   OpenRule    (here)           whoever comes, answers
//   AskingRule  (asking_rule.h)  the platform asks a few, drawn by the rule with known probabilities
//
// An open slot touches an OpenRule three times, with time and other slots in between:
//   share    what part of the say each answering worker has now
//   wager    when the slot is pooled: what each puts at stake. Frozen, so that an outcome may come late
//            and in any order; the caller keeps it with the slot
//   settle   when the outcome is known: stakes and losses move the weights
//   (or release, if no outcome will ever come)
//
// Open rules cost O(m) a slot for m answering workers, whatever the size of the crowd. Rules hold
// no clock, no randomness and no I/O. Thread safety: one thread at a time.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "candor/base/ids.h"
#include "candor/base/result.h"

namespace candor::learning {

class WeightRule {
 public:
  WeightRule() = default;
  WeightRule(const WeightRule&) = delete;
  WeightRule& operator=(const WeightRule&) = delete;
  virtual ~WeightRule() = default;

  /// "weighted-score", "exponential", "follow-the-best".
  [[nodiscard]] virtual std::string_view name() const = 0;

  /// Takes `mass` in (0,1] proportionally from everyone's weight (the first cohort has mass 1 and
  /// takes from nobody) and shares it equally over the cohort. The mass is fixed for the cohort,
  /// however many identities are in it, so that splitting oneself into many gains nothing. Ids
  /// must be new. Cost: O(all workers).
  virtual void admit(std::span<const WorkerId> cohort, double mass) = 0;

  /// How many worker ids the rule knows (highest admitted id + 1).
  [[nodiscard]] virtual std::size_t workers() const = 0;

  /// out[j] = the share of worker[j] among these workers: >= 0, sums to 1. Equal shares if none has
  /// any weight (nobody admitted yet).
  virtual void share(std::span<const WorkerId> worker, std::span<double> out) const = 0;

  /// The weight of every worker, by id; sums to 1 (0 for ids not admitted).
  [[nodiscard]] virtual std::vector<double> weights() const = 0;

  /// One worker's weight (0 if not admitted). Cost: that of weights() where a rule does not know
  /// better.
  [[nodiscard]] virtual double weight(WorkerId worker) const;

  /// The most that the regret of the rule's linear pool to one worker can be, when that worker has
  /// answered `slots` settled slots and outcomes came before the next slot; nothing if there is no
  /// bound.
  [[nodiscard]] virtual std::optional<double> regret_bound(WorkerId worker, double slots) const = 0;
};

/// A rule for slots that anyone may answer.
class OpenRule : public WeightRule {
 public:
  /// Freezes what each of these workers puts at stake in a slot.
  virtual void wager(std::span<const WorkerId> worker, std::span<double> out) = 0;

  /// Moves weights: wager[] as frozen, loss[] in [0,1]. A slot with one worker changes nothing.
  virtual void settle(std::span<const WorkerId> worker, std::span<const double> wager,
                      std::span<const double> loss) = 0;

  /// Gives the stakes back: this slot will have no outcome.
  virtual void release(std::span<const WorkerId> worker, std::span<const double> wager) = 0;
};

/// Fills `share` with equal parts.
void share_equally(std::span<double> share);

}  // namespace candor::learning
