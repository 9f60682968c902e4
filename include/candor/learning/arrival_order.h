// candor/learning/arrival_order.h
// Who of those present came when: so that a slot whose outcome comes late can tell workers who were
// there when its asks were drawn from those who came since.
//
// Arrivals are numbered 1, 2, ... as they happen; a worker who comes back gets a new number. Those
// present hang in a list by that number, the latest first, so finding the r who came after a given
// moment takes O(r), however many are present. Memory: 16 bytes a worker.
// Thread safety: reading from many threads, changing from one.
//
// Worked (the first test): 0, 1, 2 arrive; moment = count() = 3; 0 leaves and arrives again, 3
// arrives: after(3) = {3, 0}; 0 leaves: after(3) = {3}.
#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include "candor/base/ids.h"

namespace candor::learning {

class ArrivalOrder {
 public:
  /// A worker who is not in the list is now its latest. Cost: O(1), amortised over ids.
  void arrive(WorkerId worker);
  /// Takes one who is in the list out of it; its number stays. Cost: O(1).
  void leave(WorkerId worker);

  /// How many arrivals there were so far.
  [[nodiscard]] std::uint64_t count() const { return count_; }
  /// Whether this worker's last arrival came after the first `moment` arrivals. It has arrived.
  [[nodiscard]] bool is_after(WorkerId worker, std::uint64_t moment) const {
    return entry_[worker.index()].arrival > moment;
  }
  /// Those in the list of whom that is true, latest first. Cost: O(their number).
  [[nodiscard]] std::vector<WorkerId> after(std::uint64_t moment) const;

 private:
  static constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();
  struct Entry {
    std::uint64_t arrival = 0;
    std::uint32_t earlier = none;  // neighbours in the list
    std::uint32_t later = none;
  };
  std::vector<Entry> entry_;  // [ids]
  std::uint32_t latest_ = none;
  std::uint64_t count_ = 0;
};

}  // namespace candor::learning
