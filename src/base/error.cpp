#include "candor/base/error.h"

#include <array>
#include <utility>

#include "candor/base/text.h"

namespace candor {
namespace {

struct CodeFacts {
  std::string_view name;
  int exit_status;
  int http_status;
};

constexpr std::array<CodeFacts, 8> code_facts{{
    {"invalid_argument", 2, 400},
    {"out_of_range", 2, 422},
    {"malformed", 3, 422},
    {"not_found", 4, 404},
    {"conflict", 5, 409},
    {"corrupt", 6, 500},
    {"io", 7, 503},
    {"unsupported", 8, 501},
}};

const CodeFacts& facts(ErrorCode code) {
  return code_facts.at(static_cast<std::size_t>(code));
}

}  // namespace

std::string_view name_of(ErrorCode code) {
  return facts(code).name;
}
int exit_status_of(ErrorCode code) {
  return facts(code).exit_status;
}
int http_status_of(ErrorCode code) {
  return facts(code).http_status;
}

Error&& Error::in_field(std::string_view name) && {
  field = name;
  return std::move(*this);
}
Error&& Error::at_row(std::string_view path, std::uint64_t line) && {
  file = path;
  row = line;
  return std::move(*this);
}
Error&& Error::in_file(std::string_view path) && {
  file = path;
  return std::move(*this);
}
Error&& Error::expecting(std::string_view what) && {
  expected = what;
  return std::move(*this);
}
Error&& Error::way(std::string_view what) && {
  way_out = what;
  return std::move(*this);
}

std::string Error::message() const {
  std::string text;
  if (!file.empty()) {
    text += file;
    if (row != 0) text += ":" + std::to_string(row);
    text += ": ";
  }
  if (!field.empty()) text += "field \"" + printable(field) + "\": ";
  text += "found " + (found.empty() ? std::string("nothing") : printable(found));
  if (!expected.empty()) text += "; expected " + expected;
  if (!way_out.empty()) text += "; " + way_out;
  return text;
}

}  // namespace candor
