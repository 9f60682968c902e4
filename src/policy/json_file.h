// policy/json_file.h
// JSON documents of the small models: a file to a value and back.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "candor/base/result.h"

namespace candor::policy {

/// Errors: not_found, io; corrupt for bytes that are no JSON object.
[[nodiscard]] Result<nlohmann::json> read_json(const std::string& path);

/// A folder with this one file in it, whole or absent.
Status write_json_folder(const std::string& folder, const std::string& name,
                         const nlohmann::json& object);

/// object[field] as T. Errors: corrupt, naming file and field.
template <class T>
Result<T> json_field(const nlohmann::json& object, const std::string& field,
                     const std::string& path) {
  try {
    return object.at(field).get<T>();
  } catch (const nlohmann::json::exception& exception) {
    return Error{ErrorCode::corrupt, exception.what()}.in_file(path).in_field(field).way(
        "use another copy of the file");
  }
}

}  // namespace candor::policy
