#include "lm/micro_batches.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "candor/base/random.h"

namespace {

using candor::RandomStream;
using candor::lm::check_sequence;
using candor::lm::micro_batches;
using candor::policy::Sequence;

using Rows = std::vector<std::vector<std::size_t>>;

TEST(MicroBatches, WorkedExample) {
  const std::vector<std::size_t> lengths = {5, 2, 4, 2};
  EXPECT_EQ(micro_batches(lengths, 8), (Rows{{1, 3}, {2}, {0}}));
  EXPECT_EQ(micro_batches(lengths, 1), (Rows{{1}, {3}, {2}, {0}}));
  EXPECT_EQ(micro_batches({}, 8), Rows{});
}

TEST(MicroBatches, EveryRowOnceWithinTheLimit) {
  RandomStream random(1);
  for (int round = 0; round < 50; ++round) {
    std::vector<std::size_t> lengths(random.below(40));
    for (std::size_t& length : lengths) length = 1 + random.below(30);
    std::vector<int> seen(lengths.size(), 0);
    std::size_t longest_so_far = 0;
    for (const auto& rows : micro_batches(lengths, 64)) {
      EXPECT_LE(rows.size() * lengths[rows.back()],
                std::max<std::size_t>(64, lengths[rows.back()]));
      for (const std::size_t row : rows) {
        ++seen[row];
        EXPECT_GE(lengths[row], longest_so_far);
        longest_so_far = lengths[row];
      }
    }
    EXPECT_EQ(std::count(seen.begin(), seen.end(), 1), static_cast<std::ptrdiff_t>(seen.size()));
  }
}

TEST(MicroBatches, BadSequencesAreNamedWithBothNumbers) {
  const auto message = [](const Sequence& sequence) {
    const auto status = check_sequence(sequence, 4, 10, 3);
    return status.ok() ? std::string("ok") : status.error().message();
  };
  EXPECT_EQ(message({.tokens = {1, 2, 9}, .prompt_length = 1}), "ok");
  EXPECT_NE(message({.tokens = {1, 10}, .prompt_length = 1}).find("token 10"), std::string::npos);
  EXPECT_NE(message({.tokens = {1, -1}, .prompt_length = 1}).find("0 to 9"), std::string::npos);
  const std::string long_one = message({.tokens = {1, 2, 3, 4}, .prompt_length = 1});
  EXPECT_NE(long_one.find("sequence 4"), std::string::npos);
  EXPECT_NE(long_one.find("4 tokens"), std::string::npos);
  EXPECT_NE(long_one.find("context, 3"), std::string::npos);
  EXPECT_NE(message({.tokens = {1}, .prompt_length = 0}).find("prompt_length"), std::string::npos);
  EXPECT_NE(message({.tokens = {1}, .prompt_length = 2}).find("prompt_length"), std::string::npos);
}

}  // namespace
