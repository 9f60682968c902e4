#include "candor/pooling/row_kinds.h"

#include <gtest/gtest.h>

#include <vector>

namespace candor::pooling {
namespace {

using Row = std::vector<double>;
using Parts = std::vector<std::pair<std::size_t, double>>;

Parts split(RowKinds& kinds, const Row& row) {
  const auto parts = kinds.split(row);
  return {parts.begin(), parts.end()};
}

TEST(RowKinds, MatchesHandWorkedRows) {
  RowKinds kinds(2, 1);
  EXPECT_EQ(split(kinds, {1, 0}), (Parts{{0, 1}}));
  EXPECT_EQ(split(kinds, {0, 1}), (Parts{{1, 1}}));
  EXPECT_EQ(split(kinds, {.5, .5}), (Parts{{2, 1}}));
  EXPECT_EQ(split(kinds, {.3, .7}), (Parts{{0, .3}, {1, .7}}));
}

TEST(RowKinds, SplitsTiesWhereNoneAreToldApart) {
  RowKinds kinds(2, 0);
  EXPECT_EQ(split(kinds, {.5, .5}), (Parts{{0, .5}, {1, .5}}));
  EXPECT_EQ(kinds.capacity(), 2U);
  EXPECT_EQ(kinds.count(), 2U);
}

TEST(RowKinds, LearnsTiesInOrderOfAppearanceWhileThereIsRoom) {
  RowKinds kinds(3, 2);
  EXPECT_EQ(kinds.capacity(), 5U);
  EXPECT_EQ(kinds.count(), 3U);
  EXPECT_EQ(split(kinds, {0, .5, .5}), (Parts{{3, 1}}));
  EXPECT_EQ(kinds.count(), 4U);
  EXPECT_EQ(split(kinds, {1.0 / 3, 1.0 / 3, 1.0 / 3}), (Parts{{4, 1}}));
  EXPECT_EQ(split(kinds, {.5, 0, .5}), (Parts{{0, .5}, {2, .5}}));  // no room: in parts
  EXPECT_EQ(split(kinds, {0, .5, .5}), (Parts{{3, 1}}));            // still known
  EXPECT_EQ(kinds.count(), 5U);
}

TEST(RowKinds, RemembersTheRowOfAKind) {
  RowKinds kinds(3, 1);
  split(kinds, {.5, 0, .5});
  EXPECT_EQ(Row(kinds.row(1).begin(), kinds.row(1).end()), (Row{0, 1, 0}));
  EXPECT_EQ(Row(kinds.row(3).begin(), kinds.row(3).end()), (Row{.5, 0, .5}));
}

TEST(RowKinds, MassesSumToTheRow) {
  RowKinds kinds(4, 1);
  EXPECT_EQ(split(kinds, {.4, .4, .2, 0}), (Parts{{0, .4}, {1, .4}, {2, .2}}));  // not a tie
}

}  // namespace
}  // namespace candor::pooling
