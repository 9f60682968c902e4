// candor/checkpoint/model_config.h
// The shape of a decoder transformer, whichever file it came from.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "candor/base/result.h"

namespace candor::checkpoint {

/// The kinds of network that can be read, trained and written.
///   gpt2   learned positions, LayerNorm with bias, GELU (tanh form), fused q/k/v with bias
///   llama  rotary positions, RMSNorm, SwiGLU, grouped heads, no biases
///   qwen2  as llama, with biases on q, k and v
enum class Architecture : std::uint8_t { gpt2, llama, qwen2 };

[[nodiscard]] std::string_view name_of(Architecture architecture);
/// Errors: unsupported, listing the known names. Worked: "llama" -> llama; "mamba" -> error.
[[nodiscard]] Result<Architecture> architecture_of(std::string_view model_type);

/// How rotary frequencies are stretched for contexts longer than those trained on.
struct RopeScaling {
  enum class Kind : std::uint8_t { none, linear, llama3 };
  Kind kind = Kind::none;
  double factor = 1.0;
  double low_frequency_factor = 1.0;    ///< llama3 only
  double high_frequency_factor = 4.0;   ///< llama3 only
  std::size_t original_context = 8192;  ///< llama3 only

  bool operator==(const RopeScaling&) const = default;
};

struct ModelConfig {
  Architecture architecture = Architecture::llama;
  std::size_t vocabulary = 0;
  std::size_t context = 0;  ///< longest sequence
  std::size_t width = 0;    ///< of the residual stream
  std::size_t layers = 0;
  std::size_t heads = 0;       ///< of the queries
  std::size_t kv_heads = 0;    ///< of keys and values; divides heads
  std::size_t head_width = 0;  ///< usually width / heads
  std::size_t hidden = 0;      ///< of the feed-forward layer
  double norm_epsilon = 1e-5;
  double rope_base = 10000.0;  ///< llama, qwen2
  RopeScaling rope_scaling = {};
  bool tied_embeddings = false;
  std::optional<std::int32_t> begin_token = {};
  std::vector<std::int32_t> end_tokens = {};

  /// Refuses shapes that make no network: a zero, heads not divisible by kv_heads, an odd
  /// head_width with rotary positions, ... naming the field.
  [[nodiscard]] Status check() const;
  /// Parameters in all, tied ones once.
  [[nodiscard]] std::size_t parameters() const;

  bool operator==(const ModelConfig&) const = default;
};

/// One tensor that a model of this config has: canonical name and shape. Canonical means as a
/// Hugging Face folder of the architecture has it ("model.layers.0.self_attn.q_proj.weight"
/// [out, in]; gpt2's Conv1D matrices [in, out], with the prefix "transformer."); readers of other
/// formats rename and rearrange, so that nothing after them knows where a model came from.
struct TensorShape {
  std::string name;
  std::vector<std::size_t> shape;
  bool operator==(const TensorShape&) const = default;
};

/// All of a model's tensors, in file order. A tied output matrix is not among them.
[[nodiscard]] std::vector<TensorShape> tensors_of(const ModelConfig& config);

/// config.json, both ways. Errors: malformed, unsupported (an unknown model_type: the known are
/// listed; an option that changes the arithmetic and is not known here), out_of_range.
[[nodiscard]] Result<ModelConfig> parse_config(std::string_view json, const std::string& file);
[[nodiscard]] std::string config_json(const ModelConfig& config);

}  // namespace candor::checkpoint
