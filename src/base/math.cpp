#include "candor/base/math.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

namespace candor {
namespace {

// ln 2 in two parts: the first has 32 trailing zero bits, so k * ln2_high is exact for |k| < 2^11.
constexpr double ln2_high = 6.93147180369123816490e-01;
constexpr double ln2_low = 1.90821492927058770002e-10;
constexpr double inverse_ln2 = 1.44269504088896338700;
constexpr std::uint64_t mantissa_bits = 52;
constexpr std::uint64_t mantissa_mask = (1ULL << mantissa_bits) - 1;

double power_of_two(std::int64_t k) {  // -1022 <= k <= 1023
  return std::bit_cast<double>(static_cast<std::uint64_t>(k + 1023) << mantissa_bits);
}

// Two interleaved Horner chains, even and odd powers of x, so that the processor can run them side
// by side: c[0] + c[1] x + c[2] x^2 + ...
template <std::size_t N>
double polynomial(const std::array<double, N>& c, double x) {
  static_assert(N % 2 == 0);
  const double x2 = x * x;
  double even = c[N - 2];
  double odd = c[N - 1];
  for (std::size_t n = N - 2; n >= 2; n -= 2) {
    even = even * x2 + c[n - 2];
    odd = odd * x2 + c[n - 1];
  }
  return even + odd * x;
}

// 2 artanh(s) = 2 s (1 + s^2 (1/3 + s^2/5 + ...)), |s| < 0.1716: the first term dropped is below
// 1e-19.
constexpr std::array<double, 12> artanh_series = [] {
  std::array<double, 12> values{};
  for (std::size_t n = 0; n < values.size(); ++n) values[n] = 1.0 / static_cast<double>(2 * n + 3);
  return values;
}();

double twice_artanh(double s) {
  const double s2 = s * s;
  return 2.0 * s + 2.0 * s * (s2 * polynomial(artanh_series, s2));
}

constexpr std::array<double, 14> inverse_factorials = [] {
  std::array<double, 14> values{};
  double factorial = 1.0;
  for (std::size_t n = 0; n < values.size(); ++n) {
    if (n > 0) factorial *= static_cast<double>(n);
    values[n] = 1.0 / factorial;
  }
  return values;
}();

constexpr std::size_t lanes = 8;

double add_lanes(const std::array<double, lanes>& lane) {
  return ((lane[0] + lane[1]) + (lane[2] + lane[3])) + ((lane[4] + lane[5]) + (lane[6] + lane[7]));
}

}  // namespace

double portable_log(double x) {
  if (x == 1.0) return 0.0;  // certain reports are common
  if (std::isnan(x) || x < 0.0) return std::numeric_limits<double>::quiet_NaN();
  if (x == 0.0) return -std::numeric_limits<double>::infinity();
  if (std::isinf(x)) return x;
  std::int64_t k = 0;
  if (x < std::numeric_limits<double>::min()) {  // subnormal
    x *= 0x1p54;
    k = -54;
  }
  const auto bits = std::bit_cast<std::uint64_t>(x);
  k += static_cast<std::int64_t>(bits >> mantissa_bits) - 1023;
  double m = std::bit_cast<double>((bits & mantissa_mask) | (1023ULL << mantissa_bits));
  if (m > 1.4142135623730951) {
    m *= 0.5;
    ++k;
  }
  const double kd = static_cast<double>(k);
  return kd * ln2_high + (twice_artanh((m - 1.0) / (m + 1.0)) + kd * ln2_low);
}

double portable_exp(double x) {
  if (x == 0.0) return 1.0;  // every softmax has one
  if (std::isnan(x)) return x;
  if (x > 709.79) return std::numeric_limits<double>::infinity();
  if (x < -745.2) return 0.0;
  const double kd = std::floor(x * inverse_ln2 + 0.5);
  const double r = (x - kd * ln2_high) - kd * ln2_low;
  const double series = polynomial(inverse_factorials, r);
  const auto k = static_cast<std::int64_t>(kd);
  const std::int64_t half = k / 2;  // in two steps, so that subnormal results are rounded once
  return series * power_of_two(half) * power_of_two(k - half);
}

double dot(std::span<const double> a, std::span<const double> b) {
  std::array<double, lanes> lane{};
  const std::size_t whole = a.size() - a.size() % lanes;
  for (std::size_t i = 0; i < whole; i += lanes)
    for (std::size_t j = 0; j < lanes; ++j) lane[j] += a[i + j] * b[i + j];
  for (std::size_t i = whole; i < a.size(); ++i) lane[i - whole] += a[i] * b[i];
  return add_lanes(lane);
}

double sum(std::span<const double> a) {
  std::array<double, lanes> lane{};
  const std::size_t whole = a.size() - a.size() % lanes;
  for (std::size_t i = 0; i < whole; i += lanes)
    for (std::size_t j = 0; j < lanes; ++j) lane[j] += a[i + j];
  for (std::size_t i = whole; i < a.size(); ++i) lane[i - whole] += a[i];
  return add_lanes(lane);
}

void softmax(std::span<double> x) {
  const double top = *std::max_element(x.begin(), x.end());
  double total = 0.0;
  for (double& value : x) total += value = portable_exp(value - top);
  for (double& value : x) value /= total;
}

void normalise(std::span<double> x) {
  double total = 0.0;
  for (const double value : x) total += value;
  const double even = 1.0 / static_cast<double>(x.size());
  for (double& value : x) value = total > 0.0 ? value / total : even;
}

}  // namespace candor
