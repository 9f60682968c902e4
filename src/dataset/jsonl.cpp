#include "candor/dataset/jsonl.h"

#include <simdjson.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "dataset/table_errors.h"

namespace candor::dataset {
namespace {

constexpr std::string_view json_space = " \t\r";

template <class Number>
std::string_view number_into(std::array<char, 32>& room, Number value) {
  const auto done = std::to_chars(room.data(), room.data() + room.size(), value);
  return {room.data(), static_cast<std::size_t>(done.ptr - room.data())};
}

// The text of a value that is neither an array nor an object.
std::string_view text_of(const simdjson::dom::element& value, std::array<char, 32>& room) {
  using Type = simdjson::dom::element_type;
  switch (value.type()) {
    case Type::STRING:
      return value.get_string().value_unsafe();
    case Type::INT64:
      return number_into(room, value.get_int64().value_unsafe());
    case Type::UINT64:
      return number_into(room, value.get_uint64().value_unsafe());
    case Type::DOUBLE:
      return number_into(room, value.get_double().value_unsafe());
    case Type::BOOL:
      return value.get_bool().value_unsafe() ? "true" : "false";
    default:
      return {};
  }
}

}  // namespace

class JsonlReader::Parser {
 public:
  simdjson::dom::parser dom;
};

JsonlReader::JsonlReader(Window window, KnownKey known)
    : window_(std::move(window)), known_(std::move(known)), parser_(std::make_unique<Parser>()) {}
JsonlReader::JsonlReader(JsonlReader&&) noexcept = default;
JsonlReader& JsonlReader::operator=(JsonlReader&&) noexcept = default;
JsonlReader::~JsonlReader() = default;

Result<JsonlReader> JsonlReader::open(Window window, KnownKey known) {
  JsonlReader reader(std::move(window), std::move(known));
  CANDOR_TRY(const bool found, reader.read_object());
  if (!found) return empty_table(reader.file());
  reader.first_pending_ = true;
  return reader;
}

Result<bool> JsonlReader::next() {
  if (std::exchange(first_pending_, false)) return true;
  return read_object();
}

Result<bool> JsonlReader::read_object() {
  for (;;) {
    CANDOR_TRY(const std::string_view line, next_line());
    if (line.data() == nullptr) return false;
    if (line.find_first_not_of(json_space) == std::string_view::npos) continue;
    CANDOR_CHECK(parse(line));
    return true;
  }
}

// The next line without its end; a null view after the last.
Result<std::string_view> JsonlReader::next_line() {
  while (!at_end_) {
    const std::string_view text = window_.text();
    const std::size_t end = text.find('\n');
    if (end != std::string_view::npos) {
      const std::string_view line = text.substr(0, end);
      window_.consume(line.data() + line.size() + 1);
      ++line_;
      return line;
    }
    auto grown = window_.grow();
    if (!grown.ok()) return std::move(grown).error().at_row(file(), line_ + 1);
    at_end_ = !*grown;
  }
  const std::string_view last = window_.text();
  if (last.empty()) return std::string_view{};
  window_.consume(window_.end());
  ++line_;
  return last;
}

Status JsonlReader::parse(std::string_view line) {
  // The window leaves simdjson's padding after every line, so no copy is needed.
  static_assert(Window::padding >= simdjson::SIMDJSON_PADDING);
  simdjson::dom::element root;
  const auto code = parser_->dom.parse(line.data(), line.size(), false).get(root);
  if (code != simdjson::SUCCESS) return error(simdjson::error_message(code));
  simdjson::dom::object object;
  if (root.get(object) != simdjson::SUCCESS) return error("JSON that is not an object");
  std::fill(fields_.begin(), fields_.end(), std::string_view{});
  std::fill(present_.begin(), present_.end(), '\0');
  for (const auto& [key, value] : object) {
    const std::size_t column = column_of(key);
    if (column == header_.size()) continue;
    if (value.is_array() || value.is_object())
      return error("an array or object")
          .in_field(key)
          .expecting("a text, number, true, false or null");
    CANDOR_CHECK(set_field(column, text_of(value, numbers_[column])));
  }
  return {};
}

// The key's column, a new one if need be; header_.size() for a key that is not known.
std::size_t JsonlReader::column_of(std::string_view key) {
  const auto found = std::find(header_.begin(), header_.end(), key);
  if (found != header_.end()) return static_cast<std::size_t>(found - header_.begin());
  if (!known_(key)) {
    if (line_ == 1 && ignored_.size() < 32) ignored_.emplace_back(key);
    return header_.size();
  }
  header_.emplace_back(key);
  fields_.emplace_back();
  present_.push_back('\0');
  numbers_.emplace_back();
  return header_.size() - 1;
}

Status JsonlReader::set_field(std::size_t column, std::string_view text) {
  if (std::exchange(present_[column], '\1') != '\0')
    return error("the key twice").in_field(header_[column]).expecting("every key once");
  if (text.find('\0') != std::string_view::npos)
    return error("a NUL character").in_field(header_[column]).expecting("text");
  fields_[column] = text;
  return {};
}

Error JsonlReader::error(std::string found) const {
  return Error{ErrorCode::malformed, std::move(found)}
      .at_row(file(), line_)
      .expecting("one JSON object a line")
      .way("correct the line, or drop it");
}

}  // namespace candor::dataset
