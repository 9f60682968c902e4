// Byte-pair merging: which neighbours become one token, and in which order.
// Source: Sennrich, Haddow, Birch 2016, "Neural machine translation of rare words with subword
// units", section 3.2.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include "candor/tokenizer/tokenizer.h"

namespace candor::tokenizer {

/// What two neighbours become. Lower ranks go first.
struct Merge {
  std::uint32_t rank = 0;
  Token merged = 0;
};

/// Thread safety: const methods from any thread.
class MergeTable {
 public:
  void reserve(std::size_t merges) { merges_.reserve(merges); }
  /// A pair that was there already is replaced.
  void add(Token left, Token right, Merge merge) { merges_[key(left, right)] = merge; }
  [[nodiscard]] std::optional<Merge> find(Token left, Token right) const;
  [[nodiscard]] std::size_t size() const { return merges_.size(); }

  /// Merges until no neighbours have an entry: each time the pair of lowest rank, the leftmost of
  /// equals. Cost: O(n log n) for n symbols, also for a million equal ones.
  /// Worked: ranks {(a,b): 0, (ab,c): 1}: a b c a b -> abc ab.
  void apply(std::vector<Token>& symbols) const;

 private:
  struct Mix {
    std::size_t operator()(std::uint64_t pair) const {
      pair *= 0x9E3779B97F4A7C15U;
      return pair ^ pair >> 32U;
    }
  };
  static std::uint64_t key(Token left, Token right) {
    return std::uint64_t{static_cast<std::uint32_t>(left)} << 32U |
           static_cast<std::uint32_t>(right);
  }
  std::unordered_map<std::uint64_t, Merge, Mix> merges_;
};

}  // namespace candor::tokenizer
