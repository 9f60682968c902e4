// candor/game/information.h
// What a worker knows when it reports. Nothing else reaches a strategy: not the outcome, not
// another worker's belief or its report for this slot.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "candor/base/ids.h"
#include "candor/base/random.h"
#include "candor/game/belief.h"

namespace candor::game {

/// What a worker expects of a slot if it makes a certain report.
struct Prospect {
  double next_weight = 0.0;  ///< E[own weight after the slot]
  double pay = 0.0;          ///< E[own part of the slot's budget]
  double label_gap = 0.0;    ///< E[(label - own belief)^2]
};

/// Answers "what if I reported r?" for one worker in one slot, as that worker sees it.
class SlotOracle {
 public:
  SlotOracle() = default;
  SlotOracle(const SlotOracle&) = delete;
  SlotOracle& operator=(const SlotOracle&) = delete;
  virtual ~SlotOracle() = default;

  /// report in [0,1].
  [[nodiscard]] virtual Prospect prospect(double report) const = 0;
};

/// A slot that has been settled, as everybody may see it.
struct PastSlot {
  std::uint64_t slot = 0;
  double label = 0.5;    ///< the training label, P(A)
  double outcome = 0.0;  ///< 1 for A
};

struct Information {
  std::uint64_t slot = 0;                ///< from 0
  std::optional<std::uint64_t> horizon;  ///< T, if told
  WorkerId self;
  std::size_t workers = 0;               ///< N
  Belief belief;                         ///< its own
  double weight = 0.0;                   ///< its own
  std::span<const double> weights = {};  ///< [N] by worker; empty if not published
  double step_size = 0.0;  ///< of the weighted-score rule; 0 under another, or not told
  std::span<const PastSlot> past = {};  ///< settled slots still remembered, oldest first
  std::span<const double> last_report =
      {};                              ///< [N] everyone's last report (1/2: none yet); empty if not
                                       ///< published
  bool audited = false;                ///< the worker has found out that this slot will be checked
  std::optional<Belief> party;         ///< what its ring's leader or its owner believes
  const SlotOracle* oracle = nullptr;  ///< null where nobody can tell
};

}  // namespace candor::game
