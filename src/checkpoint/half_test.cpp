#include "candor/checkpoint/half.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdlib>
#include <vector>

#include "candor/base/random.h"

namespace candor::checkpoint {
namespace {

// The formats by their definition: sign, exponent, fraction.
struct Format {
  int fraction_bits;
  int exponent_bits;
  float (*widen)(std::uint16_t);
  std::uint16_t (*narrow)(float);
};
const Format half{10, 5, float_of_half, half_of_float};
const Format bfloat16{7, 8, float_of_bfloat16, bfloat16_of_float};

double oracle(const Format& format, std::uint16_t bits) {
  const int largest_exponent = (1 << format.exponent_bits) - 1;
  const int bias = largest_exponent / 2;
  const int fraction = bits & ((1 << format.fraction_bits) - 1);
  const int exponent = bits >> format.fraction_bits & largest_exponent;
  const double sign = (bits & 0x8000) != 0 ? -1.0 : 1.0;
  if (exponent == largest_exponent) return fraction == 0 ? sign * INFINITY : NAN;
  const int hidden = exponent == 0 ? 0 : 1 << format.fraction_bits;
  return sign * std::ldexp(hidden + fraction, std::max(exponent, 1) - bias - format.fraction_bits);
}

void every_value_widens_as_defined_and_narrows_back(const Format& format) {
  for (std::uint32_t i = 0; i < 65536; ++i) {
    const auto bits = static_cast<std::uint16_t>(i);
    const double expected = oracle(format, bits);
    const float found = format.widen(bits);
    if (std::isnan(expected)) {
      EXPECT_TRUE(std::isnan(found)) << i;
      EXPECT_TRUE(std::isnan(format.widen(format.narrow(found)))) << i;
      continue;
    }
    ASSERT_EQ(static_cast<double>(found), expected) << i;
    ASSERT_EQ(std::signbit(found), std::signbit(expected)) << i;
    ASSERT_EQ(format.narrow(found), bits);
  }
}

TEST(Half, EveryValueWidensAsDefinedAndNarrowsBack) {
  every_value_widens_as_defined_and_narrows_back(half);
  every_value_widens_as_defined_and_narrows_back(bfloat16);
}

TEST(Half, WorkedExamples) {
  EXPECT_EQ(half_of_float(1.0F), 0x3c00);
  EXPECT_EQ(bfloat16_of_float(1.0F), 0x3f80);
  EXPECT_EQ(half_of_float(65504.0F), 0x7bff);
  EXPECT_EQ(half_of_float(65519.99F), 0x7bff);
  EXPECT_EQ(half_of_float(65520.0F), 0x7c00);
  EXPECT_EQ(half_of_float(std::ldexp(1.0F, -25)), 0x0000);
  EXPECT_EQ(half_of_float(std::ldexp(1.5F, -25)), 0x0001);
  EXPECT_EQ(half_of_float(-0.0F), 0x8000);
}

// All finite values of a sign, in order; the nearest by search, ties to the even bits.
std::uint16_t nearest(const std::vector<double>& values, float value) {
  const double magnitude = std::abs(static_cast<double>(value));
  const auto above = std::lower_bound(values.begin(), values.end(), magnitude);
  const auto index = static_cast<std::size_t>(above - values.begin());
  std::size_t best = index;
  // Beyond the largest: the next step of it would be where infinity stands.
  const double next =
      index < values.size() ? values[index] : 2 * values.back() - values[values.size() - 2];
  if (index > 0) {
    const double down = magnitude - values[index - 1];
    const double up = next - magnitude;
    if (down < up || (down == up && (index - 1) % 2 == 0)) best = index - 1;
  }
  return static_cast<std::uint16_t>(best | (std::signbit(value) ? 0x8000U : 0U));
}

void narrowing_takes_the_nearest(const Format& format) {
  std::vector<double> values;
  for (std::uint16_t bits = 0; std::isfinite(oracle(format, bits)); ++bits)
    values.push_back(oracle(format, bits));
  RandomStream random(1);
  for (int i = 0; i < 200000; ++i) {
    // Any float, and floats near the middle between two neighbours.
    float value = std::bit_cast<float>(static_cast<std::uint32_t>(random.next()));
    if (i % 2 == 0) {
      const std::size_t j = random.below(values.size() - 1);
      value = static_cast<float>((values[j] + values[j + 1]) / 2);
      if (i % 4 == 0) value = std::nextafter(value, random.bernoulli(0.5) ? 1e30F : -1e30F);
    }
    if (std::isnan(value)) continue;
    ASSERT_EQ(format.narrow(value), nearest(values, value)) << value;
  }
}

TEST(Half, NarrowingTakesTheNearestTiesToEven) {
  narrowing_takes_the_nearest(half);
  narrowing_takes_the_nearest(bfloat16);
}

}  // namespace
}  // namespace candor::checkpoint
