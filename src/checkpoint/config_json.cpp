// config.json as Hugging Face's transformers writes it.
#include <cmath>

#include "candor/checkpoint/model_config.h"
#include "checkpoint/config_fields.h"
#include "checkpoint/json.h"

namespace candor::checkpoint {
namespace {

using nlohmann::json;
using Kind = RopeScaling::Kind;

Status read_special_tokens(const ConfigFields& fields, ModelConfig& config) {
  CANDOR_TRY(const std::vector<std::int32_t> begin, fields.tokens("bos_token_id"));
  if (begin.size() > 1) return fields.wrong("bos_token_id", "one token");
  if (!begin.empty()) config.begin_token = begin.front();
  CANDOR_TRY(config.end_tokens, fields.tokens("eos_token_id"));
  return {};
}

Status refuse_unknown_gpt2(const ConfigFields& fields) {
  CANDOR_CHECK(fields.must_be("scale_attn_weights", true, "scores divided by sqrt(head_width)"));
  CANDOR_CHECK(fields.must_be("scale_attn_by_inverse_layer_idx", false,
                              "no further scaling by layer is known here"));
  CANDOR_CHECK(fields.must_be("add_cross_attention", false, "a decoder alone"));
  CANDOR_TRY(const std::string activation, fields.text("activation_function", "gelu_new"));
  if (activation == "gelu_new" || activation == "gelu_pytorch_tanh") return {};
  return fields.must_be("activation_function", "gelu_new", "the only one known for gpt2");
}

Result<ModelConfig> read_gpt2(const ConfigFields& fields) {
  CANDOR_CHECK(refuse_unknown_gpt2(fields));
  ModelConfig config;
  config.architecture = Architecture::gpt2;
  CANDOR_TRY(config.width, fields.size("n_embd"));
  CANDOR_TRY(config.layers, fields.size("n_layer"));
  CANDOR_TRY(config.heads, fields.size("n_head"));
  CANDOR_TRY(config.context, fields.size("n_positions"));
  CANDOR_TRY(config.hidden, fields.size("n_inner", config.width * 4));
  CANDOR_TRY(config.norm_epsilon, fields.number("layer_norm_epsilon", 1e-5));
  CANDOR_TRY(config.tied_embeddings, fields.flag("tie_word_embeddings", true));
  config.kv_heads = config.heads;
  config.head_width = config.heads == 0 ? 0 : config.width / config.heads;
  return config;
}

Status refuse_unknown_llama(const ConfigFields& fields, Architecture architecture) {
  CANDOR_CHECK(fields.must_be("hidden_act", "silu", "the only activation known here"));
  CANDOR_CHECK(fields.must_be("mlp_bias", false, "no biases in the feed-forward layer"));
  CANDOR_CHECK(fields.must_be("partial_rotary_factor", 1.0, "all of a head is turned"));
  if (architecture == Architecture::qwen2) {
    CANDOR_CHECK(fields.must_be("attention_bias", true, "qwen2 has biases on q, k and v"));
    return fields.must_be("use_sliding_window", false, "attention over the whole context");
  }
  CANDOR_CHECK(fields.must_be("attention_bias", false, "llama without biases"));
  if (fields.find("sliding_window") == nullptr) return {};
  return fields.must_be("sliding_window", nullptr, "attention over the whole context");
}

Result<RopeScaling> read_llama3(const ConfigFields& fields) {
  RopeScaling scaling;
  scaling.kind = Kind::llama3;
  CANDOR_TRY(scaling.factor, fields.number("factor"));
  CANDOR_TRY(scaling.low_frequency_factor, fields.number("low_freq_factor"));
  CANDOR_TRY(scaling.high_frequency_factor, fields.number("high_freq_factor"));
  CANDOR_TRY(scaling.original_context, fields.size("original_max_position_embeddings"));
  return scaling;
}

// "type" is what rope_type was called before 2024.
Result<RopeScaling> read_scaling(const ConfigFields& fields) {
  CANDOR_TRY(const std::string older, fields.text("type", "default"));
  CANDOR_TRY(const std::string kind, fields.text("rope_type", older));
  if (kind == "llama3") return read_llama3(fields);
  RopeScaling scaling;
  if (kind == "default") return scaling;
  const char* name = fields.find("rope_type") != nullptr ? "rope_type" : "type";
  if (kind != "linear")
    return fields.must_be(name, "linear", "only default, linear and llama3 are known").error();
  scaling.kind = Kind::linear;
  CANDOR_TRY(scaling.factor, fields.number("factor"));
  return scaling;
}

// rope_theta and rope_scaling, or both in rope_parameters (transformers 5).
Status read_rotary(const ConfigFields& fields, const std::string& file, ModelConfig& config) {
  CANDOR_TRY(config.rope_base, fields.number("rope_theta", 10000.0));
  for (const char* name : {"rope_scaling", "rope_parameters"}) {
    const json* group = fields.find(name);
    if (group == nullptr) continue;
    if (!group->is_object()) return fields.wrong(name, "an object");
    const ConfigFields inner(*group, file);
    CANDOR_TRY(config.rope_base, inner.number("rope_theta", config.rope_base));
    CANDOR_CHECK(inner.must_be("partial_rotary_factor", 1.0, "all of a head is turned"));
    CANDOR_TRY(config.rope_scaling, read_scaling(inner));
  }
  return {};
}

Result<ModelConfig> read_llama(const ConfigFields& fields, const std::string& file,
                               Architecture architecture) {
  CANDOR_CHECK(refuse_unknown_llama(fields, architecture));
  ModelConfig config;
  config.architecture = architecture;
  CANDOR_TRY(config.width, fields.size("hidden_size"));
  CANDOR_TRY(config.layers, fields.size("num_hidden_layers"));
  CANDOR_TRY(config.heads, fields.size("num_attention_heads"));
  CANDOR_TRY(config.kv_heads, fields.size("num_key_value_heads", config.heads));
  const std::size_t share = config.heads == 0 ? 0 : config.width / config.heads;
  CANDOR_TRY(config.head_width, fields.size("head_dim", share));
  CANDOR_TRY(config.hidden, fields.size("intermediate_size"));
  CANDOR_TRY(config.context, fields.size("max_position_embeddings"));
  CANDOR_TRY(config.norm_epsilon, fields.number("rms_norm_eps", 1e-6));
  CANDOR_TRY(config.tied_embeddings, fields.flag("tie_word_embeddings", false));
  CANDOR_CHECK(read_rotary(fields, file, config));
  return config;
}

Result<ModelConfig> read_known(const ConfigFields& fields, const std::string& file) {
  CANDOR_TRY(const std::string type, fields.text("model_type"));
  auto architecture = architecture_of(type);
  if (!architecture.ok())
    return std::move(architecture).error().in_file(file).in_field("model_type");
  CANDOR_TRY(ModelConfig config, *architecture == Architecture::gpt2
                                     ? read_gpt2(fields)
                                     : read_llama(fields, file, *architecture));
  CANDOR_TRY(config.vocabulary, fields.size("vocab_size"));
  CANDOR_CHECK(read_special_tokens(fields, config));
  return config;
}

void add_gpt2(const ModelConfig& config, json& out) {
  out["architectures"] = {"GPT2LMHeadModel"};
  out["n_embd"] = config.width;
  out["n_layer"] = config.layers;
  out["n_head"] = config.heads;
  out["n_positions"] = config.context;
  out["n_inner"] = config.hidden;
  out["layer_norm_epsilon"] = config.norm_epsilon;
  out["activation_function"] = "gelu_new";
}

json scaling_json(const RopeScaling& scaling) {
  if (scaling.kind == Kind::none) return nullptr;
  json out = {{"rope_type", "linear"}, {"factor", scaling.factor}};
  if (scaling.kind == Kind::linear) return out;
  out["rope_type"] = "llama3";
  out["low_freq_factor"] = scaling.low_frequency_factor;
  out["high_freq_factor"] = scaling.high_frequency_factor;
  out["original_max_position_embeddings"] = scaling.original_context;
  return out;
}

void add_llama(const ModelConfig& config, json& out) {
  const bool qwen2 = config.architecture == Architecture::qwen2;
  out["architectures"] = {qwen2 ? "Qwen2ForCausalLM" : "LlamaForCausalLM"};
  out["hidden_size"] = config.width;
  out["num_hidden_layers"] = config.layers;
  out["num_attention_heads"] = config.heads;
  out["num_key_value_heads"] = config.kv_heads;
  out["head_dim"] = config.head_width;
  out["intermediate_size"] = config.hidden;
  out["max_position_embeddings"] = config.context;
  out["rms_norm_eps"] = config.norm_epsilon;
  out["hidden_act"] = "silu";
  out["rope_theta"] = config.rope_base;
  out["rope_scaling"] = scaling_json(config.rope_scaling);
  if (qwen2) out["use_sliding_window"] = false;
  if (!qwen2) out["attention_bias"] = false;
}

json tokens_json(const std::vector<std::int32_t>& tokens) {
  if (tokens.empty()) return nullptr;
  if (tokens.size() == 1) return tokens.front();
  return tokens;
}

}  // namespace

Result<ModelConfig> parse_config(std::string_view text, const std::string& file) {
  CANDOR_TRY(const json object, parse_object(text, file));
  CANDOR_TRY(ModelConfig config, read_known(ConfigFields(object, file), file));
  if (auto status = config.check(); !status.ok()) return std::move(status).error().in_file(file);
  return config;
}

std::string config_json(const ModelConfig& config) {
  json out;
  out["model_type"] = name_of(config.architecture);
  out["vocab_size"] = config.vocabulary;
  out["tie_word_embeddings"] = config.tied_embeddings;
  out["bos_token_id"] = config.begin_token ? json(*config.begin_token) : json(nullptr);
  out["eos_token_id"] = tokens_json(config.end_tokens);
  if (config.architecture == Architecture::gpt2)
    add_gpt2(config, out);
  else
    add_llama(config, out);
  return out.dump(2) + "\n";
}

}  // namespace candor::checkpoint
