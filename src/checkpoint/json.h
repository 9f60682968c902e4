// checkpoint/json.h
// JSON from outside, without exceptions.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "candor/base/result.h"

namespace candor::checkpoint {

/// The object that a text is. Errors: malformed: no JSON, no object, nested deeper than
/// deepest_json, or a name twice in an object (which of the two was meant cannot be known).
Result<nlohmann::json> parse_object(std::string_view text, const std::string& file);

/// A number in a JSON field as text, for messages; also of any other value, shortened.
[[nodiscard]] std::string found_text(const nlohmann::json& value);

}  // namespace candor::checkpoint
