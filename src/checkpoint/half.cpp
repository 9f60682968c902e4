#include "candor/checkpoint/half.h"

#include <bit>

namespace candor::checkpoint {
namespace {

constexpr std::uint32_t float_infinity = 0x7f800000U;
constexpr std::uint32_t half_infinity = 0x7c00U;
constexpr std::uint32_t rebias = (127U - 15U) << 23U;       // of the exponent, float against half
constexpr std::uint32_t smallest_normal = 113U << 23U;      // 2^-14 as a float
constexpr std::uint32_t beyond_half = (127U + 16U) << 23U;  // 2^16 as a float

// bits / 2^shift, to the nearest, ties to even. 1 <= shift <= 31.
std::uint32_t shifted(std::uint32_t bits, std::uint32_t shift) {
  const std::uint32_t whole = bits >> shift;
  const std::uint32_t rest = bits & ((1U << shift) - 1U);
  const std::uint32_t middle = 1U << (shift - 1U);
  const bool up = rest > middle || (rest == middle && (whole & 1U) != 0);
  return whole + (up ? 1U : 0U);
}

// A float below 2^-14 in units of 2^-24, half's smallest step.
std::uint32_t subnormal_half(std::uint32_t magnitude) {
  const std::uint32_t shift = 126U - (magnitude >> 23U);
  if (shift > 24U) return 0;
  return shifted((magnitude & 0x7fffffU) | 0x800000U, shift);
}

std::uint32_t half_magnitude(std::uint32_t magnitude) {
  if (magnitude > float_infinity) return half_infinity | 0x200U | ((magnitude >> 13U) & 0x3ffU);
  if (magnitude >= beyond_half) return half_infinity;
  if (magnitude < smallest_normal) return subnormal_half(magnitude);
  return shifted(magnitude - rebias, 13U);  // a carry moves on into the exponent, up to infinity
}

// fraction * 2^-24, fraction < 1024: moved up until its first bit is the hidden one.
std::uint32_t normalised_float(std::uint32_t fraction) {
  if (fraction == 0) return 0;
  const auto shift = static_cast<std::uint32_t>(std::countl_zero(fraction)) - 21U;
  return ((113U - shift) << 23U) | (((fraction << shift) & 0x3ffU) << 13U);
}

}  // namespace

float float_of_half(std::uint16_t bits) {
  const std::uint32_t sign = (bits & 0x8000U) << 16U;
  const std::uint32_t magnitude = bits & 0x7fffU;
  if (magnitude >= half_infinity)
    return std::bit_cast<float>(sign | float_infinity | ((magnitude & 0x3ffU) << 13U));
  if (magnitude < 0x400U) return std::bit_cast<float>(sign | normalised_float(magnitude));
  return std::bit_cast<float>(sign | ((magnitude << 13U) + rebias));
}

std::uint16_t half_of_float(float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  return static_cast<std::uint16_t>((bits >> 16U & 0x8000U) | half_magnitude(bits & 0x7fffffffU));
}

float float_of_bfloat16(std::uint16_t bits) {
  return std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16U);
}

std::uint16_t bfloat16_of_float(float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  if ((bits & 0x7fffffffU) > float_infinity) return static_cast<std::uint16_t>(bits >> 16U | 0x40U);
  return static_cast<std::uint16_t>((bits & 0x80000000U) >> 16U | shifted(bits & 0x7fffffffU, 16U));
}

}  // namespace candor::checkpoint
