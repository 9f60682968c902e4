// candor/base/ids.h
// Numbers that cannot be mixed up. A WorkerId is a worker's row in every array that is indexed by
// worker; a SlotId counts slots in the order in which they were opened. Both start at 0 and are dense;
// the names that people use for them live in the ledger and in the data sets, not here.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

namespace candor {

template <class Tag>
struct Id {
  std::uint32_t value = 0;

  [[nodiscard]] constexpr std::size_t index() const { return value; }
  friend constexpr auto operator<=>(const Id&, const Id&) = default;
};

using WorkerId = Id<struct WorkerTag>;
using SlotId = Id<struct SlotTag>;

/// The workers 0 .. n-1.
[[nodiscard]] inline std::vector<WorkerId> first_workers(std::size_t n) {
  std::vector<WorkerId> workers(n);
  for (std::size_t i = 0; i < n; ++i) workers[i].value = static_cast<std::uint32_t>(i);
  return workers;
}

}  // namespace candor

template <class Tag>
struct std::hash<candor::Id<Tag>> {
  std::size_t operator()(const candor::Id<Tag>& id) const noexcept { return id.value; }
};
