// The items of pairwise slots.
#include <algorithm>

#include "dataset/report_reader.h"
#include "dataset/table_errors.h"

namespace candor::dataset {
namespace {

constexpr std::string_view pair_separator = "|";

std::uint64_t pair_key(std::uint32_t a, std::uint32_t b) {
  return std::uint64_t{std::min(a, b)} << 32U | std::max(a, b);
}

}  // namespace

Status ReportReader::add_named_slot(std::uint32_t slot) {
  // Slots of an earlier file may have had no items; "none" marks them.
  survey_.items.resize(slot, {NameTable::none, NameTable::none});
  survey_.items.push_back({survey_.item_names.find_or_add(field(Role::item_a)),
                           survey_.item_names.find_or_add(field(Role::item_b))});
  return {};
}

// The slot's items are those of its first row; a later row may name them the other way round.
Status ReportReader::match_items(std::uint32_t slot) {
  const auto [a, b] = survey_.items[slot];
  if (a == NameTable::none) return {};
  const std::string_view first = survey_.item_names[a];
  const std::string_view second = survey_.item_names[b];
  if (field(Role::item_a) == first && field(Role::item_b) == second) return {};
  exchanged_ = field(Role::item_a) == second && field(Role::item_b) == first;
  if (exchanged_) return {};
  return error(ErrorCode::conflict,
               quoted(field(Role::item_a)) + " and " + quoted(field(Role::item_b)), Role::item_a)
      .expecting("the two items of the slot's first row")
      .way("give the pair a slot of its own, or correct the row");
}

void ReportReader::index_pairs() {
  pairs_.clear();
  for (std::size_t slot = 0; slot < survey_.items.size(); ++slot) {
    const auto [a, b] = survey_.items[slot];
    if (a != NameTable::none) pairs_.emplace(pair_key(a, b), static_cast<std::uint32_t>(slot));
  }
}

// No slot column: the unordered pair of items is the slot.
Result<std::uint32_t> ReportReader::pair_number() {
  if (field(Role::item_a).empty()) return empty_field(Role::item_a);
  if (field(Role::item_b).empty()) return empty_field(Role::item_b);
  const std::uint32_t a = survey_.item_names.find_or_add(field(Role::item_a));
  const std::uint32_t b = survey_.item_names.find_or_add(field(Role::item_b));
  const std::uint64_t key = pair_key(a, b);
  const auto found = pairs_.find(key);
  if (found == pairs_.end()) return add_pair(key, a, b);
  exchanged_ = survey_.items[found->second][0] != a;
  return found->second;
}

Result<std::uint32_t> ReportReader::add_pair(std::uint64_t key, std::uint32_t a, std::uint32_t b) {
  pair_name_.assign(survey_.item_names[a]).append(pair_separator).append(survey_.item_names[b]);
  const std::uint32_t slot = survey_.slots.find_or_add(pair_name_);
  if (slot + 1 != survey_.slots.size()) {
    return error(ErrorCode::conflict, "two slots named " + quoted(pair_name_), Role::item_a)
        .expecting("items whose names joined by | are unique")
        .way("add a task_id column");
  }
  survey_.items.resize(slot, {NameTable::none, NameTable::none});
  survey_.items.push_back({a, b});
  pairs_.emplace(key, slot);
  return slot;
}

}  // namespace candor::dataset
