#include "checkpoint/gguf_layout.h"

#include <array>
#include <cassert>
#include <string_view>
#include <utility>

#include "checkpoint/rearrange.h"

namespace candor::checkpoint {
namespace {

using Change = GgufPlace::Change;
using Names = std::pair<std::string_view, std::string_view>;

// Parts of a layer, without ".weight" or ".bias".
constexpr std::array<Names, 9> llama_parts{{
    {"input_layernorm", "attn_norm"},
    {"self_attn.q_proj", "attn_q"},
    {"self_attn.k_proj", "attn_k"},
    {"self_attn.v_proj", "attn_v"},
    {"self_attn.o_proj", "attn_output"},
    {"post_attention_layernorm", "ffn_norm"},
    {"mlp.gate_proj", "ffn_gate"},
    {"mlp.up_proj", "ffn_up"},
    {"mlp.down_proj", "ffn_down"},
}};
constexpr std::array<Names, 6> gpt2_parts{{
    {"ln_1", "attn_norm"},
    {"attn.c_attn", "attn_qkv"},
    {"attn.c_proj", "attn_output"},
    {"ln_2", "ffn_norm"},
    {"mlp.c_fc", "ffn_up"},
    {"mlp.c_proj", "ffn_down"},
}};
constexpr std::array<Names, 6> outer_parts{{
    {"model.embed_tokens", "token_embd"},
    {"model.norm", "output_norm"},
    {"transformer.wte", "token_embd"},
    {"transformer.wpe", "position_embd"},
    {"transformer.ln_f", "output_norm"},
    {"lm_head", "output"},
}};

std::string_view translated(std::span<const Names> names, std::string_view canonical) {
  for (const auto& [from, to] : names)
    if (from == canonical) return to;
  assert(false);
  return canonical;
}

// "PREFIX3.mlp.up_proj" -> "3" and "mlp.up_proj"; two empty texts where the prefix is another.
std::pair<std::string_view, std::string_view> split_layer(std::string_view path,
                                                          std::string_view prefix) {
  if (!path.starts_with(prefix)) return {};
  path.remove_prefix(prefix.size());
  const std::size_t dot = path.find('.');
  return {path.substr(0, dot), path.substr(dot + 1)};
}

std::string gguf_name(Architecture architecture, std::string_view canonical) {
  const std::size_t dot = canonical.rfind('.');
  const std::string_view path = canonical.substr(0, dot);
  const std::string ending(canonical.substr(dot));
  const bool gpt2 = architecture == Architecture::gpt2;
  const auto [layer, part] = split_layer(path, gpt2 ? "transformer.h." : "model.layers.");
  if (layer.empty()) return std::string(translated(outer_parts, path)) + ending;
  const std::span<const Names> parts = gpt2 ? std::span<const Names>(gpt2_parts) : llama_parts;
  return "blk." + std::string(layer) + "." + std::string(translated(parts, part)) + ending;
}

// gpt2's four matrices of a layer; its embeddings are as everywhere.
bool is_conv1d(const ModelConfig& config, const TensorShape& tensor) {
  return config.architecture == Architecture::gpt2 && tensor.shape.size() == 2 &&
         tensor.name.find(".c_") != std::string::npos;
}

// 0: rows are as they are.
std::size_t paired_heads(const ModelConfig& config, const TensorShape& tensor) {
  if (config.architecture != Architecture::llama) return 0;
  if (tensor.name.ends_with("q_proj.weight")) return config.heads;
  return tensor.name.ends_with("k_proj.weight") ? config.kv_heads : 0;
}

}  // namespace

GgufPlace gguf_place_of(const ModelConfig& config, const TensorShape& tensor) {
  GgufPlace place;
  place.tensor = {gguf_name(config.architecture, tensor.name), tensor.shape};
  place.heads = paired_heads(config, tensor);
  if (place.heads != 0) place.change = Change::rotary_pairs;
  if (is_conv1d(config, tensor)) {
    place.change = Change::transposed;
    std::swap(place.tensor.shape[0], place.tensor.shape[1]);
  }
  return place;
}

std::vector<float> from_gguf(const GgufPlace& place, std::vector<float> values) {
  const std::vector<std::size_t>& shape = place.tensor.shape;
  if (place.change == Change::rotary_pairs) return pairs_to_halves(values, place.heads, shape[1]);
  if (place.change == Change::transposed) return transposed(values, shape[0], shape[1]);
  return values;
}

std::vector<float> to_gguf(const GgufPlace& place, std::span<const float> values) {
  const std::vector<std::size_t>& shape = place.tensor.shape;
  if (place.change == Change::rotary_pairs) return halves_to_pairs(values, place.heads, shape[1]);
  if (place.change == Change::transposed) return transposed(values, shape[1], shape[0]);
  return {values.begin(), values.end()};
}

}  // namespace candor::checkpoint
