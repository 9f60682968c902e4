// The platform's side of a game: selects workers, freezes their shares and stakes, moves weights.
// Two desks behind one interface: one where whoever is there answers, one that asks a few.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "candor/game/game.h"
#include "candor/payment/payment_rule.h"
#include "game/roster.h"

namespace candor::game {

/// A slot whose answering workers are decided.
struct DeskSlot {
  std::vector<WorkerId> worker;  ///< [n]
  std::vector<double> share;     ///< [n] of the say in the label
  std::vector<double> wager;     ///< [n] with an open rule
  learning::Stakes stakes;       ///< [n] with an asking rule
  std::uint64_t redraws = 0;
};

class PlatformDesk {
 public:
  PlatformDesk() = default;
  PlatformDesk(const PlatformDesk&) = delete;
  PlatformDesk& operator=(const PlatformDesk&) = delete;
  virtual ~PlatformDesk() = default;

  /// Decides who answers. available [N]; answers(w): whether w will, if asked (the same all slot).
  virtual DeskSlot select(std::span<const bool> available,
                          const std::function<bool(WorkerId)>& answers, RandomStream& random) = 0;
  /// How worker `self` of this slot sees its prospects; null where nobody can tell.
  [[nodiscard]] virtual std::unique_ptr<SlotOracle> oracle(const DeskSlot& slot, WorkerId self,
                                                           double belief,
                                                           const PublicMemory& memory) const = 0;
  virtual void settle(const DeskSlot& slot, std::span<const double> loss) = 0;
  virtual void release(const DeskSlot& slot) = 0;
  /// out [n]: what a payment rule takes for the share of weight after settling.
  virtual void pay_share(const DeskSlot& slot, std::span<double> out) const = 0;
  /// Of everyone [N].
  [[nodiscard]] virtual std::vector<double> weights() const = 0;
};

/// Everyone is admitted with equal weight. Errors: the factory's. `payment` must outlive the desk.
[[nodiscard]] Result<std::unique_ptr<PlatformDesk>> make_desk(const Platform& platform,
                                                              std::size_t workers,
                                                              const payment::PaymentRule& payment);

}  // namespace candor::game
