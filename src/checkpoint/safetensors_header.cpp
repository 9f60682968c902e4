#include "checkpoint/safetensors_header.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "checkpoint/json.h"
#include "checkpoint/stored_tensor.h"

namespace candor::checkpoint {
namespace {

using nlohmann::json;

constexpr std::array<std::pair<std::string_view, std::uint64_t>, 15> type_bytes{{
    {"BOOL", 1},
    {"U8", 1},
    {"I8", 1},
    {"F8_E5M2", 1},
    {"F8_E4M3", 1},
    {"I16", 2},
    {"U16", 2},
    {"F16", 2},
    {"BF16", 2},
    {"I32", 4},
    {"U32", 4},
    {"F32", 4},
    {"F64", 8},
    {"I64", 8},
    {"U64", 8},
}};

Error bad(const std::string& file, const std::string& tensor, std::string found) {
  return Error{ErrorCode::malformed, std::move(found)}.in_file(file).in_field(tensor);
}

Result<std::uint64_t> bytes_of_type(const std::string& file, const std::string& tensor,
                                    const std::string& type) {
  for (const auto& [name, bytes] : type_bytes)
    if (name == type) return bytes;
  return Error{ErrorCode::unsupported, "dtype " + type}.in_file(file).in_field(tensor).expecting(
      "F32, F16, BF16, F64, or an integer type");
}

Result<std::vector<std::size_t>> whole_numbers(const json& entry, const char* key,
                                               const std::string& file, const std::string& tensor) {
  const auto list = entry.find(key);
  const auto is_whole = [](const json& number) { return number.is_number_unsigned(); };
  if (list == entry.end() || !list->is_array() || !std::ranges::all_of(*list, is_whole))
    return bad(file, tensor, list == entry.end() ? "nothing" : found_text(*list))
        .expecting(std::string(key) + ", a list of whole numbers");
  return list->get<std::vector<std::size_t>>();
}

Status check_bytes(const SafetensorsEntry& entry, std::uint64_t data_bytes, const std::string& file,
                   const std::string& tensor) {
  if (entry.begin > entry.end || entry.end > data_bytes)
    return bad(file, tensor,
               "bytes " + std::to_string(entry.begin) + " to " + std::to_string(entry.end))
        .expecting("a part of the " + std::to_string(data_bytes) + " bytes behind the header")
        .way("the file is cut short or damaged: copy or download it again");
  CANDOR_TRY(const std::uint64_t width, bytes_of_type(file, tensor, entry.type));
  const auto count = count_of(entry.shape);
  if (count && (entry.end - entry.begin) / width == *count &&
      (entry.end - entry.begin) % width == 0)
    return {};
  return bad(file, tensor, std::to_string(entry.end - entry.begin) + " bytes")
      .expecting("as many as shape " + shape_text(entry.shape) + " of " + entry.type + " takes");
}

Result<SafetensorsEntry> parse_entry(const json& value, std::uint64_t data_bytes,
                                     const std::string& file, const std::string& tensor) {
  if (!value.is_object())
    return bad(file, tensor, value.type_name()).expecting("dtype, shape and data_offsets");
  SafetensorsEntry entry;
  const auto type = value.find("dtype");
  if (type == value.end() || !type->is_string())
    return bad(file, tensor, "no dtype").expecting("dtype, a text such as F32");
  entry.type = type->get<std::string>();
  CANDOR_TRY(entry.shape, whole_numbers(value, "shape", file, tensor));
  CANDOR_TRY(const std::vector<std::size_t> offsets,
             whole_numbers(value, "data_offsets", file, tensor));
  if (offsets.size() != 2)
    return bad(file, tensor, std::to_string(offsets.size()) + " data_offsets").expecting("two");
  entry.begin = offsets[0];
  entry.end = offsets[1];
  CANDOR_CHECK(check_bytes(entry, data_bytes, file, tensor));
  return entry;
}

Result<std::map<std::string, std::string>> parse_metadata(const json& value,
                                                          const std::string& file) {
  std::map<std::string, std::string> metadata;
  if (!value.is_object())
    return bad(file, "__metadata__", value.type_name()).expecting("an object of texts");
  for (const auto& [name, text] : value.items()) {
    if (!text.is_string())
      return bad(file, "__metadata__." + name, found_text(text)).expecting("a text");
    metadata[name] = text.get<std::string>();
  }
  return metadata;
}

// Sorted by place, each must begin where the one before ended.
Status check_layout(const std::map<std::string, SafetensorsEntry>& tensors,
                    std::uint64_t data_bytes, const std::string& file) {
  std::vector<std::pair<const SafetensorsEntry*, const std::string*>> order;
  for (const auto& [name, entry] : tensors) order.emplace_back(&entry, &name);
  std::ranges::sort(order, {}, [](const auto& tensor) {
    return std::pair(tensor.first->begin, tensor.first->end);
  });
  std::uint64_t reached = 0;
  for (const auto& [entry, name] : order) {
    if (entry->begin != reached)
      return bad(file, *name, "a start at byte " + std::to_string(entry->begin))
          .expecting("byte " + std::to_string(reached) +
                     ", where the tensor before it ends (no overlap, no gap)");
    reached = entry->end;
  }
  if (reached == data_bytes) return {};
  return Error{ErrorCode::malformed, std::to_string(data_bytes) + " bytes behind the header"}
      .in_file(file)
      .expecting(std::to_string(reached) + ", where the last tensor ends");
}

}  // namespace

Result<SafetensorsHeader> parse_safetensors_header(const std::string& text, const std::string& file,
                                                   std::uint64_t data_bytes) {
  CANDOR_TRY(const json object, parse_object(text, file));
  SafetensorsHeader header;
  for (const auto& [name, value] : object.items()) {
    if (name == "__metadata__") {
      CANDOR_TRY(header.metadata, parse_metadata(value, file));
      continue;
    }
    CANDOR_TRY(header.tensors[name], parse_entry(value, data_bytes, file, name));
  }
  CANDOR_CHECK(check_layout(header.tensors, data_bytes, file));
  return header;
}

}  // namespace candor::checkpoint
