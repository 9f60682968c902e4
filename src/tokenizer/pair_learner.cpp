#include "tokenizer/pair_learner.h"

namespace candor::tokenizer {

PairLearner::PairLearner(std::vector<Word> words) : words_(std::move(words)) {
  for (std::uint32_t word = 0; word < words_.size(); ++word) {
    const auto& tokens = words_[word].tokens;
    for (std::size_t i = 1; i < tokens.size(); ++i)
      count({tokens[i - 1], tokens[i]}, words_[word].count, word);
  }
  push_touched();
}

std::pair<PairLearner::Pair, std::int64_t> PairLearner::best() {
  while (!queue_.empty()) {
    const Candidate top = queue_.top();
    const std::int64_t now = seen_.at(top.pair).count;
    if (top.count == now) return {top.pair, now};
    queue_.pop();
    if (now > 0) queue_.push({now, top.pair});
  }
  return {{0, 0}, 0};
}

void PairLearner::merge(const Pair& pair, Token merged) {
  const std::vector<std::uint32_t> words = std::move(seen_[pair].words);
  for (const std::uint32_t word : words) merge_in(word, pair, merged);
  seen_[pair] = {};
  push_touched();
}

void PairLearner::merge_in(std::uint32_t word, const Pair& pair, Token merged) {
  auto& tokens = words_[word].tokens;
  const std::int64_t times = words_[word].count;
  std::size_t kept = 0;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (i + 1 == tokens.size() || Pair{tokens[i], tokens[i + 1]} != pair) {
      tokens[kept++] = tokens[i];
      continue;
    }
    if (kept > 0) {
      count({tokens[kept - 1], pair.first}, -times, word);
      count({tokens[kept - 1], merged}, times, word);
    }
    if (i + 2 < tokens.size()) {
      count({pair.second, tokens[i + 2]}, -times, word);
      count({merged, tokens[i + 2]}, times, word);
    }
    tokens[kept++] = merged;
    ++i;
  }
  tokens.resize(kept);
}

void PairLearner::count(const Pair& pair, std::int64_t change, std::uint32_t word) {
  Seen& seen = seen_[pair];
  seen.count += change;
  if (change < 0) return;
  if (seen.words.empty() || seen.words.back() != word) seen.words.push_back(word);
  touched_.push_back(pair);
}

void PairLearner::push_touched() {
  for (const Pair& pair : touched_) queue_.push({seen_.at(pair).count, pair});
  touched_.clear();
}

}  // namespace candor::tokenizer
