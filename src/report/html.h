// report/html.h
// Text that goes into HTML, made safe.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

namespace candor::report {

/// Text for element content and for attributes in double quotes: & < > " ' become entities, control
/// characters other than tab and newline become U+FFFD, as do bytes that are not UTF-8.
/// Worked: `<b a="1">` -> `&lt;b a=&quot;1&quot;&gt;`.
[[nodiscard]] std::string escape_html(std::string_view text);

/// JSON for a script block: the text holds no `<`, so nothing in it can open or close an element.
/// Numbers that JSON lacks (NaN, infinities) become null.
[[nodiscard]] std::string json_for_script(const nlohmann::json& value);

}  // namespace candor::report
