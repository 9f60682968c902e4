// checkpoint/rope_factors.h
// Llama 3's frequency scaling as GGUF files hold it: one divisor for each rotary frequency.
//
// Frequency i of head_width/2 is f = base^(-2i/head_width), its wavelength l = 2 pi / f. With
// original context C, the divisor is 1 where l < C/high, factor where l > C/low, and between them
//     1 / ((1 - t) / factor + t),   t = (C/l - low) / (high - low).
// Source: Hugging Face transformers, modeling_rope_utils (the rule of Llama 3.1's release).
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "candor/checkpoint/model_config.h"

namespace candor::checkpoint {

/// [head_width / 2]; requires kind llama3.
[[nodiscard]] std::vector<float> llama3_divisors(const ModelConfig& config);

/// The scaling that gives these divisors, within 1e-4 each; config's own rope_scaling tells the
/// original context and the two frequency factors to try, the factor is the largest divisor.
/// Empty where it does not give them.
[[nodiscard]] std::optional<RopeScaling> scaling_of(const ModelConfig& config,
                                                    std::span<const float> divisors);

}  // namespace candor::checkpoint
