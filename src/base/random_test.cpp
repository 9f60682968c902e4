#include "candor/base/random.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace candor {
namespace {

using Block = std::array<std::uint32_t, 4>;

// The known answers published with the generator (Salmon et al., SC 2011).
TEST(Philox, ReproducesThePublishedKnownAnswers) {
  EXPECT_EQ(philox4x32({0, 0, 0, 0}, {0, 0}),
            (Block{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  EXPECT_EQ(philox4x32({0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}, {0xffffffff, 0xffffffff}),
            (Block{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  EXPECT_EQ(philox4x32({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}),
            (Block{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

TEST(RandomStream, RepeatsUnderTheSameSeedAndDiffersAcrossStreams) {
  RandomStream first(7, 1);
  RandomStream again(7, 1);
  RandomStream other(7, 2);
  int same_as_other = 0;
  for (int i = 0; i < 100; ++i) {
    const auto draw = first.next();
    EXPECT_EQ(draw, again.next());
    same_as_other += draw == other.next() ? 1 : 0;
  }
  EXPECT_EQ(same_as_other, 0);
}

TEST(RandomStream, UniformHasTheRightMeanAndStaysBelowOne) {
  RandomStream random(11);
  double total = 0.0;
  double top = 0.0;
  for (int i = 0; i < 100000; ++i) {
    const double u = random.uniform();
    total += u;
    top = std::max(top, u);
  }
  EXPECT_NEAR(total / 100000, 0.5, 0.005);
  EXPECT_LT(top, 1.0);
}

TEST(RandomStream, NormalHasUnitVariance) {
  RandomStream random(12);
  double total = 0.0;
  double squares = 0.0;
  for (int i = 0; i < 100000; ++i) {
    const double z = random.normal();
    total += z;
    squares += z * z;
  }
  EXPECT_NEAR(total / 100000, 0.0, 0.02);
  EXPECT_NEAR(squares / 100000, 1.0, 0.02);
}

TEST(RandomStream, BelowHitsEveryValueAboutEquallyOften) {
  RandomStream random(13);
  std::array<int, 7> seen{};
  for (int i = 0; i < 70000; ++i) ++seen.at(random.below(7));
  for (const int count : seen) EXPECT_NEAR(count, 10000, 500);
}

TEST(ShuffledOrder, IsAPermutationThatDependsOnTheSeed) {
  RandomStream one(1);
  RandomStream two(2);
  const auto a = shuffled_order(100, one);
  const auto b = shuffled_order(100, two);
  EXPECT_NE(a, b);
  auto sorted = a;
  std::sort(sorted.begin(), sorted.end());
  for (std::uint32_t i = 0; i < 100; ++i) EXPECT_EQ(sorted[i], i);
}

}  // namespace
}  // namespace candor
