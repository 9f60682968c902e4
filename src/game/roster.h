// Who plays: everybody's strategy, what each believes in the present slot, and what all have seen
// of the campaign. Hands strategies the Information they may have, and the draws that are theirs.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "candor/game/slot_oracle.h"
#include "candor/game/strategy.h"
#include "game/public_memory.h"

namespace candor::game {

/// One member of the roster.
struct Member {
  StrategySpec strategy;
  std::optional<std::size_t> party = {};
};

/// What the platform tells everyone.
struct Told {
  std::optional<std::uint64_t> horizon = {};
  double step_size = 0.0;
  bool weights = true;
  bool reports = true;
};

/// Makes the oracle for a worker with this belief, or null.
using OracleMaker = std::function<std::unique_ptr<SlotOracle>(WorkerId self, double belief)>;

class Roster {
 public:
  /// Errors: what make_strategy refuses.
  static Result<std::unique_ptr<Roster>> create(const std::vector<Member>& members,
                                                std::uint64_t seed, const Told& told);

  /// A new slot. audited: those who can tell know that it will be checked.
  void open_slot(std::uint32_t slot, bool audited);
  /// To be said for everyone before anyone reports: parties follow their leader.
  void believe(std::size_t worker, const Belief& belief) { belief_[worker] = belief; }
  [[nodiscard]] const Belief& belief(std::size_t worker) const { return belief_[worker]; }

  [[nodiscard]] bool answers(WorkerId worker);
  [[nodiscard]] double report(WorkerId worker, const OracleMaker& oracle);

  /// The slot was settled: who reported what, and everyone's weight now [N].
  void observe(const PastSlot& settled, std::span<const WorkerId> worker,
               std::span<const double> report, std::span<const double> weight);

  [[nodiscard]] std::size_t size() const { return belief_.size(); }
  [[nodiscard]] const PublicMemory& memory() const { return memory_; }
  /// The first member of its party, if it has one.
  [[nodiscard]] std::optional<std::size_t> leader(std::size_t worker) const {
    return leader_[worker];
  }

 private:
  Roster(const std::vector<Member>& members, std::uint64_t seed, const Told& told);
  [[nodiscard]] Information information_of(WorkerId worker) const;

  std::uint64_t seed_;
  Told told_;
  std::vector<std::unique_ptr<Strategy>> strategy_;  // [N]
  std::vector<std::optional<std::size_t>> leader_;   // [N]
  std::vector<Belief> belief_;                       // [N]
  std::uint32_t slot_ = 0;
  bool audited_ = false;
  PublicMemory memory_;
};

}  // namespace candor::game
