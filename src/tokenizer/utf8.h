// Where a text is UTF-8 and where it is only bytes.
#pragma once

#include <cstddef>
#include <string_view>

namespace candor::tokenizer {

/// Length of the well-formed UTF-8 sequence that the text starts with (1 to 4), 0 where it starts
/// with none (Unicode 15, table 3-7: no overlong forms, no surrogates, nothing above U+10FFFF).
[[nodiscard]] std::size_t sequence_length(std::string_view text);

/// Length of the longest well-formed prefix.
[[nodiscard]] std::size_t valid_prefix(std::string_view text);

/// Length of the longest prefix in which no well-formed sequence starts.
[[nodiscard]] std::size_t invalid_prefix(std::string_view text);

[[nodiscard]] inline bool is_valid_utf8(std::string_view text) {
  return valid_prefix(text) == text.size();
}

/// Calls on_valid and on_invalid with the runs of the text, in order; no run is empty.
template <class OnValid, class OnInvalid>
void for_each_run(std::string_view text, OnValid on_valid, OnInvalid on_invalid) {
  while (!text.empty()) {
    if (const std::size_t valid = valid_prefix(text); valid > 0) {
      on_valid(text.substr(0, valid));
      text.remove_prefix(valid);
    }
    if (const std::size_t invalid = invalid_prefix(text); invalid > 0) {
      on_invalid(text.substr(0, invalid));
      text.remove_prefix(invalid);
    }
  }
}

}  // namespace candor::tokenizer
