#include "candor/checkpoint/llama2c.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <map>
#include <optional>
#include <utility>

#include "checkpoint/input_file.h"
#include "checkpoint/rearrange.h"
#include "checkpoint/stored_tensor.h"

namespace candor::checkpoint {
namespace {

constexpr std::uint64_t header_bytes = 7 * sizeof(std::int32_t);

// Parts of a layer in the file's order; each stands there for all layers in turn.
constexpr std::array parts{
    "input_layernorm.weight",  "self_attn.q_proj.weight", "self_attn.k_proj.weight",
    "self_attn.v_proj.weight", "self_attn.o_proj.weight", "post_attention_layernorm.weight",
    "mlp.gate_proj.weight",    "mlp.down_proj.weight",    "mlp.up_proj.weight",
};

struct Layout {
  std::map<std::string, std::uint64_t> place;  // in floats behind the header
  std::uint64_t floats = 0;                    // in all
};

// The tensors with their sizes, by name.
class LayoutBuilder {
 public:
  explicit LayoutBuilder(const ModelConfig& config) : known_(config) {}
  void add(const std::string& name) {
    layout_.place[name] = layout_.floats;
    layout_.floats += known_.count(name);
  }
  void skip(std::uint64_t floats) { layout_.floats += floats; }
  [[nodiscard]] Layout take() { return std::move(layout_); }

 private:
  KnownTensors known_;
  Layout layout_;
};

Layout layout_of(const ModelConfig& config) {
  LayoutBuilder builder(config);
  builder.add("model.embed_tokens.weight");
  for (const char* part : parts)
    for (std::size_t i = 0; i < config.layers; ++i)
      builder.add("model.layers." + std::to_string(i) + "." + part);
  builder.add("model.norm.weight");
  builder.skip(std::uint64_t{config.context} * config.head_width);  // two tables of half the width
  if (!config.tied_embeddings) builder.add("lm_head.weight");
  return builder.take();
}

class Llama2cSource final : public ModelSource {
 public:
  Llama2cSource(ModelConfig config, Layout layout, InputFile file)
      : config_(std::move(config)),
        known_(config_),
        layout_(std::move(layout)),
        file_(std::move(file)) {}

  [[nodiscard]] const ModelConfig& config() const override { return config_; }

  // Opening found the file's size to be that of all tensors.
  [[nodiscard]] Status check(const TensorShape& tensor) const override {
    return known_.check(file_.path(), tensor);
  }

  [[nodiscard]] Result<std::vector<float>> read(const TensorShape& tensor) const override {
    CANDOR_CHECK(check(tensor));
    const std::uint64_t place = header_bytes + layout_.place.at(tensor.name) * sizeof(float);
    CANDOR_TRY(std::vector<float> values,
               read_values(file_, place, ElementType::f32, count_of(tensor.shape).value_or(0)));
    const std::size_t heads = paired_heads(tensor.name);
    return heads == 0 ? std::move(values) : pairs_to_halves(values, heads, config_.width);
  }

 private:
  [[nodiscard]] std::size_t paired_heads(const std::string& name) const {
    if (name.ends_with("q_proj.weight")) return config_.heads;
    return name.ends_with("k_proj.weight") ? config_.kv_heads : 0;
  }

  ModelConfig config_;
  KnownTensors known_;
  Layout layout_;
  InputFile file_;
};

using Header = std::array<std::int32_t, 7>;

Result<Header> read_header(const InputFile& file) {
  Header header{};
  CANDOR_CHECK(file.read_at(0, {reinterpret_cast<std::uint8_t*>(header.data()), sizeof header}));
  return header;
}

// Negative numbers become sizes that config.check() refuses.
std::size_t size_from(std::int64_t number) {
  return static_cast<std::size_t>(std::max<std::int64_t>(number, 0));
}

ModelConfig config_from(const Header& header) {
  ModelConfig config;
  config.architecture = Architecture::llama;
  config.width = size_from(header[0]);
  config.hidden = size_from(header[1]);
  config.layers = size_from(header[2]);
  config.heads = size_from(header[3]);
  config.kv_heads = size_from(header[4]);
  config.vocabulary = size_from(std::abs(std::int64_t{header[5]}));
  config.tied_embeddings = header[5] > 0;
  config.context = size_from(header[6]);
  config.head_width = config.heads == 0 ? 0 : config.width / config.heads;
  config.begin_token = 1;
  config.end_tokens = {2, 1};
  return config;
}

Error not_one(const std::string& path, const std::string& found, const std::string& expected) {
  return Error{ErrorCode::malformed, found}.in_file(path).expecting(expected).way(
      "this is no llama2.c checkpoint of version 0, or it was cut short");
}

}  // namespace

Result<std::unique_ptr<ModelSource>> open_llama2c(const std::string& path) {
  CANDOR_TRY(InputFile file, InputFile::open(path));
  CANDOR_TRY(const Header header, read_header(file));
  ModelConfig config = config_from(header);
  if (const Status status = config.check(); !status.ok())
    return not_one(path, "a header with " + status.error().field + " " + status.error().found,
                   status.error().expected);
  if (config.heads * config.head_width != config.width)
    return not_one(path, "width " + std::to_string(config.width),
                   "a multiple of " + std::to_string(config.heads) + " heads");
  if (config.layers > file.size() / (config.width * sizeof(float)))  // before anything is listed
    return not_one(path, std::to_string(file.size()) + " bytes",
                   "more for " + std::to_string(config.layers) + " layers");
  Layout layout = layout_of(config);
  const std::uint64_t expected = header_bytes + layout.floats * sizeof(float);
  if (file.size() != expected)
    return not_one(path, std::to_string(file.size()) + " bytes",
                   std::to_string(expected) + ", what the sizes in the header add up to");
  return std::unique_ptr<ModelSource>(
      std::make_unique<Llama2cSource>(std::move(config), std::move(layout), std::move(file)));
}

}  // namespace candor::checkpoint
