#include "checkpoint/gguf_writer.h"

#include <algorithm>
#include <cstring>
#include <type_traits>
#include <utility>

#include "candor/base/file.h"
#include "checkpoint/gguf_config.h"
#include "checkpoint/gguf_layout.h"
#include "checkpoint/gguf_types.h"
#include "checkpoint/rope_factors.h"
#include "checkpoint/stored_tensor.h"
#include "checkpoint/tensor_output.h"

namespace candor::checkpoint {
namespace {

template <class T>
void append(std::string& out, const T& value) {
  if constexpr (std::is_same_v<T, std::string>) {
    append(out, std::uint64_t{value.size()});
    out += value;
  } else {
    char bytes[sizeof(T)];
    std::memcpy(bytes, &value, sizeof value);
    out.append(bytes, sizeof bytes);
  }
}

template <class T>
void append(std::string& out, const std::vector<T>& values) {
  append(out, std::uint64_t{values.size()});
  for (const T& value : values) append(out, value);
}

void append_value(std::string& out, const GgufValue& value) {
  const GgufTypeCode code = type_code_of(value);
  append(out, code.type);
  if (code.element) append(out, *code.element);
  std::visit([&](const auto& content) { append(out, content); }, value);
}

std::uint64_t plan_bytes(const GgufPlan& plan) {
  return bytes_of(plan.type, count_of(plan.tensor.shape).value_or(0)).value_or(0);
}

void append_tensor(std::string& out, const GgufPlan& plan, std::uint64_t offset) {
  append(out, plan.tensor.name);
  append(out, static_cast<std::uint32_t>(plan.tensor.shape.size()));
  for (std::size_t i = plan.tensor.shape.size(); i-- > 0;)
    append(out, std::uint64_t{plan.tensor.shape[i]});
  append(out, gguf_number_of(plan.type));
  append(out, offset);
}

ElementType matrix_type(FileType type, std::size_t row) {
  switch (type) {
    case FileType::f32:
      return ElementType::f32;
    case FileType::f16:
      return ElementType::f16;
    case FileType::bf16:
      return ElementType::bf16;
    case FileType::q8_0:
      break;
  }
  return row % format_of(ElementType::q8_0).values == 0 ? ElementType::q8_0 : ElementType::f16;
}

ElementType type_of(const TensorShape& tensor, FileType type) {
  if (tensor.shape.size() < 2 || tensor.name == "position_embd.weight") return ElementType::f32;
  return matrix_type(type, tensor.shape.back());
}

// Keys of `extra` put beside those of the config; a tokenizer may say again which tokens begin and
// end a text.
Status merge(const GgufMetadata& extra, GgufMetadata& metadata) {
  for (const auto& [key, value] : extra) {
    const bool taken = metadata.contains(key) && metadata.at(key) != value;
    if (key == "general.alignment" || (taken && !key.starts_with("tokenizer.")))
      return Error{ErrorCode::conflict, "a second value"}.in_field(key).expecting(
          "only keys that the config does not state");
    metadata[key] = value;
  }
  return {};
}

Status write_padded(OutputFile& file, const GgufPlan& plan, std::span<const float> values) {
  CANDOR_CHECK(write_values(file, {plan.tensor, values}, plan.type));
  const std::uint64_t bytes = plan_bytes(plan);
  return file.write(std::string(gguf_padded(bytes) - bytes, '\0'));
}

bool has_divisors(const ModelConfig& config) {
  return config.architecture != Architecture::gpt2 &&
         config.rope_scaling.kind == RopeScaling::Kind::llama3;
}

}  // namespace

std::uint64_t gguf_padded(std::uint64_t n) {
  return (n + gguf_alignment - 1) / gguf_alignment * gguf_alignment;
}

std::string gguf_front(const GgufMetadata& metadata, std::span<const GgufPlan> tensors) {
  std::string out = "GGUF";
  append(out, std::uint32_t{3});
  append(out, std::uint64_t{tensors.size()});
  append(out, std::uint64_t{metadata.size()});
  for (const auto& [key, value] : metadata) {
    append(out, key);
    append_value(out, value);
  }
  std::uint64_t offset = 0;
  for (const GgufPlan& plan : tensors) {
    append_tensor(out, plan, offset);
    offset += gguf_padded(plan_bytes(plan));
  }
  out.resize(gguf_padded(out.size()), '\0');
  return out;
}

Status write_gguf(const std::string& path, const ModelTensors& model, FileType type,
                  const GgufMetadata& extra) {
  CANDOR_TRY(const std::vector<NamedTensor> tensors, named_tensors(model));
  CANDOR_TRY(GgufMetadata metadata, metadata_of(model.config, type));
  CANDOR_CHECK(merge(extra, metadata));
  std::vector<GgufPlace> places;
  std::vector<GgufPlan> plans;
  for (const NamedTensor& named : tensors) {
    places.push_back(gguf_place_of(model.config, named.tensor));
    plans.push_back({places.back().tensor, type_of(places.back().tensor, type)});
  }
  if (has_divisors(model.config))
    plans.push_back({{rope_divisors_name, {model.config.head_width / 2}}, ElementType::f32});
  CANDOR_TRY(OutputFile file, OutputFile::create(path));
  CANDOR_CHECK(file.write(gguf_front(metadata, plans)));
  for (std::size_t i = 0; i < tensors.size(); ++i)
    CANDOR_CHECK(write_padded(file, plans[i], to_gguf(places[i], tensors[i].values)));
  if (has_divisors(model.config))
    CANDOR_CHECK(write_padded(file, plans.back(), llama3_divisors(model.config)));
  return file.commit();
}

}  // namespace candor::checkpoint
