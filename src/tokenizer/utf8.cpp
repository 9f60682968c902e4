#include "tokenizer/utf8.h"

#include <algorithm>
#include <cstdint>

namespace candor::tokenizer {
namespace {

struct Lead {
  std::size_t length = 0;
  std::uint8_t second_from = 0x80;  // range of the byte after it
  std::uint8_t second_to = 0xBF;
};

Lead lead_of(std::uint8_t byte) {
  if (byte < 0x80) return {1};
  if (byte < 0xC2) return {};
  if (byte < 0xE0) return {2};
  if (byte == 0xE0) return {3, 0xA0, 0xBF};
  if (byte == 0xED) return {3, 0x80, 0x9F};
  if (byte < 0xF0) return {3};
  if (byte == 0xF0) return {4, 0x90, 0xBF};
  if (byte < 0xF4) return {4};
  if (byte == 0xF4) return {4, 0x80, 0x8F};
  return {};
}

std::uint8_t byte_at(std::string_view text, std::size_t i) {
  return static_cast<std::uint8_t>(text[i]);
}

bool is_continuation(char c) {
  return (static_cast<std::uint8_t>(c) & 0xC0U) == 0x80U;
}

}  // namespace

std::size_t sequence_length(std::string_view text) {
  if (text.empty()) return 0;
  const Lead lead = lead_of(byte_at(text, 0));
  if (lead.length <= 1) return lead.length;
  if (text.size() < lead.length) return 0;
  if (byte_at(text, 1) < lead.second_from || byte_at(text, 1) > lead.second_to) return 0;
  const std::string_view rest = text.substr(2, lead.length - 2);
  return std::all_of(rest.begin(), rest.end(), is_continuation) ? lead.length : 0;
}

std::size_t valid_prefix(std::string_view text) {
  std::size_t at = 0;
  while (const std::size_t length = sequence_length(text.substr(at))) at += length;
  return at;
}

std::size_t invalid_prefix(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size() && sequence_length(text.substr(at)) == 0) ++at;
  return at;
}

}  // namespace candor::tokenizer
