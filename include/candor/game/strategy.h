// candor/game/strategy.h
// What workers make of their beliefs. Each strategy is a small class; they are named and combined
// by text:
//
//   truthful:20,exaggerating:3,ring:4,sleeper(500):2
//
// is 29 workers. The names, with their parameters and defaults:
//
//   truthful              reports its belief
//   exaggerating          reports 1 or 0, whichever the belief leans to
//   hedging(p)            half-way to 1/2 (p: how far, in [0,1]; default 0.5)
//   always-wrong          reports 1 or 0, the opposite of what its belief leans to ("lying" too)
//   constant(r)           always r (default 0.5)
//   random                a new uniform number every time
//   side-biased(p)        its belief, moved to A by the part p of what is left (default 0.5; below 0: to
//                         B)
//   herding               the mean label of the last 10 slots; its belief while there is none
//   copying(i)            what worker i reported in the slot before (default 0: the first worker)
//   agreement-seeking     what it expects the label to be, by the labels of past slots in which it leant
//                         the same way
//   ring / ring(a|b)      every member reports 1 or 0 with the ring's leader; or always for one side
//   sybil                 one owner's identities: all report the owner's belief
//   sleeper(s)            honest before slot s, lies from there on (default 500)
//   drifter(h)            its effort halves every h slots: the report goes to 1/2 (default 500)
//   gold-memoriser(r)     its belief where it knows that the slot is checked, r elsewhere (default 0.5)
//   best-responding(u)    the report with the best prospect in this slot for the utility u (utility.h;
//                         default next-weight)
//   forward-looking(u)    plans over all slots that are left (default final-weight): two workers exactly,
//                         others by a search over how far to move the belief
//   no-show(p)            answers with probability p (default 0.5), honestly
//
// Determinism: a report is a function of the information, of past calls, and of the draws handed
// in. Thread safety: one object a worker, one thread at a time.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "candor/base/random.h"
#include "candor/base/result.h"
#include "candor/game/information.h"

namespace candor::game {

class Strategy {
 public:
  Strategy() = default;
  Strategy(const Strategy&) = delete;
  Strategy& operator=(const Strategy&) = delete;
  virtual ~Strategy() = default;

  /// P(A) in [0,1].
  [[nodiscard]] virtual double report(const Information& information, RandomStream& random) = 0;

  /// Whether the worker answers at all when it could.
  [[nodiscard]] virtual bool answers(const Information& information, RandomStream& random);

  /// A slot was settled in which the worker reported `report`. Slots are settled in the order in
  /// which they were reported on.
  virtual void observe(const PastSlot& settled, double report);

  /// Whether report() looks at information.oracle, which costs something to make.
  [[nodiscard]] virtual bool wants_oracle() const { return false; }
};

/// How workers who act together are bound: nothing, as a ring (separate workers, one report, pooled
/// utility), or as identities of one owner (one belief too).
enum class Party : std::uint8_t { none, ring, owner };

/// A strategy as it is written: name and what stands in the parentheses.
struct StrategySpec {
  std::string name = "truthful";
  std::string parameter = {};

  friend bool operator==(const StrategySpec&, const StrategySpec&) = default;
  /// "sleeper(500)"
  [[nodiscard]] std::string text() const;
  /// One name with an optional parameter. Errors: as make_strategy.
  static Result<StrategySpec> parse(std::string_view text);
};

/// Errors: invalid_argument for an unknown name, listing the known ones; out_of_range or
/// invalid_argument for a parameter, saying what it may be.
[[nodiscard]] Result<std::unique_ptr<Strategy>> make_strategy(const StrategySpec& spec);

/// How workers of this strategy in one group act together.
[[nodiscard]] Party party_of(const StrategySpec& spec);

/// So many workers of a strategy.
struct StrategyCount {
  StrategySpec strategy;
  std::size_t workers = 1;
};

/// "truthful:20,ring:4,sleeper(500)"; no number is one worker. Errors: as make_strategy, and
/// invalid_argument for an empty item or a number that is not 1, 2, ...
[[nodiscard]] Result<std::vector<StrategyCount>> parse_strategies(std::string_view text);

/// One line about every strategy, in the order above: for help texts and docs.
struct StrategyEntry {
  std::string_view name;
  std::string_view parameter;    ///< "s=500"; empty if it has none
  std::string_view description;  ///< one line, no full stop
};
[[nodiscard]] const std::vector<StrategyEntry>& strategy_catalogue();

/// The catalogue as a table, a strategy a line.
[[nodiscard]] std::string strategy_help();

}  // namespace candor::game
