#include <array>
#include <type_traits>
#include <utility>

#include "checkpoint/gguf_reader.h"
#include "checkpoint/gguf_types.h"

namespace candor::checkpoint {
namespace {

using Read = Result<GgufValue> (*)(ByteReader&);

Error no_truth_value(const ByteReader& reader, unsigned found) {
  return Error{ErrorCode::malformed, std::to_string(found)}
      .in_file(reader.file().path())
      .expecting("0 or 1, a truth value");
}

template <class T>
Result<T> read_one(ByteReader& reader) {
  if constexpr (std::is_same_v<T, std::string>) {
    return reader.text();
  } else if constexpr (std::is_same_v<T, bool>) {
    CANDOR_TRY(const auto byte, reader.number<std::uint8_t>());
    if (byte > 1) return no_truth_value(reader, byte);
    return byte == 1;
  } else {
    return reader.number<T>();
  }
}

template <class T>
Result<GgufValue> read_single(ByteReader& reader) {
  CANDOR_TRY(T value, read_one<T>(reader));
  return GgufValue(std::in_place_type<T>, std::move(value));
}

// Bytes that an element takes at least.
template <class T>
constexpr std::uint64_t least_bytes =
    std::is_same_v<T, std::string> ? 8 : (std::is_same_v<T, bool> ? 1 : sizeof(T));

template <class T>
Result<GgufValue> read_array(ByteReader& reader) {
  CANDOR_TRY(const auto count, reader.number<std::uint64_t>());
  CANDOR_CHECK(reader.check_room(count, least_bytes<T>, "elements"));
  std::vector<T> values;
  values.reserve(count);
  for (std::uint64_t i = 0; i < count; ++i) {
    CANDOR_TRY(T value, read_one<T>(reader));
    values.push_back(std::move(value));
  }
  return GgufValue(std::in_place_type<std::vector<T>>, std::move(values));
}

template <std::size_t... index>
constexpr auto singles(std::index_sequence<index...> /*all*/) {
  return std::array<Read, sizeof...(index)>{
      read_single<std::variant_alternative_t<index, GgufValue>>...};
}
template <std::size_t... index>
constexpr auto arrays(std::index_sequence<index...> /*all*/) {
  return std::array<Read, sizeof...(index)>{
      read_array<std::variant_alternative_t<index, GgufValue>>...};
}
constexpr auto single_readers = singles(std::make_index_sequence<gguf_single_types>());
constexpr auto array_readers = arrays(std::make_index_sequence<gguf_single_types>());

Error unknown_type(const ByteReader& reader, std::uint32_t type) {
  return Error{ErrorCode::malformed, "value type " + std::to_string(type)}
      .in_file(reader.file().path())
      .expecting(type == gguf_array ? "no array of arrays" : "a type from 0 to 12");
}

Result<GgufValue> read_value(ByteReader& reader) {
  CANDOR_TRY(const auto type, reader.number<std::uint32_t>());
  if (const auto single = single_index_of(type)) return single_readers.at(*single)(reader);
  if (type != gguf_array) return unknown_type(reader, type);
  CANDOR_TRY(const auto element, reader.number<std::uint32_t>());
  if (const auto single = single_index_of(element)) return array_readers.at(*single)(reader);
  return unknown_type(reader, element);
}

}  // namespace

Result<GgufValue> read_gguf_value(ByteReader& reader, const std::string& key) {
  auto value = read_value(reader);
  if (!value.ok()) return std::move(value).error().in_field(key);
  return value;
}

}  // namespace candor::checkpoint
