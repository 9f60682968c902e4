// Files of JSON objects, one a line: plain, .gz or .zst.
#pragma once

#include <cstdint>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "candor/base/result.h"

namespace candor::app {

/// Calls `take` with each object and its line, from 1; blank lines are skipped. Errors: malformed
/// for a line that is no object or is nested too deeply, or a file without any; io; those of `take`.
Status read_json_lines(const std::string& path,
                       const std::function<Status(const nlohmann::json&, std::uint64_t)>& take);

/// A whole file. Errors: io, not_found as the data readers give them.
Result<std::string> read_bytes(const std::string& path);

/// A value for a message: as JSON, what is not UTF-8 replaced.
[[nodiscard]] std::string shown(const nlohmann::json& value);

}  // namespace candor::app
