#include "dataset/open_slots.h"

#include <algorithm>

namespace candor::dataset {

bool WorkerSet::add(WorkerId worker) {
  if (2 * (taken_ + 1) > places_.size()) grow();
  const std::size_t mask = places_.size() - 1;
  std::size_t at = (worker.index() * 0x9E3779B9U) & mask;
  while (places_[at] != 0) {
    if (places_[at] == worker.value + 1) return false;
    at = (at + 1) & mask;
  }
  places_[at] = worker.value + 1;
  ++taken_;
  return true;
}

void WorkerSet::grow() {
  std::vector<std::uint32_t> before(2 * places_.size(), 0);
  before.swap(places_);
  taken_ = 0;
  for (const std::uint32_t place : before)
    if (place != 0) add(WorkerId{place - 1});
}

bool OpenSlots::add(SlotId id, WorkerId worker, double code, std::uint64_t row) {
  Slot& slot = slots_[id.index()];
  if (slot.closed || !is_new(id, worker)) return false;
  const std::uint32_t at = slot.size % per_chunk;
  if (at == 0) append_chunk(slot);
  Chunk& last = chunk(slot.last);
  last.workers[at] = worker.value;
  last.codes[at] = code;
  ++slot.size;
  slot.last_kept_row = row;
  return true;
}

bool OpenSlots::is_new(SlotId id, WorkerId worker) {
  const Slot& slot = slots_[id.index()];
  if (slot.size < longest_walk) return !holds(slot, worker);
  WorkerSet& set = large_[id.value];
  if (slot.size == longest_walk) {
    // The set is filled once; a duplicate at this size finds it filled, which changes nothing.
    for (std::uint32_t at = slot.first; at != none; at = chunk(at).next)
      for (const std::uint32_t member : chunk(at).workers) set.add(WorkerId{member});
  }
  return set.add(worker);
}

bool OpenSlots::holds(const Slot& slot, WorkerId worker) const {
  std::uint32_t left = slot.size;
  for (std::uint32_t at = slot.first; left > 0; at = chunk(at).next) {
    const std::uint32_t here = std::min(left, per_chunk);
    for (std::uint32_t i = 0; i < here; ++i)
      if (chunk(at).workers[i] == worker.value) return true;
    left -= here;
  }
  return false;
}

void OpenSlots::copy(SlotId id, std::vector<WorkerId>& workers, std::vector<double>& codes) const {
  workers.clear();
  codes.clear();
  std::uint32_t left = slots_[id.index()].size;
  for (std::uint32_t at = slots_[id.index()].first; left > 0; at = chunk(at).next) {
    const std::uint32_t here = std::min(left, per_chunk);
    for (std::uint32_t i = 0; i < here; ++i) {
      workers.push_back(WorkerId{chunk(at).workers[i]});
      codes.push_back(chunk(at).codes[i]);
    }
    left -= here;
  }
}

void OpenSlots::close(SlotId id) {
  Slot& slot = slots_[id.index()];
  if (slot.size > 0) {
    chunk(slot.last).next = free_;
    free_ = slot.first;
  }
  if (slot.size >= longest_walk) large_.erase(id.value);
  slot.first = slot.last = none;
  slot.size = 0;
  slot.closed = true;
}

void OpenSlots::append_chunk(Slot& slot) {
  const std::uint32_t fresh = take_chunk();
  chunk(fresh).next = none;
  if (slot.size == 0)
    slot.first = fresh;
  else
    chunk(slot.last).next = fresh;
  slot.last = fresh;
}

std::uint32_t OpenSlots::take_chunk() {
  if (free_ != none) {
    const std::uint32_t again = free_;
    free_ = chunk(again).next;
    return again;
  }
  if (used_ % block_size == 0) blocks_.push_back(std::make_unique<Chunk[]>(block_size));
  return used_++;
}

}  // namespace candor::dataset
