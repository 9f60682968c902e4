#include "tokenizer/merge_table.h"

#include <gtest/gtest.h>

#include "candor/base/random.h"

namespace candor::tokenizer {
namespace {

// The definition: the pair of lowest rank, the leftmost of equals, until none is left.
void merge_slowly(const MergeTable& table, std::vector<Token>& symbols) {
  for (;;) {
    std::optional<Merge> best;
    std::size_t place = 0;
    for (std::size_t i = 0; i + 1 < symbols.size(); ++i) {
      const auto merge = table.find(symbols[i], symbols[i + 1]);
      if (merge && (!best || merge->rank < best->rank)) {
        best = merge;
        place = i;
      }
    }
    if (!best) return;
    symbols[place] = best->merged;
    symbols.erase(symbols.begin() + static_cast<std::ptrdiff_t>(place) + 1);
  }
}

TEST(MergeTable, WorkedExample) {
  constexpr Token a = 0, b = 1, c = 2, ab = 3, abc = 4;
  MergeTable table;
  table.add(a, b, {0, ab});
  table.add(ab, c, {1, abc});
  std::vector<Token> symbols = {a, b, c, a, b};
  table.apply(symbols);
  EXPECT_EQ(symbols, (std::vector<Token>{abc, ab}));
}

// Few symbols, many merges, ranks that repeat: every kind of overlap and stale candidate.
TEST(MergeTable, EqualsTheSlowDefinition) {
  RandomStream random(1);
  for (int round = 0; round < 400; ++round) {
    MergeTable table;
    const std::uint64_t symbols_in_use = 2 + random.below(6);
    for (std::uint64_t i = random.below(40); i > 0; --i)
      table.add(static_cast<Token>(random.below(symbols_in_use)),
                static_cast<Token>(random.below(symbols_in_use)),
                {static_cast<std::uint32_t>(random.below(12)),
                 static_cast<Token>(random.below(symbols_in_use))});
    std::vector<Token> fast(random.below(60));
    for (Token& symbol : fast) symbol = static_cast<Token>(random.below(symbols_in_use));
    std::vector<Token> slow = fast;
    table.apply(fast);
    merge_slowly(table, slow);
    ASSERT_EQ(fast, slow) << "round " << round;
  }
}

// A quadratic way would take hours here.
TEST(MergeTable, AMillionEqualSymbols) {
  MergeTable table;
  for (Token level = 0; level < 6; ++level)
    table.add(level, level, {static_cast<std::uint32_t>(level), level + 1});
  std::vector<Token> symbols((1U << 20U) + 1, 0);
  table.apply(symbols);
  EXPECT_EQ(symbols.size(), (1U << 14U) + 1);
  EXPECT_EQ(symbols.front(), 6);
  EXPECT_EQ(symbols.back(), 0);
}

}  // namespace
}  // namespace candor::tokenizer
