// candor/dataset/name_table.h
// Names and their numbers: the first name seen is 0, the next new one 1, and so on.
//
//   NameTable workers;
//   workers.find_or_add("ann");   // 0
//   workers.find_or_add("bob");   // 1
//   workers.find_or_add("ann");   // 0
//   workers[1];                   // "bob"
//
// Memory: the bytes of the names, 8 bytes a name, and 12 to 24 bytes a name for the hash table.
// Cost: find and find_or_add O(length), about 10 ns while the table fits the cache. With a million
// names each look-up waits for memory three times; the form for many names overlaps the waits.
// Thread safety: reading from several threads is safe while no thread adds.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace candor::dataset {

class NameTable {
 public:
  /// Ids stay below this number, which therefore can stand for "none".
  static constexpr std::uint32_t none = 0xffffffffU;

  /// The number of `name`, a new one if it was not there. Requires size() < none.
  std::uint32_t find_or_add(std::string_view name);
  /// The same for many names, in their order: ids[i] is the number of names[i]. Equal sizes.
  void find_or_add(std::span<const std::string_view> names, std::span<std::uint32_t> ids);
  [[nodiscard]] std::optional<std::uint32_t> find(std::string_view name) const;

  /// The name with number `id` < size(). The view is valid until a name is added.
  [[nodiscard]] std::string_view operator[](std::size_t id) const {
    return {bytes_.data() + ends_[id], static_cast<std::size_t>(ends_[id + 1] - ends_[id])};
  }
  [[nodiscard]] std::size_t size() const { return ends_.size() - 1; }
  [[nodiscard]] bool empty() const { return size() == 0; }

 private:
  // One place of the open-addressing table: the id + 1 (0: free) and 32 bits of the hash.
  struct Place {
    std::uint32_t id_plus_one = 0;
    std::uint32_t tag = 0;
  };
  [[nodiscard]] std::size_t locate(std::string_view name, std::uint64_t hash) const;
  [[nodiscard]] std::uint32_t likely_id(std::uint64_t hash) const;
  void fetch(std::span<const std::uint64_t> hashes) const;
  std::uint32_t find_or_add(std::string_view name, std::uint64_t hash);
  void grow();

  std::vector<char> bytes_;
  std::vector<std::uint64_t> ends_{0};  // name i is bytes_[ends_[i] .. ends_[i+1])
  std::vector<Place> places_;           // size: a power of two, at most 2/3 taken
};

}  // namespace candor::dataset
