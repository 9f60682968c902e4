#include "checkpoint/gguf_config.h"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "candor/base/text.h"
#include "checkpoint/rope_factors.h"
#include "checkpoint/stored_tensor.h"

namespace candor::checkpoint {
namespace {

using Kind = RopeScaling::Kind;

constexpr const char* embedding_name = "token_embd.weight";
constexpr std::array end_keys{"tokenizer.ggml.eos_token_id", "tokenizer.ggml.eot_token_id",
                              "tokenizer.ggml.eom_token_id"};
// Not the format's: what no key of it holds, so that a config comes back as it was.
constexpr const char* low_frequency_key = "candor.rope.low_frequency_factor";
constexpr const char* high_frequency_key = "candor.rope.high_frequency_factor";

// Reads the keys under one architecture's name.
class Keys {
 public:
  Keys(const GgufFile& file, Architecture architecture)
      : file_(file), prefix_(std::string(name_of(architecture)) + ".") {}

  [[nodiscard]] Result<std::size_t> size(const char* key) const {
    CANDOR_TRY(const auto value, file_.require<std::int64_t>(prefix_ + key));
    return checked(key, value);
  }
  [[nodiscard]] Result<std::size_t> size(const char* key, std::size_t otherwise) const {
    CANDOR_TRY(const auto value, file_.find<std::int64_t>(prefix_ + key));
    return value ? checked(key, *value) : Result<std::size_t>(otherwise);
  }
  [[nodiscard]] Result<double> number(const char* key, double otherwise) const {
    CANDOR_TRY(const auto value, file_.find<double>(prefix_ + key));
    return value.value_or(otherwise);
  }
  [[nodiscard]] Result<std::string> text(const char* key, const char* otherwise) const {
    CANDOR_TRY(const auto value, file_.find<std::string>(prefix_ + key));
    return value.value_or(otherwise);
  }
  [[nodiscard]] bool has(const char* key) const { return file_.metadata().contains(prefix_ + key); }
  [[nodiscard]] Error unsupported(const char* key, std::string found) const {
    return Error{ErrorCode::unsupported, std::move(found)}
        .in_file(file_.path())
        .in_field(prefix_ + key);
  }

 private:
  [[nodiscard]] Result<std::size_t> checked(const char* key, std::int64_t value) const {
    if (value >= 0) return static_cast<std::size_t>(value);
    return unsupported(key, std::to_string(value)).expecting("a whole number from 0 on");
  }

  const GgufFile& file_;
  std::string prefix_;
};

// Keys that change the arithmetic; 0 is their way of saying that they do not.
constexpr std::array strange_keys{
    "expert_count", "attention.sliding_window", "attention.scale", "attention.clamp_kqv",
    "logit_scale",  "residual_scale",           "embedding_scale", "attn_logit_softcapping",
};

Status refuse_strange_keys(const GgufFile& file, const Keys& keys, Architecture architecture) {
  for (const char* key : strange_keys) {
    const std::string name = std::string(name_of(architecture)) + "." + key;
    const auto number = file.find<double>(name);
    const bool harmless = number.ok() && (!*number || **number == 0.0);
    if (!harmless)
      return keys.unsupported(key, "a value that changes the arithmetic")
          .expecting("no such key")
          .way("this variant of the architecture is not known here");
  }
  return {};
}

Status read_special_tokens(const GgufFile& file, ModelConfig& config) {
  CANDOR_TRY(const auto begin, file.find<std::int64_t>("tokenizer.ggml.bos_token_id"));
  const auto is_token = [](std::int64_t token) {
    return token >= 0 && token <= std::numeric_limits<std::int32_t>::max();
  };
  if (begin && is_token(*begin)) config.begin_token = static_cast<std::int32_t>(*begin);
  for (const char* key : end_keys) {
    CANDOR_TRY(const auto end, file.find<std::int64_t>(key));
    if (!end || !is_token(*end)) continue;
    const auto token = static_cast<std::int32_t>(*end);
    if (std::ranges::find(config.end_tokens, token) == config.end_tokens.end())
      config.end_tokens.push_back(token);
  }
  return {};
}

Status read_vocabulary(const GgufFile& file, ModelConfig& config) {
  const auto embedding = file.tensors().find(embedding_name);
  if (embedding == file.tensors().end()) return missing_tensor(file.path(), embedding_name);
  const std::vector<std::size_t>& shape = embedding->second.shape;
  if (shape.size() != 2)
    return Error{ErrorCode::malformed, "shape " + shape_text(shape)}
        .in_file(file.path())
        .in_field(embedding_name)
        .expecting("[vocabulary, width]");
  config.vocabulary = shape[0];
  return {};
}

Status read_shape(const Keys& keys, ModelConfig& config) {
  CANDOR_TRY(config.context, keys.size("context_length"));
  CANDOR_TRY(config.width, keys.size("embedding_length"));
  CANDOR_TRY(config.layers, keys.size("block_count"));
  CANDOR_TRY(config.hidden, keys.size("feed_forward_length"));
  CANDOR_TRY(config.heads, keys.size("attention.head_count"));
  CANDOR_TRY(config.kv_heads, keys.size("attention.head_count_kv", config.heads));
  const std::size_t share = config.heads == 0 ? 0 : config.width / config.heads;
  CANDOR_TRY(config.head_width, keys.size("attention.key_length", share));
  CANDOR_TRY(const std::size_t value_width, keys.size("attention.value_length", config.head_width));
  if (value_width == config.head_width) return {};
  return keys.unsupported("attention.value_length", std::to_string(value_width))
      .expecting("the key_length, " + std::to_string(config.head_width));
}

Status read_linear_scaling(const Keys& keys, ModelConfig& config) {
  CANDOR_TRY(const std::string kind, keys.text("rope.scaling.type", "none"));
  if (kind == "none") return {};
  if (kind != "linear")
    return keys.unsupported("rope.scaling.type", kind).expecting("none or linear");
  config.rope_scaling.kind = Kind::linear;
  CANDOR_TRY(config.rope_scaling.factor, keys.number("rope.scaling.factor", 1.0));
  return {};
}

Status read_divisors(const GgufFile& file, const Keys& keys, ModelConfig& config) {
  if (!file.tensors().contains(rope_divisors_name)) return {};
  CANDOR_TRY(const std::vector<float> divisors, file.read(rope_divisors_name));
  ModelConfig guess = config;
  RopeScaling& scaling = guess.rope_scaling;
  CANDOR_TRY(scaling.original_context, keys.size("rope.scaling.original_context_length", 8192));
  CANDOR_TRY(const auto low, file.find<double>(low_frequency_key));
  CANDOR_TRY(const auto high, file.find<double>(high_frequency_key));
  scaling.low_frequency_factor = low.value_or(1.0);
  scaling.high_frequency_factor = high.value_or(4.0);
  const auto known = scaling_of(guess, divisors);
  if (!known || config.rope_scaling.kind != Kind::none)
    return Error{ErrorCode::unsupported, "other frequency divisors"}
        .in_file(file.path())
        .in_field(rope_divisors_name)
        .expecting("those of Llama 3's scaling");
  config.rope_scaling = *known;
  return {};
}

Status read_rotary(const GgufFile& file, const Keys& keys, ModelConfig& config) {
  CANDOR_TRY(config.norm_epsilon, keys.number("attention.layer_norm_rms_epsilon", 1e-5));
  CANDOR_TRY(config.rope_base, keys.number("rope.freq_base", 10000.0));
  CANDOR_TRY(const std::size_t turned, keys.size("rope.dimension_count", config.head_width));
  if (turned != config.head_width)
    return keys.unsupported("rope.dimension_count", std::to_string(turned))
        .expecting("all " + std::to_string(config.head_width) + " of a head");
  CANDOR_CHECK(read_linear_scaling(keys, config));
  return read_divisors(file, keys, config);
}

Result<Architecture> architecture_in(const GgufFile& file) {
  constexpr const char* key = "general.architecture";
  CANDOR_TRY(const std::string name, file.require<std::string>(key));
  auto architecture = architecture_of(name);
  if (!architecture.ok()) return std::move(architecture).error().in_file(file.path()).in_field(key);
  return architecture;
}

GgufValue count(std::size_t value) {
  return static_cast<std::uint32_t>(value);  // config.check() keeps sizes below 2^30
}
GgufValue real(double value) {
  return static_cast<float>(value);
}

// llama.cpp's enumeration llama_ftype.
std::uint32_t file_type_number(FileType type) {
  switch (type) {
    case FileType::f32:
      return 0;
    case FileType::f16:
      return 1;
    case FileType::q8_0:
      return 7;
    case FileType::bf16:
      return 32;
  }
  return 0;
}

void add_scaling(const RopeScaling& scaling, const std::string& prefix, GgufMetadata& out) {
  if (scaling.kind == Kind::linear) {
    out[prefix + "rope.scaling.type"] = std::string("linear");
    out[prefix + "rope.scaling.factor"] = real(scaling.factor);
  }
  if (scaling.kind != Kind::llama3) return;
  out[prefix + "rope.scaling.original_context_length"] = count(scaling.original_context);
  out[low_frequency_key] = real(scaling.low_frequency_factor);
  out[high_frequency_key] = real(scaling.high_frequency_factor);
}

void add_rotary(const ModelConfig& config, const std::string& prefix, GgufMetadata& out) {
  out[prefix + "attention.layer_norm_rms_epsilon"] = real(config.norm_epsilon);
  out[prefix + "attention.key_length"] = count(config.head_width);
  out[prefix + "attention.value_length"] = count(config.head_width);
  out[prefix + "rope.dimension_count"] = count(config.head_width);
  out[prefix + "rope.freq_base"] = real(config.rope_base);
  out[prefix + "vocab_size"] = count(config.vocabulary);
  add_scaling(config.rope_scaling, prefix, out);
}

Status add_special_tokens(const ModelConfig& config, GgufMetadata& out) {
  if (config.end_tokens.size() > end_keys.size())
    return Error{ErrorCode::invalid_argument, std::to_string(config.end_tokens.size())}
        .in_field("end_tokens")
        .expecting("at most 3: a .gguf file has no place for more");
  if (config.begin_token)
    out["tokenizer.ggml.bos_token_id"] = static_cast<std::uint32_t>(*config.begin_token);
  for (std::size_t i = 0; i < config.end_tokens.size(); ++i)
    out[end_keys.at(i)] = static_cast<std::uint32_t>(config.end_tokens[i]);
  return {};
}

}  // namespace

Result<ModelConfig> config_of(const GgufFile& file) {
  CANDOR_TRY(const Architecture architecture, architecture_in(file));
  const Keys keys(file, architecture);
  CANDOR_CHECK(refuse_strange_keys(file, keys, architecture));
  ModelConfig config;
  config.architecture = architecture;
  CANDOR_CHECK(read_vocabulary(file, config));
  CANDOR_CHECK(read_shape(keys, config));
  CANDOR_CHECK(read_special_tokens(file, config));
  if (architecture == Architecture::gpt2) {
    CANDOR_TRY(config.norm_epsilon, keys.number("attention.layer_norm_epsilon", 1e-5));
  } else {
    CANDOR_CHECK(read_rotary(file, keys, config));
  }
  if (auto status = config.check(); !status.ok())
    return std::move(status).error().in_file(file.path());
  return config;
}

Result<GgufMetadata> metadata_of(const ModelConfig& config, FileType type) {
  GgufMetadata out;
  const std::string prefix = std::string(name_of(config.architecture)) + ".";
  out["general.architecture"] = std::string(name_of(config.architecture));
  out["general.file_type"] = file_type_number(type);
  out["general.quantization_version"] = std::uint32_t{2};
  out[prefix + "context_length"] = count(config.context);
  out[prefix + "embedding_length"] = count(config.width);
  out[prefix + "block_count"] = count(config.layers);
  out[prefix + "feed_forward_length"] = count(config.hidden);
  out[prefix + "attention.head_count"] = count(config.heads);
  out[prefix + "attention.head_count_kv"] = count(config.kv_heads);
  if (config.architecture == Architecture::gpt2)
    out[prefix + "attention.layer_norm_epsilon"] = real(config.norm_epsilon);
  else
    add_rotary(config, prefix, out);
  CANDOR_CHECK(add_special_tokens(config, out));
  return out;
}

}  // namespace candor::checkpoint
