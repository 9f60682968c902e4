// The merges of byte-pair encoding, learnt from counted words.
#pragma once

#include <cstdint>
#include <queue>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "candor/tokenizer/tokenizer.h"

namespace candor::tokenizer {

/// Start: each word as tokens, and how often it occurs. Every learn() makes the most frequent pair
/// one token, the lowest of equals.
/// Thread safety: one thread at a time. Cost of learn(): what the merge touches, times a logarithm.
class PairLearner {
 public:
  using Pair = std::pair<Token, Token>;
  struct Word {
    std::vector<Token> tokens;
    std::int64_t count = 0;
  };

  explicit PairLearner(std::vector<Word> words);

  /// The most frequent pair and its count; count 0 where no pair is left.
  [[nodiscard]] std::pair<Pair, std::int64_t> best();
  /// Replaces the pair everywhere.
  void merge(const Pair& pair, Token merged);

 private:
  struct Candidate {
    std::int64_t count;
    Pair pair;
    bool operator<(const Candidate& other) const {
      return count != other.count ? count < other.count : pair > other.pair;
    }
  };
  struct Seen {
    std::int64_t count = 0;
    std::vector<std::uint32_t> words;  // that had the pair at some time; may repeat
  };
  struct Hash {
    std::size_t operator()(const Pair& pair) const {
      const auto key =
          static_cast<std::uint64_t>(pair.first) << 32U | static_cast<std::uint32_t>(pair.second);
      return (key * 0x9E3779B97F4A7C15U) ^ (key >> 29U);
    }
  };
  void count(const Pair& pair, std::int64_t change, std::uint32_t word);
  void merge_in(std::uint32_t word, const Pair& pair, Token merged);
  void push_touched();

  std::vector<Word> words_;
  std::unordered_map<Pair, Seen, Hash> seen_;
  std::priority_queue<Candidate>
      queue_;                  // counts may be out of date, and are checked when they come up
  std::vector<Pair> touched_;  // pairs that became more frequent
};

}  // namespace candor::tokenizer
