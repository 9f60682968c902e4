#include "checkpoint/rope_factors.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "candor/base/math.h"

namespace candor::checkpoint {
namespace {

double divisor(const RopeScaling& scaling, double wavelength) {
  const double context = static_cast<double>(scaling.original_context);
  const double low = scaling.low_frequency_factor;
  const double high = scaling.high_frequency_factor;
  if (wavelength < context / high) return 1.0;
  if (wavelength > context / low) return scaling.factor;
  const double t = (context / wavelength - low) / (high - low);
  return 1.0 / ((1.0 - t) / scaling.factor + t);
}

}  // namespace

std::vector<float> llama3_divisors(const ModelConfig& config) {
  std::vector<float> out;
  const double log_base = portable_log(config.rope_base);
  for (std::size_t i = 0; i < config.head_width / 2; ++i) {
    const double exponent = static_cast<double>(2 * i) / static_cast<double>(config.head_width);
    const double wavelength = 2.0 * std::numbers::pi * portable_exp(log_base * exponent);
    out.push_back(static_cast<float>(divisor(config.rope_scaling, wavelength)));
  }
  return out;
}

std::optional<RopeScaling> scaling_of(const ModelConfig& config, std::span<const float> divisors) {
  if (divisors.empty()) return std::nullopt;
  ModelConfig guess = config;
  guess.rope_scaling.kind = RopeScaling::Kind::llama3;
  guess.rope_scaling.factor = static_cast<double>(*std::ranges::max_element(divisors));
  const std::vector<float> expected = llama3_divisors(guess);
  const auto close = [](float a, float b) { return std::abs(a - b) <= 1e-4F * b; };
  if (!std::ranges::equal(divisors, expected, close)) return std::nullopt;
  return guess.rope_scaling;
}

}  // namespace candor::checkpoint
