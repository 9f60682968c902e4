#include "candor/checkpoint/model_config.h"

#include <array>
#include <cmath>
#include <utility>

#include "candor/base/text.h"
#include "checkpoint/stored_tensor.h"

namespace candor::checkpoint {
namespace {

constexpr std::array<std::string_view, 3> architecture_names{"gpt2", "llama", "qwen2"};

Error bad(std::string_view field, std::string found, std::string_view expected) {
  return Error{ErrorCode::out_of_range, std::move(found)}.in_field(field).expecting(expected);
}

// Above these no product of sizes below can exceed 64 bits, and no list of tensors the memory.
constexpr std::size_t most_layers = 4096;
constexpr std::size_t most_wide = std::size_t{1} << 20U;
constexpr std::size_t most_tokens = std::size_t{1} << 30U;

Status check_size(std::string_view field, std::size_t size, std::size_t most) {
  if (size >= 1 && size <= most) return {};
  return bad(field, std::to_string(size), "a whole number from 1 to " + std::to_string(most));
}

Status check_sizes(const ModelConfig& config) {
  CANDOR_CHECK(check_size("vocabulary", config.vocabulary, most_tokens));
  CANDOR_CHECK(check_size("context", config.context, most_tokens));
  CANDOR_CHECK(check_size("width", config.width, most_wide));
  CANDOR_CHECK(check_size("layers", config.layers, most_layers));
  CANDOR_CHECK(check_size("heads", config.heads, most_wide));
  CANDOR_CHECK(check_size("kv_heads", config.kv_heads, config.heads));
  CANDOR_CHECK(check_size("head_width", config.head_width, most_wide / config.heads));
  return check_size("hidden", config.hidden, most_wide);
}

Status check_positive(std::string_view field, double value) {
  if (value > 0.0 && std::isfinite(value)) return {};
  return bad(field, number_text(value), "a number above 0");
}

Status check_gpt2(const ModelConfig& config) {
  if (config.kv_heads != config.heads)
    return bad("kv_heads", std::to_string(config.kv_heads),
               "as many as heads (" + std::to_string(config.heads) + "): gpt2 has no groups");
  if (config.heads * config.head_width != config.width)
    return bad("head_width", std::to_string(config.head_width),
               "width / heads (" + std::to_string(config.width) + " / " +
                   std::to_string(config.heads) + ")");
  return {};
}

Status check_scaling(const RopeScaling& scaling) {
  if (scaling.kind == RopeScaling::Kind::none) return {};
  CANDOR_CHECK(check_positive("rope_scaling.factor", scaling.factor));
  if (scaling.kind == RopeScaling::Kind::linear) return {};
  CANDOR_CHECK(check_positive("rope_scaling.low_frequency_factor", scaling.low_frequency_factor));
  CANDOR_CHECK(check_positive("rope_scaling.high_frequency_factor", scaling.high_frequency_factor));
  if (scaling.high_frequency_factor <= scaling.low_frequency_factor)
    return bad(
        "rope_scaling.high_frequency_factor", number_text(scaling.high_frequency_factor),
        "a number above low_frequency_factor (" + number_text(scaling.low_frequency_factor) + ")");
  return check_size("rope_scaling.original_context", scaling.original_context, most_tokens);
}

Status check_rotary(const ModelConfig& config) {
  if (config.heads % config.kv_heads != 0)
    return bad("kv_heads", std::to_string(config.kv_heads),
               "a divisor of heads (" + std::to_string(config.heads) + ")");
  if (config.head_width % 2 != 0)
    return bad("head_width", std::to_string(config.head_width),
               "an even number: rotary positions turn pairs");
  CANDOR_CHECK(check_positive("rope_base", config.rope_base));
  return check_scaling(config.rope_scaling);
}

// A token outside the vocabulary never occurs, as with small models that kept the default of a
// large one; a negative one is no token.
Status check_token(std::string_view field, std::int32_t token) {
  if (token >= 0) return {};
  return bad(field, std::to_string(token), "a token, 0 or above");
}

void add_gpt2_layer(const ModelConfig& config, const std::string& layer,
                    std::vector<TensorShape>& out) {
  const std::size_t width = config.width;
  out.push_back({layer + "ln_1.weight", {width}});
  out.push_back({layer + "ln_1.bias", {width}});
  out.push_back({layer + "attn.c_attn.weight", {width, 3 * width}});
  out.push_back({layer + "attn.c_attn.bias", {3 * width}});
  out.push_back({layer + "attn.c_proj.weight", {width, width}});
  out.push_back({layer + "attn.c_proj.bias", {width}});
  out.push_back({layer + "ln_2.weight", {width}});
  out.push_back({layer + "ln_2.bias", {width}});
  out.push_back({layer + "mlp.c_fc.weight", {width, config.hidden}});
  out.push_back({layer + "mlp.c_fc.bias", {config.hidden}});
  out.push_back({layer + "mlp.c_proj.weight", {config.hidden, width}});
  out.push_back({layer + "mlp.c_proj.bias", {width}});
}

std::vector<TensorShape> gpt2_tensors(const ModelConfig& config) {
  std::vector<TensorShape> out;
  out.push_back({"transformer.wte.weight", {config.vocabulary, config.width}});
  out.push_back({"transformer.wpe.weight", {config.context, config.width}});
  for (std::size_t i = 0; i < config.layers; ++i)
    add_gpt2_layer(config, "transformer.h." + std::to_string(i) + ".", out);
  out.push_back({"transformer.ln_f.weight", {config.width}});
  out.push_back({"transformer.ln_f.bias", {config.width}});
  return out;
}

// A projection into heads, with its bias where the architecture has one.
void add_projection(const ModelConfig& config, const std::string& name, std::size_t heads,
                    std::vector<TensorShape>& out) {
  out.push_back({name + ".weight", {heads * config.head_width, config.width}});
  if (config.architecture == Architecture::qwen2)
    out.push_back({name + ".bias", {heads * config.head_width}});
}

void add_llama_layer(const ModelConfig& config, const std::string& layer,
                     std::vector<TensorShape>& out) {
  out.push_back({layer + "input_layernorm.weight", {config.width}});
  add_projection(config, layer + "self_attn.q_proj", config.heads, out);
  add_projection(config, layer + "self_attn.k_proj", config.kv_heads, out);
  add_projection(config, layer + "self_attn.v_proj", config.kv_heads, out);
  out.push_back(
      {layer + "self_attn.o_proj.weight", {config.width, config.heads * config.head_width}});
  out.push_back({layer + "post_attention_layernorm.weight", {config.width}});
  out.push_back({layer + "mlp.gate_proj.weight", {config.hidden, config.width}});
  out.push_back({layer + "mlp.up_proj.weight", {config.hidden, config.width}});
  out.push_back({layer + "mlp.down_proj.weight", {config.width, config.hidden}});
}

std::vector<TensorShape> llama_tensors(const ModelConfig& config) {
  std::vector<TensorShape> out;
  out.push_back({"model.embed_tokens.weight", {config.vocabulary, config.width}});
  for (std::size_t i = 0; i < config.layers; ++i)
    add_llama_layer(config, "model.layers." + std::to_string(i) + ".", out);
  out.push_back({"model.norm.weight", {config.width}});
  return out;
}

}  // namespace

std::string_view name_of(Architecture architecture) {
  return architecture_names.at(static_cast<std::size_t>(architecture));
}

Result<Architecture> architecture_of(std::string_view model_type) {
  std::string known;
  for (std::size_t i = 0; i < architecture_names.size(); ++i) {
    if (architecture_names.at(i) == model_type) return static_cast<Architecture>(i);
    known += (i == 0 ? "" : ", ") + std::string(architecture_names.at(i));
  }
  return Error{ErrorCode::unsupported, "architecture \"" + std::string(model_type) + "\""}
      .expecting("one of " + known);
}

Status ModelConfig::check() const {
  CANDOR_CHECK(check_sizes(*this));
  CANDOR_CHECK(check_positive("norm_epsilon", norm_epsilon));
  CANDOR_CHECK(architecture == Architecture::gpt2 ? check_gpt2(*this) : check_rotary(*this));
  if (begin_token) CANDOR_CHECK(check_token("begin_token", *begin_token));
  for (const std::int32_t token : end_tokens) CANDOR_CHECK(check_token("end_tokens", token));
  return {};
}

std::size_t ModelConfig::parameters() const {
  std::size_t total = 0;
  for (const TensorShape& tensor : tensors_of(*this)) total += count_of(tensor.shape).value_or(0);
  return total;
}

std::vector<TensorShape> tensors_of(const ModelConfig& config) {
  std::vector<TensorShape> out =
      config.architecture == Architecture::gpt2 ? gpt2_tensors(config) : llama_tensors(config);
  if (!config.tied_embeddings) out.push_back({"lm_head.weight", {config.vocabulary, config.width}});
  return out;
}

}  // namespace candor::checkpoint
