// report/fallback.h
// What a browser without scripts shows.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace candor::report {

/// HTML: the title, the counts, a table of methods for the whole result and for every scenario, the
/// measures by round. Columns for which no method has a number are left out.
[[nodiscard]] std::string fallback_html(const nlohmann::json& result);

/// result[name] if it is a text, else "".
[[nodiscard]] std::string text_member(const nlohmann::json& result, const char* name);

}  // namespace candor::report
