#include "checkpoint/config_fields.h"

#include <cstdint>
#include <limits>

namespace candor::checkpoint {

using nlohmann::json;

const json* ConfigFields::find(const char* name) const {
  const auto field = object_.find(name);
  return field == object_.end() || field->is_null() ? nullptr : &*field;
}

Error ConfigFields::wrong(const char* name, std::string_view expected) const {
  const json* field = find(name);
  return Error{ErrorCode::malformed, field == nullptr ? "nothing" : found_text(*field)}
      .in_file(file_)
      .in_field(name)
      .expecting(expected);
}

Result<std::size_t> ConfigFields::size(const char* name) const {
  const json* field = find(name);
  if (field == nullptr || !field->is_number_unsigned()) return wrong(name, "a whole number");
  return field->get<std::size_t>();
}

Result<std::size_t> ConfigFields::size(const char* name, std::size_t otherwise) const {
  if (find(name) == nullptr) return otherwise;
  return size(name);
}

Result<double> ConfigFields::number(const char* name) const {
  const json* field = find(name);
  if (field == nullptr || !field->is_number()) return wrong(name, "a number");
  return field->get<double>();
}

Result<double> ConfigFields::number(const char* name, double otherwise) const {
  if (find(name) == nullptr) return otherwise;
  return number(name);
}

Result<bool> ConfigFields::flag(const char* name, bool otherwise) const {
  const json* field = find(name);
  if (field == nullptr) return otherwise;
  if (!field->is_boolean()) return wrong(name, "true or false");
  return field->get<bool>();
}

Result<std::string> ConfigFields::text(const char* name) const {
  const json* field = find(name);
  if (field == nullptr || !field->is_string()) return wrong(name, "a text");
  return field->get<std::string>();
}

Result<std::string> ConfigFields::text(const char* name, std::string_view otherwise) const {
  if (find(name) == nullptr) return std::string(otherwise);
  return text(name);
}

Result<std::vector<std::int32_t>> ConfigFields::tokens(const char* name) const {
  std::vector<std::int32_t> tokens;
  const json* field = find(name);
  if (field == nullptr) return tokens;
  const json list = field->is_array() ? *field : json::array({*field});
  constexpr auto most = std::numeric_limits<std::int32_t>::max();
  for (const json& token : list) {
    if (!token.is_number_unsigned() || token.get<std::uint64_t>() > most)
      return wrong(name, "a token, or a list of tokens");
    tokens.push_back(token.get<std::int32_t>());
  }
  return tokens;
}

Status ConfigFields::must_be(const char* name, const json& value, std::string_view why) const {
  const json* field = find(name);
  if (field == nullptr || *field == value) return {};
  return Error{ErrorCode::unsupported, found_text(*field)}.in_file(file_).in_field(name).expecting(
      value.dump() + ": " + std::string(why));
}

}  // namespace candor::checkpoint
