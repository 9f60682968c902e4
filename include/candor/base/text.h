// candor/base/text.h
// Numbers as text and back, without locale and without loss.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace candor {

/// The shortest decimal that reads back as the same double ("0.1", "1", "1e-12"); inf and nan by name.
void append_number(std::string& text, double value);
[[nodiscard]] std::string number_text(double value);

/// The whole text as a double; nothing if any of it is not a number. Accepts what C's strtod does in
/// the "C" locale save hexadecimal and surrounding space; "nan" and "inf" parse, callers reject them.
[[nodiscard]] std::optional<double> parse_number(std::string_view text);

/// A text from outside as it may stand in a message: control characters become \xNN, and what is over
/// 80 bytes is cut, with the length said. So a hostile name cannot garble a terminal or fill a log.
[[nodiscard]] std::string printable(std::string_view text);

/// The text between double quotes as JSON spells it; `text` must be valid UTF-8.
void append_json_string(std::string& out, std::string_view text);

}  // namespace candor
