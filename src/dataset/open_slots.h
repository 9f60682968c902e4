// dataset/open_slots.h
// The reports of slots that have begun and not settled, in little memory.
//
// Reports lie in chunks of three, chained per slot; chunks of settled slots are used again. A
// worker's second report on a slot is found by walking the chain while it is short, and by a hash
// set beyond. Thread safety: one thread at a time.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <unordered_map>
#include <vector>

#include "candor/base/ids.h"
#include "dataset/prefetch.h"

namespace candor::dataset {

/// Worker numbers, by open addressing.
class WorkerSet {
 public:
  /// False if the worker was there.
  bool add(WorkerId worker);

 private:
  void grow();

  std::vector<std::uint32_t> places_ = std::vector<std::uint32_t>(256, 0);  // worker + 1; 0: free
  std::size_t taken_ = 0;
};

class OpenSlots {
 public:
  explicit OpenSlots(std::size_t slots) : slots_(slots) {}

  /// Keeps the report, or returns false: the worker has one on this slot, or the slot is closed.
  bool add(SlotId slot, WorkerId worker, double code, std::uint64_t row);

  /// Hints that a report on this slot comes in a while (then call fetch_slot) or soon
  /// (fetch_reports).
  void fetch_slot(SlotId slot) const { prefetch(&slots_[slot.index()]); }
  void fetch_reports(SlotId slot) const {
    const std::uint32_t first = slots_[slot.index()].first;
    if (first != none) prefetch(&chunk(first));
  }

  /// The slot's kept reports, oldest first.
  void copy(SlotId slot, std::vector<WorkerId>& workers, std::vector<double>& codes) const;

  /// Forgets the slot's reports; from now on every report on it is a duplicate.
  void close(SlotId slot);

  /// Row of the slot's last kept report, also after close(); 0 if it has none.
  [[nodiscard]] std::uint64_t last_kept_row(SlotId slot) const {
    return slots_[slot.index()].last_kept_row;
  }

 private:
  static constexpr std::uint32_t none = 0xffffffffU;
  static constexpr std::uint32_t per_chunk = 3;
  static constexpr std::uint32_t longest_walk = 48;  // reports; beyond, a set answers
  static constexpr std::uint32_t block_size = 4096;  // chunks

  struct Chunk {
    std::array<std::uint32_t, per_chunk> workers;
    std::uint32_t next;
    std::array<double, per_chunk> codes;
  };
  struct Slot {
    std::uint32_t first = none;
    std::uint32_t last = none;
    std::uint32_t size = 0;
    bool closed = false;
    std::uint64_t last_kept_row = 0;
  };

  [[nodiscard]] Chunk& chunk(std::uint32_t index) {
    return blocks_[index / block_size][index % block_size];
  }
  [[nodiscard]] const Chunk& chunk(std::uint32_t index) const {
    return blocks_[index / block_size][index % block_size];
  }
  [[nodiscard]] bool holds(const Slot& slot, WorkerId worker) const;
  bool is_new(SlotId slot, WorkerId worker);
  void append_chunk(Slot& slot);
  std::uint32_t take_chunk();

  std::vector<Slot> slots_;
  std::vector<std::unique_ptr<Chunk[]>> blocks_;
  std::uint32_t used_ = 0;                              // chunks taken from blocks_ so far
  std::uint32_t free_ = none;                           // chain of chunks to use again
  std::unordered_map<std::uint32_t, WorkerSet> large_;  // slots longer than longest_walk
};

}  // namespace candor::dataset
