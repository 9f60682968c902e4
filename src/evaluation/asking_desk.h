// The platform's side of an asking rule over a recorded crowd: those who answered a slot were
// there and nobody else was; of those the rule draws whom to ask, and the answers of the others
// stay unread.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "candor/base/random.h"
#include "candor/evaluation/producer.h"

namespace candor::evaluation {

class AskingDesk {
 public:
  AskingDesk(Producer& producer, std::uint64_t seed);

  /// The worker has just joined: away, until it is in a slot.
  Status joined(WorkerId worker);

  /// Emits who comes and goes, draws, and emits workers.asked. Returns which of `there` are asked,
  /// as places in `there`, in the order asked. Cost: O(there + those of the slot before).
  Result<std::vector<std::size_t>> ask(SlotId slot, std::span<const WorkerId> there);

 private:
  Status bring(std::span<const WorkerId> there);

  Producer& producer_;
  RandomStream draws_;
  std::vector<WorkerId> present_;
  std::vector<std::size_t> place_;  // by worker: its place in the slot, if it is there
};

}  // namespace candor::evaluation
