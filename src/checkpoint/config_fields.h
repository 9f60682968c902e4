// checkpoint/config_fields.h
// Typed fields of a JSON object, with errors that name file and field.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "checkpoint/json.h"

namespace candor::checkpoint {

/// A view of an object that outlives it. A field that is null counts as absent.
class ConfigFields {
 public:
  ConfigFields(const nlohmann::json& object, const std::string& file)
      : object_(object), file_(file) {}

  /// The field; null where it is absent.
  [[nodiscard]] const nlohmann::json* find(const char* name) const;

  /// Errors of all: malformed for another type, and where the field is absent without a default.
  [[nodiscard]] Result<std::size_t> size(const char* name) const;
  [[nodiscard]] Result<std::size_t> size(const char* name, std::size_t otherwise) const;
  [[nodiscard]] Result<double> number(const char* name, double otherwise) const;
  [[nodiscard]] Result<double> number(const char* name) const;
  [[nodiscard]] Result<bool> flag(const char* name, bool otherwise) const;
  [[nodiscard]] Result<std::string> text(const char* name) const;
  [[nodiscard]] Result<std::string> text(const char* name, std::string_view otherwise) const;
  /// A token, or a list of tokens; none where it is absent.
  [[nodiscard]] Result<std::vector<std::int32_t>> tokens(const char* name) const;

  /// unsupported, unless the field is absent or has this value.
  Status must_be(const char* name, const nlohmann::json& value, std::string_view why) const;

  [[nodiscard]] Error wrong(const char* name, std::string_view expected) const;

 private:
  const nlohmann::json& object_;
  const std::string& file_;
};

}  // namespace candor::checkpoint
