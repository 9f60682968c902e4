#include "candor/base/random.h"

#include <bit>
#include <cmath>
#include <numbers>

#include "candor/base/math.h"

namespace candor {
namespace {

constexpr std::uint64_t philox_multiplier_0 = 0xD2511F53;
constexpr std::uint64_t philox_multiplier_1 = 0xCD9E8D57;
constexpr std::uint32_t weyl_0 = 0x9E3779B9;
constexpr std::uint32_t weyl_1 = 0xBB67AE85;

std::uint32_t low(std::uint64_t x) {
  return static_cast<std::uint32_t>(x);
}
std::uint32_t high(std::uint64_t x) {
  return static_cast<std::uint32_t>(x >> 32U);
}

// sin(x) and cos(x) would come from the C library, whose last bit varies; the polar form of the
// Box-Muller transform needs only sqrt, which IEEE 754 fixes, and our logarithm.
struct PointInDisc {
  double x;
  double squared_norm;
};

}  // namespace

std::array<std::uint32_t, 4> philox4x32(std::array<std::uint32_t, 4> counter,
                                        std::array<std::uint32_t, 2> key) {
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t product_0 = philox_multiplier_0 * counter[0];
    const std::uint64_t product_1 = philox_multiplier_1 * counter[2];
    counter = {high(product_1) ^ counter[1] ^ key[0], low(product_1),
               high(product_0) ^ counter[3] ^ key[1], low(product_0)};
    key[0] += weyl_0;
    key[1] += weyl_1;
  }
  return counter;
}

RandomStream::RandomStream(std::uint64_t seed, std::uint64_t stream)
    : key_{low(seed), high(seed)}, stream_(stream) {}

std::uint64_t RandomStream::next() {
  if (left_ == 0) {
    const auto words =
        philox4x32({low(counter_), high(counter_), low(stream_), high(stream_)}, key_);
    ++counter_;
    block_ = {words[0] | std::uint64_t{words[1]} << 32U, words[2] | std::uint64_t{words[3]} << 32U};
    left_ = 2;
  }
  return block_[2 - left_--];
}

double RandomStream::uniform() {
  return static_cast<double>(next() >> 11U) * 0x1p-53;
}

std::uint64_t RandomStream::below(std::uint64_t bound) {
  const std::uint64_t reject_under = (0 - bound) % bound;  // 2^64 mod bound
  for (;;) {
    const std::uint64_t draw = next();
    if (draw >= reject_under) return draw % bound;
  }
}

double RandomStream::normal() {
  PointInDisc point{};
  do {
    point.x = 2.0 * uniform() - 1.0;
    const double y = 2.0 * uniform() - 1.0;
    point.squared_norm = point.x * point.x + y * y;
  } while (point.squared_norm >= 1.0 || point.squared_norm == 0.0);
  return point.x * std::sqrt(-2.0 * portable_log(point.squared_norm) / point.squared_norm);
}

}  // namespace candor
