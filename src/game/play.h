// One mechanism, as it is played among few workers who all answer when asked: lean enough for
// millions of slots, without ledger or pools that the game does not need.
#pragma once

#include <memory>
#include <span>
#include <string>

#include "candor/base/random.h"
#include "candor/base/result.h"

namespace candor::game {

class Play {
 public:
  Play() = default;
  Play(const Play&) = delete;
  Play& operator=(const Play&) = delete;
  virtual ~Play() = default;

  /// report [N]: P(A) of everybody, of which an asking rule looks at a few. Returns the label.
  virtual double pool(std::span<const double> report, RandomStream& random) = 0;

  /// The outcome of the slot just pooled: 1 for A, 0 for B.
  virtual void settle(std::span<const double> report, double outcome) = 0;

  /// out [N]: what part of all weight each worker has.
  virtual void weights(std::span<double> out) const = 0;

  /// out [N]: parts of the slot's budget, for the slot just settled. By weight unless said
  /// otherwise.
  virtual void pay(std::span<double> out) const { weights(out); }
};

/// horizon: how many slots will be played (step sizes depend on it). Errors: invalid_argument for
/// a name that is not one of playable_mechanisms().
[[nodiscard]] Result<std::unique_ptr<Play>> make_play(const std::string& mechanism,
                                                      std::size_t workers, double horizon);

}  // namespace candor::game
