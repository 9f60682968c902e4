#include <set>
#include <string_view>

#include "candor/base/text.h"
#include "candor/checkpoint/safetensors.h"
#include "checkpoint/stored_tensor.h"
#include "checkpoint/tensor_output.h"

namespace candor::checkpoint {
namespace {

Status check_type(ElementType type) {
  if (type == ElementType::f32 || type == ElementType::f16 || type == ElementType::bf16) return {};
  return Error{ErrorCode::invalid_argument, std::string(format_of(type).name)}
      .in_field("type")
      .expecting("F32, F16 or BF16");
}

Status check_tensors(std::span<const NamedTensor> tensors) {
  std::set<std::string_view> names;
  for (const auto& [tensor, values] : tensors) {
    if (!names.insert(tensor.name).second || tensor.name == "__metadata__")
      return Error{ErrorCode::invalid_argument, "the name twice, or one that is taken"}
          .in_field(tensor.name)
          .expecting("each tensor once");
    if (count_of(tensor.shape) != values.size())
      return Error{ErrorCode::invalid_argument, std::to_string(values.size()) + " values"}
          .in_field(tensor.name)
          .expecting("as many as shape " + shape_text(tensor.shape) + " has");
  }
  return {};
}

void append_metadata(std::string& json, const std::map<std::string, std::string>& metadata) {
  json += "\"__metadata__\":{";
  bool first = true;
  for (const auto& [name, text] : metadata) {
    if (!first) json += ',';
    first = false;
    append_json_string(json, name);
    json += ':';
    append_json_string(json, text);
  }
  json += '}';
}

std::string header_text(std::span<const NamedTensor> tensors, ElementType type,
                        const std::map<std::string, std::string>& metadata) {
  std::string json = "{";
  if (!metadata.empty()) append_metadata(json, metadata);
  std::size_t reached = 0;
  for (const auto& [tensor, values] : tensors) {
    if (json.size() > 1) json += ',';
    append_json_string(json, tensor.name);
    const std::size_t end = reached + values.size() * format_of(type).bytes;
    json += ":{\"dtype\":\"" + std::string(format_of(type).name) +
            "\",\"shape\":" + shape_text(tensor.shape) + ",\"data_offsets\":[" +
            std::to_string(reached) + "," + std::to_string(end) + "]}";
    reached = end;
  }
  json += '}';
  json.resize((json.size() + 7) / 8 * 8, ' ');  // so that the data is aligned
  return json;
}

std::string length_bytes(std::size_t length) {
  std::string bytes;
  for (unsigned shift = 0; shift < 64; shift += 8)
    bytes += static_cast<char>(static_cast<unsigned char>(length >> shift & 0xffU));
  return bytes;
}

}  // namespace

Status write_safetensors(const std::string& path, std::span<const NamedTensor> tensors,
                         ElementType type, const std::map<std::string, std::string>& metadata) {
  CANDOR_CHECK(check_type(type));
  CANDOR_CHECK(check_tensors(tensors));
  const std::string header = header_text(tensors, type, metadata);
  CANDOR_TRY(OutputFile file, OutputFile::create(path));
  CANDOR_CHECK(file.write(length_bytes(header.size())));
  CANDOR_CHECK(file.write(header));
  for (const NamedTensor& tensor : tensors) CANDOR_CHECK(write_values(file, tensor, type));
  return file.commit();
}

}  // namespace candor::checkpoint
