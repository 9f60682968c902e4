#include "report/html.h"

#include <nlohmann/json.hpp>

namespace candor::report {
namespace {

using Json = nlohmann::json;

constexpr std::string_view replacement = "\xEF\xBF\xBD";

// The library's own UTF-8 check, which replaces what is not UTF-8; its quotes and escapes are
// undone by parsing again.
std::string valid_utf8(std::string_view text) {
  const std::string quoted = Json(text).dump(-1, ' ', false, Json::error_handler_t::replace);
  return Json::parse(quoted).get<std::string>();
}

std::string_view entity_of(char c) {
  switch (c) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '"':
      return "&quot;";
    case '\'':
      return "&#39;";
    default:
      return {};
  }
}

bool is_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte < 0x20 && c != '\n' && c != '\t') || byte == 0x7F;
}

}  // namespace

std::string escape_html(std::string_view text) {
  std::string out;
  for (const char c : valid_utf8(text)) {
    if (const std::string_view entity = entity_of(c); !entity.empty()) {
      out += entity;
    } else if (is_control(c)) {
      out += replacement;
    } else {
      out += c;
    }
  }
  return out;
}

std::string json_for_script(const Json& value) {
  std::string out;
  for (const char c : value.dump(-1, ' ', false, Json::error_handler_t::replace)) {
    if (c == '<') {
      out += "\\u003c";
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace candor::report
