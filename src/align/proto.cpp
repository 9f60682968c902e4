#include "align/proto.h"

#include <algorithm>

namespace candor::align {
namespace {

std::optional<std::uint64_t> take_varint(std::string_view& bytes) {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 64 && !bytes.empty(); shift += 7) {
    const auto byte = static_cast<unsigned char>(bytes.front());
    bytes.remove_prefix(1);
    value |= static_cast<std::uint64_t>(byte & 0x7fU) << shift;
    if (byte < 0x80U) return value;
  }
  return std::nullopt;
}

// Bytes of a value of this kind that is no varint.
std::optional<std::uint64_t> size_of(std::uint64_t kind, std::string_view& bytes) {
  if (kind == 1) return 8;
  if (kind == 5) return 4;
  if (kind == 2) return take_varint(bytes);
  return std::nullopt;
}

}  // namespace

std::optional<std::uint64_t> varint_of(std::string_view message, std::uint32_t field) {
  while (!message.empty()) {
    const auto key = take_varint(message);
    if (!key) return std::nullopt;
    if (*key % 8 == 0) {
      const auto value = take_varint(message);
      if (!value || *key / 8 == field) return value;
      continue;
    }
    const auto size = size_of(*key % 8, message);
    if (!size || *size > message.size()) return std::nullopt;
    message.remove_prefix(static_cast<std::size_t>(*size));
  }
  return std::nullopt;
}

std::string little_endian(std::uint64_t value, int bytes) {
  std::string out;
  for (int i = 0; i < bytes; ++i) out += static_cast<char>((value >> (8 * i)) & 0xffU);
  return out;
}

std::uint64_t from_little_endian(std::string_view bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = bytes.size(); i > 0; --i)
    value = (value << 8U) | static_cast<unsigned char>(bytes[i - 1]);
  return value;
}

}  // namespace candor::align
