#include "checkpoint/gguf_reader.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "checkpoint/gguf_types.h"
#include "checkpoint/stored_tensor.h"

namespace candor::checkpoint {
namespace {

constexpr std::uint32_t magic = 0x46554747U;          // "GGUF"
constexpr std::uint64_t least_key_bytes = 8 + 4 + 1;  // empty name, type, one byte
constexpr std::uint64_t least_tensor_bytes = 8 + 4 + 4 + 8;
constexpr std::uint32_t most_dimensions = 4;

Error bad(const ByteReader& reader, const std::string& field, std::string found) {
  return Error{ErrorCode::malformed, std::move(found)}
      .in_file(reader.file().path())
      .in_field(field);
}

struct Counts {
  std::uint64_t tensors = 0;
  std::uint64_t keys = 0;
};

Status check_version(const ByteReader& reader, std::uint32_t version) {
  if (version == 2 || version == 3) return {};
  const bool other_end = (version & 0xffffU) == 0;
  return Error{ErrorCode::unsupported, "version " + std::to_string(version)}
      .in_file(reader.file().path())
      .expecting(other_end ? "a little-endian file" : "version 2 or 3")
      .way("convert it again with current tools");
}

Result<Counts> read_counts(ByteReader& reader) {
  CANDOR_TRY(const auto first, reader.number<std::uint32_t>());
  if (first != magic) return bad(reader, "", "other first bytes").expecting("GGUF");
  CANDOR_TRY(const auto version, reader.number<std::uint32_t>());
  CANDOR_CHECK(check_version(reader, version));
  Counts counts;
  CANDOR_TRY(counts.tensors, reader.number<std::uint64_t>());
  CANDOR_TRY(counts.keys, reader.number<std::uint64_t>());
  CANDOR_CHECK(reader.check_room(counts.keys, least_key_bytes, "keys"));
  CANDOR_CHECK(reader.check_room(counts.tensors, least_tensor_bytes, "tensors"));
  return counts;
}

Status read_keys(ByteReader& reader, std::uint64_t keys, GgufMetadata& metadata) {
  for (std::uint64_t i = 0; i < keys; ++i) {
    CANDOR_TRY(std::string key, reader.text());
    if (metadata.contains(key)) return bad(reader, key, "the key twice").expecting("each key once");
    CANDOR_TRY(GgufValue value, read_gguf_value(reader, key));
    metadata.emplace(std::move(key), std::move(value));
  }
  return {};
}

Result<std::vector<std::size_t>> read_shape(ByteReader& reader, const std::string& name) {
  CANDOR_TRY(const auto dimensions, reader.number<std::uint32_t>());
  if (dimensions > most_dimensions)
    return bad(reader, name, std::to_string(dimensions) + " dimensions").expecting("at most 4");
  std::vector<std::size_t> shape;
  for (std::uint32_t i = 0; i < dimensions; ++i) {
    CANDOR_TRY(const auto length, reader.number<std::uint64_t>());
    shape.push_back(length);
  }
  std::ranges::reverse(shape);
  return shape;
}

Result<ElementType> read_element(ByteReader& reader, const std::string& name) {
  CANDOR_TRY(const auto number, reader.number<std::uint32_t>());
  if (const auto type = gguf_element_of(number)) return *type;
  return Error{ErrorCode::unsupported, "ggml type " + std::to_string(number)}
      .in_file(reader.file().path())
      .in_field(name)
      .expecting("F32, F16, BF16, F64, Q4_0, Q4_1, Q5_0, Q5_1, Q8_0 or Q2_K to Q6_K")
      .way("quantise the model to one of these, or take the original");
}

// place: still counted from the start of the data.
Status read_tensors(ByteReader& reader, std::uint64_t count,
                    std::map<std::string, GgufTensor>& tensors) {
  for (std::uint64_t i = 0; i < count; ++i) {
    CANDOR_TRY(std::string name, reader.text());
    if (tensors.contains(name))
      return bad(reader, name, "the name twice").expecting("each tensor once");
    GgufTensor tensor;
    CANDOR_TRY(tensor.shape, read_shape(reader, name));
    CANDOR_TRY(tensor.type, read_element(reader, name));
    CANDOR_TRY(tensor.place, reader.number<std::uint64_t>());
    tensors.emplace(std::move(name), std::move(tensor));
  }
  return {};
}

Result<std::uint64_t> alignment_of(const ByteReader& reader, const GgufMetadata& metadata) {
  const auto found = metadata.find("general.alignment");
  if (found == metadata.end()) return std::uint64_t{32};
  const auto* value = std::get_if<std::uint32_t>(&found->second);
  if (value == nullptr || !std::has_single_bit(*value))
    return bad(reader, "general.alignment", kind_of(found->second))
        .expecting("a power of two, u32");
  return std::uint64_t{*value};
}

// Bytes of a tensor whose rows are whole blocks.
Result<std::uint64_t> tensor_bytes(const ByteReader& reader, const std::string& name,
                                   const GgufTensor& tensor) {
  const std::size_t row = tensor.shape.empty() ? 1 : tensor.shape.back();
  const auto count = count_of(tensor.shape);
  const auto bytes = count ? bytes_of(tensor.type, *count) : std::nullopt;
  if (bytes && row % format_of(tensor.type).values == 0) return *bytes;
  return bad(reader, name, "shape " + shape_text(tensor.shape))
      .expecting("rows of whole " + std::string(format_of(tensor.type).name) + " blocks");
}

Status check_place(const ByteReader& reader, const std::string& name, const GgufTensor& tensor,
                   std::uint64_t bytes, std::uint64_t room, std::uint64_t alignment) {
  if (tensor.place % alignment != 0)
    return bad(reader, name, "offset " + std::to_string(tensor.place))
        .expecting("a multiple of " + std::to_string(alignment));
  if (tensor.place <= room && bytes <= room - tensor.place) return {};
  return bad(reader, name,
             std::to_string(bytes) + " bytes at offset " + std::to_string(tensor.place))
      .expecting("a part of the " + std::to_string(room) + " bytes behind the metadata")
      .way("the file is cut short or damaged: copy or download it again");
}

Status check_overlap(const ByteReader& reader, const std::map<std::string, GgufTensor>& tensors) {
  std::vector<std::pair<const GgufTensor*, const std::string*>> order;
  for (const auto& [name, tensor] : tensors) order.emplace_back(&tensor, &name);
  std::ranges::sort(order, {}, [](const auto& entry) { return entry.first->place; });
  std::uint64_t reached = 0;
  for (const auto& [tensor, name] : order) {
    if (tensor->place < reached)
      return bad(reader, *name, "a start at byte " + std::to_string(tensor->place))
          .expecting("byte " + std::to_string(reached) + " or later: tensors must not overlap");
    CANDOR_TRY(const std::uint64_t bytes, tensor_bytes(reader, *name, *tensor));
    reached = tensor->place + bytes;
  }
  return {};
}

// Places become those in the file.
Status place_tensors(const ByteReader& reader, const GgufMetadata& metadata,
                     std::map<std::string, GgufTensor>& tensors) {
  if (tensors.empty()) return {};
  CANDOR_TRY(const std::uint64_t alignment, alignment_of(reader, metadata));
  const std::uint64_t data = (reader.place() + alignment - 1) / alignment * alignment;
  const std::uint64_t room = reader.file().size() - std::min(data, reader.file().size());
  for (auto& [name, tensor] : tensors) {
    CANDOR_TRY(const std::uint64_t bytes, tensor_bytes(reader, name, tensor));
    CANDOR_CHECK(check_place(reader, name, tensor, bytes, room, alignment));
    tensor.place += data;
  }
  return check_overlap(reader, tensors);
}

}  // namespace

Result<GgufContents> read_gguf(const InputFile& file) {
  ByteReader reader(file, 0);
  CANDOR_TRY(const Counts counts, read_counts(reader));
  GgufContents contents;
  CANDOR_CHECK(read_keys(reader, counts.keys, contents.metadata));
  CANDOR_CHECK(read_tensors(reader, counts.tensors, contents.tensors));
  CANDOR_CHECK(place_tensors(reader, contents.metadata, contents.tensors));
  return contents;
}

}  // namespace candor::checkpoint
