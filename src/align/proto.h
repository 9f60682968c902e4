// align/proto.h
// As much of protocol buffers' wire format as an event file needs: fields one after another, each a
// key (number * 8 + kind) and a value.
#pragma once

#include <bit>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace candor::align {

/// The bytes of a message in the making.
class ProtoWriter {
 public:
  ProtoWriter& varint_field(std::uint32_t field, std::uint64_t value) {
    key(field, 0);
    varint(value);
    return *this;
  }
  ProtoWriter& double_field(std::uint32_t field, double value) {
    key(field, 1);
    fixed(std::bit_cast<std::uint64_t>(value), 8);
    return *this;
  }
  ProtoWriter& float_field(std::uint32_t field, float value) {
    key(field, 5);
    fixed(std::bit_cast<std::uint32_t>(value), 4);
    return *this;
  }
  /// A text, or a message within this one.
  ProtoWriter& bytes_field(std::uint32_t field, std::string_view bytes) {
    key(field, 2);
    varint(bytes.size());
    bytes_ += bytes;
    return *this;
  }
  [[nodiscard]] const std::string& bytes() const { return bytes_; }

 private:
  void key(std::uint32_t field, std::uint32_t kind) { varint(field * 8U + kind); }
  void varint(std::uint64_t value) {
    for (; value >= 0x80U; value >>= 7U) bytes_ += static_cast<char>((value & 0x7fU) | 0x80U);
    bytes_ += static_cast<char>(value);
  }
  void fixed(std::uint64_t value, int bytes) {
    for (int i = 0; i < bytes; ++i) bytes_ += static_cast<char>((value >> (8 * i)) & 0xffU);
  }

  std::string bytes_;
};

/// The value of a message's first varint field of this number; nothing where there is none or the
/// bytes are no message.
[[nodiscard]] std::optional<std::uint64_t> varint_of(std::string_view message, std::uint32_t field);

/// Little-endian.
[[nodiscard]] std::string little_endian(std::uint64_t value, int bytes);
[[nodiscard]] std::uint64_t from_little_endian(std::string_view bytes);

}  // namespace candor::align
