// What is done to a text before it is cut: nothing, or Unicode's canonical composition (NFC).
#pragma once

#include <string>
#include <string_view>

#include "tokenizer/json_place.h"

namespace candor::tokenizer {

enum class Normalizer : std::uint8_t { none, nfc };

/// tokenizer.json's "normalizer" of a byte-level vocabulary: absent, NFC, or a Sequence of these.
/// Errors: malformed, unsupported.
[[nodiscard]] Result<Normalizer> read_normalizer(const JsonPlace& root);

/// The text after it; bytes that are not UTF-8 stay as they are.
/// Worked: NFC of "e\u0301" (two characters) is "\u00e9" (one).
[[nodiscard]] std::string normalize(Normalizer normalizer, std::string_view text);

}  // namespace candor::tokenizer
