#include "json_lines.h"

#include "candor/checkpoint/json_nesting.h"
#include "candor/dataset/byte_source.h"

namespace candor::app {
namespace {

using nlohmann::json;

Error no_object(const std::string& path, std::uint64_t row, std::string_view line) {
  return Error{ErrorCode::malformed, std::string(line)}.at_row(path, row).expecting(
      "a JSON object on each line");
}

Result<json> parse_line(const std::string& path, std::uint64_t row, std::string_view line) {
  if (Status nesting = checkpoint::check_nesting(line, path); !nesting.ok())
    return std::move(nesting).error().at_row(path, row);
  json object = json::parse(line, nullptr, false);
  if (!object.is_object()) return no_object(path, row, line);
  return object;
}

bool is_blank(std::string_view line) {
  return line.find_first_not_of(" \t\r") == line.npos;
}

}  // namespace

Result<std::string> read_bytes(const std::string& path) {
  CANDOR_TRY(dataset::ByteSource source, dataset::ByteSource::open(path));
  std::string bytes;
  for (;;) {
    CANDOR_TRY(const std::string_view block, source.next_block());
    if (block.empty()) return bytes;
    bytes += block;
  }
}

Status read_json_lines(const std::string& path,
                       const std::function<Status(const json&, std::uint64_t)>& take) {
  CANDOR_TRY(const std::string bytes, read_bytes(path));
  std::string_view left = bytes;
  bool any = false;
  for (std::uint64_t row = 1; !left.empty(); ++row) {
    const std::size_t end = std::min(left.find('\n'), left.size());
    const std::string_view line = left.substr(0, end);
    left.remove_prefix(std::min(end + 1, left.size()));
    if (is_blank(line)) continue;
    CANDOR_TRY(const json object, parse_line(path, row, line));
    CANDOR_CHECK(take(object, row));
    any = true;
  }
  if (any) return {};
  return Error{ErrorCode::malformed, "no line"}.in_file(path).expecting(
      "a JSON object on each line");
}

std::string shown(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace candor::app
