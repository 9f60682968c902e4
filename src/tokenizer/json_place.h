// A value inside a JSON file that knows where it stands, so that errors name the field.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "candor/base/result.h"

namespace candor::tokenizer {

/// Views a document that must outlive it. field() reads "model.merges[17]".
class JsonPlace {
 public:
  JsonPlace(const nlohmann::json& value, std::string field, std::string file)
      : value_(&value), field_(std::move(field)), file_(std::move(file)) {}

  [[nodiscard]] const nlohmann::json& value() const { return *value_; }
  [[nodiscard]] const std::string& field() const { return field_; }
  [[nodiscard]] const std::string& file() const { return file_; }

  /// Whether an object has the member, and not as null.
  [[nodiscard]] bool has(std::string_view name) const;
  /// A member. Errors: malformed where this is no object or has no such member (or a null).
  [[nodiscard]] Result<JsonPlace> at(std::string_view name) const;
  /// The items of an array. Errors: malformed where it is none.
  [[nodiscard]] Result<std::vector<JsonPlace>> items() const;

  // The value as a C++ one. Errors: malformed where it is of another type.
  [[nodiscard]] Result<std::string> text() const;
  [[nodiscard]] Result<bool> flag() const;
  [[nodiscard]] Result<std::int32_t> token() const;  ///< an integer in 0 .. 2^24-1

  // A member's value, or the fallback where it is absent or null.
  [[nodiscard]] Result<std::string> text(std::string_view name, std::string_view fallback) const;
  [[nodiscard]] Result<bool> flag(std::string_view name, bool fallback) const;

  /// "file: field "x": found ..., expected ...".
  [[nodiscard]] Error error(ErrorCode code, std::string found) const;
  [[nodiscard]] Error wrong_type(std::string_view expected) const;

 private:
  const nlohmann::json* value_;
  std::string field_;
  std::string file_;
};

/// Errors: malformed, where the text is not JSON, or nested deeper than is read.
[[nodiscard]] Result<nlohmann::json> parse_json(std::string_view text, const std::string& file);

}  // namespace candor::tokenizer
