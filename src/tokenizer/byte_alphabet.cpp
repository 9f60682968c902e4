#include "tokenizer/byte_alphabet.h"

#include <cassert>

#include "tokenizer/utf8.h"

namespace candor::tokenizer {
namespace {

constexpr bool stands_for_itself(unsigned byte) {
  return (byte >= 0x21 && byte <= 0x7E) || (byte >= 0xA1 && byte <= 0xAC) || byte >= 0xAE;
}

constexpr std::array<char32_t, 256> make_alphabet() {
  std::array<char32_t, 256> character{};
  char32_t next = 0x100;
  for (unsigned byte = 0; byte < 256; ++byte)
    character[byte] = stands_for_itself(byte) ? byte : next++;
  return character;
}

constexpr auto alphabet = make_alphabet();
constexpr std::size_t alphabet_end = 0x144;  // one after its largest character

constexpr std::array<std::int16_t, alphabet_end> make_inverse() {
  std::array<std::int16_t, alphabet_end> byte{};
  byte.fill(-1);
  for (std::size_t i = 0; i < 256; ++i) byte[alphabet[i]] = static_cast<std::int16_t>(i);
  return byte;
}

constexpr auto inverse = make_inverse();

// All characters of the alphabet have one or two bytes in UTF-8.
std::size_t short_code_point(std::string_view sequence) {
  const auto first = static_cast<std::uint8_t>(sequence[0]);
  if (sequence.size() == 1) return first;
  if (sequence.size() > 2) return alphabet_end;
  return (first & 0x1FU) << 6U | (static_cast<std::uint8_t>(sequence[1]) & 0x3FU);
}

}  // namespace

char32_t alphabet_character(std::uint8_t byte) {
  return alphabet[byte];
}

std::string to_alphabet(std::string_view bytes) {
  std::string text;
  text.reserve(bytes.size() + bytes.size() / 4);
  for (const char c : bytes) {
    const char32_t code = alphabet[static_cast<std::uint8_t>(c)];
    if (code < 0x80) {
      text += static_cast<char>(code);
    } else {
      text += static_cast<char>(0xC0U | code >> 6U);
      text += static_cast<char>(0x80U | (code & 0x3FU));
    }
  }
  return text;
}

std::optional<std::string> from_alphabet(std::string_view text) {
  std::string bytes;
  while (!text.empty()) {
    const std::size_t length = sequence_length(text);
    if (length == 0) return std::nullopt;
    const std::size_t code = short_code_point(text.substr(0, length));
    if (code >= alphabet_end || inverse[code] < 0) return std::nullopt;
    bytes += static_cast<char>(inverse[code]);
    text.remove_prefix(length);
  }
  return bytes;
}

}  // namespace candor::tokenizer
