#include "candor/base/text.h"

#include <array>
#include <charconv>
#include <system_error>

namespace candor {

void append_number(std::string& text, double value) {
  std::array<char, 32> buffer{};
  const auto done = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
  text.append(buffer.data(), done.ptr);
}

std::string number_text(double value) {
  std::string text;
  append_number(text, value);
  return text;
}

std::optional<double> parse_number(std::string_view text) {
  if (!text.empty() && text.front() == '+') text.remove_prefix(1);
  double value = 0.0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (code != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::string printable(std::string_view text) {
  constexpr std::size_t longest = 80;
  constexpr std::string_view hex = "0123456789abcdef";
  std::string shown;
  for (const char raw : text.substr(0, longest)) {
    const auto byte = static_cast<unsigned char>(raw);
    if (byte >= 0x20 && byte != 0x7f) {
      shown += raw;
    } else {
      shown += "\\x";
      shown += hex[byte >> 4U];
      shown += hex[byte & 15U];
    }
  }
  if (text.size() > longest) shown += "... (" + std::to_string(text.size()) + " bytes)";
  return shown;
}

void append_json_string(std::string& out, std::string_view text) {
  constexpr std::string_view hex = "0123456789abcdef";
  out += '"';
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte >= 0x20) {
      out += c;
    } else {
      out += "\\u00";
      out += hex[byte >> 4U];
      out += hex[byte & 15U];
    }
  }
  out += '"';
}

}  // namespace candor
