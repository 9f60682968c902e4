#include "tokenizer/merge_table.h"

#include <queue>
#include <tuple>

namespace candor::tokenizer {
namespace {

constexpr Token gone = -1;
constexpr std::size_t none = static_cast<std::size_t>(-1);

// A pair that could be merged, as it was when it was seen; stale once either side has changed.
struct Candidate {
  std::uint32_t rank;
  std::size_t left_at;
  std::size_t right_at;
  Token left;
  Token right;
  Token merged;

  bool operator>(const Candidate& other) const {
    return std::tie(rank, left_at) > std::tie(other.rank, other.left_at);
  }
};

// The symbols as a doubly linked list in place, and the candidates among them.
class Merger {
 public:
  Merger(const MergeTable& table, std::vector<Token>& symbols)
      : table_(table), symbol_(symbols), previous_(symbols.size()), next_(symbols.size()) {
    for (std::size_t i = 0; i < symbols.size(); ++i) {
      previous_[i] = i == 0 ? none : i - 1;
      next_[i] = i + 1 == symbols.size() ? none : i + 1;
    }
    for (std::size_t i = 0; i + 1 < symbols.size(); ++i) consider(i, i + 1);
  }

  void run() {
    while (!queue_.empty()) {
      const Candidate best = queue_.top();
      queue_.pop();
      if (symbol_[best.left_at] == best.left && symbol_[best.right_at] == best.right &&
          next_[best.left_at] == best.right_at)
        merge(best);
    }
    std::erase(symbol_, gone);
  }

 private:
  void consider(std::size_t left_at, std::size_t right_at) {
    if (left_at == none || right_at == none) return;
    const Token left = symbol_[left_at];
    const Token right = symbol_[right_at];
    if (const auto merge = table_.find(left, right))
      queue_.push({merge->rank, left_at, right_at, left, right, merge->merged});
  }

  void merge(const Candidate& pair) {
    symbol_[pair.left_at] = pair.merged;
    symbol_[pair.right_at] = gone;
    const std::size_t after = next_[pair.right_at];
    next_[pair.left_at] = after;
    if (after != none) previous_[after] = pair.left_at;
    consider(previous_[pair.left_at], pair.left_at);
    consider(pair.left_at, after);
  }

  const MergeTable& table_;
  std::vector<Token>& symbol_;
  std::vector<std::size_t> previous_;
  std::vector<std::size_t> next_;
  std::priority_queue<Candidate, std::vector<Candidate>, std::greater<>> queue_;
};

}  // namespace

std::optional<Merge> MergeTable::find(Token left, Token right) const {
  const auto found = merges_.find(key(left, right));
  if (found == merges_.end()) return std::nullopt;
  return found->second;
}

void MergeTable::apply(std::vector<Token>& symbols) const {
  if (symbols.size() > 1) Merger(*this, symbols).run();
}

}  // namespace candor::tokenizer
