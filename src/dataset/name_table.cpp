#include "candor/dataset/name_table.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cstring>

#include "dataset/prefetch.h"

namespace candor::dataset {
namespace {

constexpr std::uint64_t odd_multiplier = 0x9E3779B97F4A7C15ULL;
constexpr std::size_t first_places = 16;
constexpr std::size_t names_at_once = 64;  // enough to keep every load buffer of a core busy

std::uint64_t load(const char* from, std::size_t size) {
  std::uint64_t word = 0;
  std::memcpy(&word, from, size);
  return word;
}

std::uint64_t mixed(std::uint64_t hash, std::uint64_t word) {
  hash = (hash ^ word) * odd_multiplier;
  return hash ^ (hash >> 32U);
}

// Eight bytes at a time. Ids do not depend on it, so it may differ between machines.
std::uint64_t hash_of(std::string_view name) {
  std::uint64_t hash = name.size();
  const char* at = name.data();
  std::size_t left = name.size();
  for (; left >= 8; left -= 8, at += 8) hash = mixed(hash, load(at, 8));
  if (left > 0) hash = mixed(hash, load(at, left));
  return mixed(hash, odd_multiplier);
}

std::uint32_t tag_of(std::uint64_t hash) {
  return static_cast<std::uint32_t>(hash >> 32U);
}

}  // namespace

// The place that holds `name`, or the free place where it belongs.
std::size_t NameTable::locate(std::string_view name, std::uint64_t hash) const {
  const std::size_t mask = places_.size() - 1;
  for (std::size_t at = hash & mask;; at = (at + 1) & mask) {
    const Place& place = places_[at];
    if (place.id_plus_one == 0) return at;
    if (place.tag == tag_of(hash) && (*this)[place.id_plus_one - 1] == name) return at;
  }
}

std::uint32_t NameTable::find_or_add(std::string_view name) {
  return find_or_add(name, hash_of(name));
}

std::uint32_t NameTable::find_or_add(std::string_view name, std::uint64_t hash) {
  if (3 * (size() + 1) > 2 * places_.size()) grow();
  Place& place = places_[locate(name, hash)];
  if (place.id_plus_one == 0) {
    assert(size() < none);
    bytes_.insert(bytes_.end(), name.begin(), name.end());
    ends_.push_back(bytes_.size());
    place = {static_cast<std::uint32_t>(size()), tag_of(hash)};
  }
  return place.id_plus_one - 1;
}

std::optional<std::uint32_t> NameTable::find(std::string_view name) const {
  if (places_.empty()) return std::nullopt;
  const Place& place = places_[locate(name, hash_of(name))];
  if (place.id_plus_one == 0) return std::nullopt;
  return place.id_plus_one - 1;
}

void NameTable::find_or_add(std::span<const std::string_view> names, std::span<std::uint32_t> ids) {
  assert(names.size() == ids.size());
  std::array<std::uint64_t, names_at_once> hashes;
  for (std::size_t begin = 0; begin < names.size(); begin += names_at_once) {
    const std::size_t count = std::min(names_at_once, names.size() - begin);
    for (std::size_t i = 0; i < count; ++i) hashes[i] = hash_of(names[begin + i]);
    fetch(std::span(hashes).first(count));
    for (std::size_t i = 0; i < count; ++i)
      ids[begin + i] = find_or_add(names[begin + i], hashes[i]);
  }
}

// Asks for the memory that the look-ups will read: first the places, then what these point to. It
// is a hint; the look-ups do not rely on it.
void NameTable::fetch(std::span<const std::uint64_t> hashes) const {
  if (places_.empty()) return;
  const std::size_t mask = places_.size() - 1;
  for (const std::uint64_t hash : hashes) prefetch(&places_[hash & mask]);
  std::array<std::uint32_t, names_at_once> ids;
  for (std::size_t i = 0; i < hashes.size(); ++i) {
    ids[i] = likely_id(hashes[i]);
    prefetch(&ends_[ids[i]]);
  }
  for (std::size_t i = 0; i < hashes.size(); ++i) prefetch(bytes_.data() + ends_[ids[i]]);
}

// The id of the first place whose tag fits, without a look at the name; 0 if there is none.
std::uint32_t NameTable::likely_id(std::uint64_t hash) const {
  const std::size_t mask = places_.size() - 1;
  std::size_t at = hash & mask;
  while (places_[at].id_plus_one != 0 && places_[at].tag != tag_of(hash)) at = (at + 1) & mask;
  return places_[at].id_plus_one == 0 ? 0 : places_[at].id_plus_one - 1;
}

void NameTable::grow() {
  const std::size_t wanted = std::max(first_places, 2 * places_.size());
  places_.assign(wanted, {});
  for (std::size_t id = 0; id < size(); ++id) {
    const std::string_view name = (*this)[id];
    const std::uint64_t hash = hash_of(name);
    places_[locate(name, hash)] = {static_cast<std::uint32_t>(id + 1), tag_of(hash)};
  }
}

}  // namespace candor::dataset
