#include "tokenizer/json_place.h"

#include <fmt/format.h>

#include "candor/checkpoint/json_nesting.h"

namespace candor::tokenizer {

bool JsonPlace::has(std::string_view name) const {
  if (!value_->is_object()) return false;
  const auto member = value_->find(name);
  return member != value_->end() && !member->is_null();
}

Result<JsonPlace> JsonPlace::at(std::string_view name) const {
  if (!value_->is_object()) return wrong_type("an object");
  const std::string path = field_.empty() ? std::string(name) : fmt::format("{}.{}", field_, name);
  if (!has(name))
    return Error{ErrorCode::malformed, "nothing"}
        .in_field(path)
        .in_file(file_)
        .expecting("a value")
        .way("take the file from the model's own folder");
  return JsonPlace(*value_->find(name), path, file_);
}

Result<std::vector<JsonPlace>> JsonPlace::items() const {
  if (!value_->is_array()) return wrong_type("an array");
  std::vector<JsonPlace> places;
  places.reserve(value_->size());
  for (std::size_t i = 0; i < value_->size(); ++i)
    places.emplace_back((*value_)[i], fmt::format("{}[{}]", field_, i), file_);
  return places;
}

Result<std::string> JsonPlace::text() const {
  if (!value_->is_string()) return wrong_type("a text");
  return value_->get<std::string>();
}

Result<bool> JsonPlace::flag() const {
  if (!value_->is_boolean()) return wrong_type("true or false");
  return value_->get<bool>();
}

Result<std::int32_t> JsonPlace::token() const {
  constexpr std::int64_t end = 1 << 24;
  if (!value_->is_number_integer()) return wrong_type("a token number");
  if (value_->is_number_unsigned() && value_->get<std::uint64_t>() >= std::uint64_t{end})
    return wrong_type("a token number below 16777216");
  const auto number = value_->get<std::int64_t>();
  if (number < 0) return wrong_type("a token number of at least 0");
  return static_cast<std::int32_t>(number);
}

Result<std::string> JsonPlace::text(std::string_view name, std::string_view fallback) const {
  if (!has(name)) return std::string(fallback);
  CANDOR_TRY(const JsonPlace member, at(name));
  return member.text();
}

Result<bool> JsonPlace::flag(std::string_view name, bool fallback) const {
  if (!has(name)) return fallback;
  CANDOR_TRY(const JsonPlace member, at(name));
  return member.flag();
}

Error JsonPlace::error(ErrorCode code, std::string found) const {
  return Error{code, std::move(found)}.in_field(field_).in_file(file_);
}

Error JsonPlace::wrong_type(std::string_view expected) const {
  const bool is_short = value_->is_primitive() && !value_->is_string();
  return error(ErrorCode::malformed,
               is_short ? value_->dump() : fmt::format("a JSON {}", value_->type_name()))
      .expecting(expected);
}

Result<nlohmann::json> parse_json(std::string_view text, const std::string& file) {
  CANDOR_CHECK(checkpoint::check_nesting(text, file));
  nlohmann::json document = nlohmann::json::parse(text, nullptr, false);
  if (document.is_discarded())
    return Error{ErrorCode::malformed, "bytes that are not JSON"}
        .in_file(file)
        .expecting("a JSON document")
        .way("check that the file was copied whole");
  return document;
}

}  // namespace candor::tokenizer
