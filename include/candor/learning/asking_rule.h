// candor/learning/asking_rule.h
// Weight rules for a platform that can ask only a few workers a slot: the rule draws whom to ask,
// with known probabilities, and moves everyone's weight on the answers of those few.
//
// One slot:
//   draw      whom to ask now. Pure: the caller records what was drawn
//   stake     freezes, before anyone answers, what each asked worker stands to lose and to receive
//   share     what part of the say each of those asked has
//   settle    when the outcome is known, at once or late, in any order
//   (or release: a worker did not answer, or no outcome will come)
//
// All rules here move weights in one form. With stakes g_i, claims c_i (sum <= 1) and losses l_i of
// the workers asked, O:
//     pot = sum_O g_j l_j                      every asked worker pays its stake times its loss,
//     w_i <- w_i - g_i l_i + c_i pot           asked workers get their claim of it back,
//     the others share (1 - sum_O c) pot       by the rule's own measure.
// The others are those present without a break since the asks were drawn. Who was away then gets
// nothing by coming back, or by being admitted, before the outcome is known: or being counted in
// without ever being asked would pay. Who was present then and has left since does not share
// either: it is away. Where there is no such worker left, all who were not asked share, present or
// away, in proportion to weight; so weight stays with those it is owed to, and coming back still
// gains nothing.
// So weight is conserved, and a worker's own loss enters with the factor -g_i (1 - c_i), frozen
// when it was asked: strictly truthful (0 < g_i, c_i < 1), whatever happens in other slots
// meanwhile.
//
// Regret bounds (regret_bound) of asking rules are in expectation over the draws, and hold where
// the outcome of each slot comes before the next slot is drawn; where slots overlap, nothing is
// promised, and no rule looks whether they did. `slots` are those settled in which the worker was
// present, asked or not.
//
// No-shows. A worker who was asked and does not answer must count as away for the whole slot, or
// the probabilities are wrong: release the stakes, leave() the worker, and draw again. Known
// absences are better said before the draw: one that is found out by asking makes the losses of
// another worker i count 1 + P(X asked) - P(X asked | i asked) times on average, X being who did
// not answer. For one answer a slot that is the same for everybody; for more it differs a little,
// by less the lighter X is. Honesty is not touched, as what a loss costs is frozen.
//
// Thread safety: one thread at a time.
#pragma once

#include <cstdint>

#include "candor/base/random.h"
#include "candor/learning/weight_rule.h"

namespace candor::learning {

/// Whom to ask in one slot.
struct Asks {
  std::vector<WorkerId> worker;     ///< [m] all different
  std::vector<double> probability;  ///< [m] P(this worker is among the asked), in (0,1]
};

/// What was frozen when these workers were asked; the caller keeps it with the slot.
struct Stakes {
  std::vector<double> stake;  ///< [m] weight lost for a loss of 1, g
  std::vector<double> claim;  ///< [m] part of the pot that comes back, c
  double lottery = 0.0;       ///< in [0,1), drawn with the asks; for rules that hold a lottery
  /// How many arrivals (admissions and returns) the rule had seen when it asked: who arrived later
  /// was not there then and shares nothing. 0 for rules in which nobody shares (elf).
  std::uint64_t arrivals = 0;
};

class AskingRule : public WeightRule {
 public:
  /// How many workers a slot asks, when that many are present: m.
  [[nodiscard]] virtual std::size_t asks() const = 0;

  /// The worker is away: not asked, weight kept (away or present: no change if already so).
  virtual void leave(WorkerId worker) = 0;
  virtual void come_back(WorkerId worker) = 0;
  [[nodiscard]] virtual bool is_present(WorkerId worker) const = 0;
  /// How many admitted workers are present.
  [[nodiscard]] virtual std::size_t present() const = 0;

  /// Draws whom to ask, from those present; fewer than asks() where fewer are present, none where
  /// nobody is. Changes nothing.
  [[nodiscard]] virtual Asks draw(RandomStream& random) const = 0;

  /// The probability with which draw() would ask this worker now (0 if away).
  [[nodiscard]] virtual double probability(WorkerId worker) const = 0;

  /// Every set that draw() can give, with its probability; in a stated order, sums to 1. For tests
  /// and audits: the cost grows like N choose m. At most 12 workers present (asserted).
  struct Possible {
    Asks asks;
    double probability = 0.0;
  };
  [[nodiscard]] virtual std::vector<Possible> law() const = 0;

  /// Whether draw() can give exactly these workers now, in any order: for asks that come from
  /// outside, such as a ledger. All present, all different, min(asks(), present()) of them, and
  /// one that leads where the rule asks a leader. None, where nobody is present.
  /// Cost: O(m log m).
  [[nodiscard]] virtual bool could_draw(std::span<const WorkerId> asked) const = 0;

  /// Freezes stakes and claims; requires could_draw(asked).
  [[nodiscard]] virtual Stakes stake(std::span<const WorkerId> asked, double lottery) = 0;

  /// Moves weights; loss [m] in [0,1], in the order asked. Each stake is settled or released once.
  virtual void settle(std::span<const WorkerId> asked, const Stakes& stakes,
                      std::span<const double> loss) = 0;

  /// Gives the stakes back: somebody did not answer, or there will be no outcome.
  virtual void release(std::span<const WorkerId> asked, const Stakes& stakes) = 0;

 protected:
  /// could_draw() of a rule that can ask every set of the right size.
  [[nodiscard]] bool is_full_set(std::span<const WorkerId> asked) const;
};

/// What all asking rules are made from.
struct AskingOptions {
  std::size_t asks = 2;    ///< m: workers asked a slot. Rules for one answer take 1 only
  double step_size = 0.1;  ///< eta > 0, with the range that each rule states
  double exploration =
      0.0;  ///< gamma or epsilon in [0,1), for rules that mix or explore; 0: their own
};

}  // namespace candor::learning
