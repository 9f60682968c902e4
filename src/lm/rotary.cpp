#include "lm/rotary.h"

#include <cmath>
#include <cstddef>
#include <numbers>

namespace candor::lm {
namespace {

using checkpoint::RopeScaling;

double stretched_as_llama3(double frequency, const RopeScaling& scaling) {
  const auto original = static_cast<double>(scaling.original_context);
  const double turns = original * frequency / (2.0 * std::numbers::pi);
  if (turns < scaling.low_frequency_factor) return frequency / scaling.factor;
  if (turns > scaling.high_frequency_factor) return frequency;
  const double kept = (turns - scaling.low_frequency_factor) /
                      (scaling.high_frequency_factor - scaling.low_frequency_factor);
  return (1.0 - kept) * frequency / scaling.factor + kept * frequency;
}

double stretched(double frequency, const RopeScaling& scaling) {
  switch (scaling.kind) {
    case RopeScaling::Kind::linear:
      return frequency / scaling.factor;
    case RopeScaling::Kind::llama3:
      return stretched_as_llama3(frequency, scaling);
    case RopeScaling::Kind::none:
      break;
  }
  return frequency;
}

}  // namespace

std::vector<double> rotary_frequencies(const checkpoint::ModelConfig& config) {
  if (config.architecture == checkpoint::Architecture::gpt2) return {};
  std::vector<double> frequencies(config.head_width / 2);
  for (std::size_t i = 0; i < frequencies.size(); ++i) {
    const double exponent = 2.0 * static_cast<double>(i) / static_cast<double>(config.head_width);
    frequencies[i] = stretched(std::pow(config.rope_base, -exponent), config.rope_scaling);
  }
  return frequencies;
}

}  // namespace candor::lm
