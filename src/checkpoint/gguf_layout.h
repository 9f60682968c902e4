// checkpoint/gguf_layout.h
// Names and layouts of a model's tensors in GGUF files, from and to the canonical ones.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "candor/checkpoint/model_config.h"

namespace candor::checkpoint {

/// Where the values of a canonical tensor stand in a GGUF file.
struct GgufPlace {
  enum class Change : unsigned char { none, transposed, rotary_pairs };
  TensorShape tensor;  ///< the name and shape there
  Change change = Change::none;
  std::size_t heads = 0;  ///< with rotary_pairs: heads that the rows divide into
};

/// tensor: one of tensors_of(config).
/// Worked: llama "model.layers.3.self_attn.q_proj.weight" [64, 48] -> "blk.3.attn_q.weight"
/// [64, 48] in rotary pairs; gpt2 "transformer.h.0.attn.c_attn.weight" [8, 24] ->
/// "blk.0.attn_qkv.weight" [24, 8], transposed.
[[nodiscard]] GgufPlace gguf_place_of(const ModelConfig& config, const TensorShape& tensor);

/// Values in the file's layout to the canonical one, and back.
[[nodiscard]] std::vector<float> from_gguf(const GgufPlace& place, std::vector<float> values);
[[nodiscard]] std::vector<float> to_gguf(const GgufPlace& place, std::span<const float> values);

}  // namespace candor::checkpoint
