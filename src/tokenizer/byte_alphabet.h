// The 256 bytes as printable characters, so that any bytes can stand in a vocabulary of texts.
// Source: Radford et al. 2019, "Language models are unsupervised multitask learners", section 2.2;
// the assignment is the one that GPT-2's vocabulary files use.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace candor::tokenizer {

/// The character of a byte: itself for ! .. ~, U+00A1 .. U+00AC and U+00AE .. U+00FF; the other 68
/// bytes get U+0100, U+0101, ... in rising order. Worked: 'a' -> 'a', space -> U+0120.
[[nodiscard]] char32_t alphabet_character(std::uint8_t byte);

/// Bytes to alphabet, as UTF-8. Worked: " hi" -> "\u0120hi".
[[nodiscard]] std::string to_alphabet(std::string_view bytes);

/// The way back; nothing where a character is not of the alphabet or the text is not UTF-8.
[[nodiscard]] std::optional<std::string> from_alphabet(std::string_view text);

}  // namespace candor::tokenizer
