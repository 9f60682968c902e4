// lm/rotary.h
// The frequencies of rotary positions (Su et al. 2021, "RoFormer", section 3.2.2), stretched
// where a model was trained for longer contexts. No tensor library.
#pragma once

#include <vector>

#include "candor/checkpoint/model_config.h"

namespace candor::lm {

/// Radians by which pair i of a head turns from one position to the next, i = 0 .. head_width/2-1:
///   base^(-2i / head_width), then
///   linear: divided by factor (Chen et al. 2023, "position interpolation")
///   llama3: unchanged where a full turn takes less than original_context / high_frequency_factor
///           positions, divided by factor where it takes more than original_context /
///           low_frequency_factor, and between the two a mixture that is linear in turns per
///           original_context (Llama 3.1's release).
/// Worked: head_width 4, base 10000: {1, 0.01}; linear with factor 2: {0.5, 0.005}.
/// Empty for gpt2, whose positions are learned.
[[nodiscard]] std::vector<double> rotary_frequencies(const checkpoint::ModelConfig& config);

}  // namespace candor::lm
