// candor/lm/adapter_target.h
// Which linear layers an adapter's targets mean.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace candor::lm {

/// Whether the path of a linear layer is meant: "all-linear" (or no target at all) means every one
/// but the output layer, "lm_head"; otherwise the path itself, or its last parts. (The rule of
/// PEFT.)
/// Worked: "model.layers.0.self_attn.q_proj" by "q_proj", "self_attn.q_proj" and by itself, not by
/// "proj".
[[nodiscard]] bool is_target(std::string_view path, const std::vector<std::string>& targets);

}  // namespace candor::lm
