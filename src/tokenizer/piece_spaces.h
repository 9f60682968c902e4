// How a vocabulary of pieces (SentencePiece's kind) writes spaces: as U+2581, and often one more of
// them before the text, so that a word is the same piece at the start and within.
// Source: Kudo, Richardson 2018, "SentencePiece", section 3.2.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "tokenizer/json_place.h"

namespace candor::tokenizer {

inline constexpr std::string_view space_mark = "\u2581";

/// Where a space is put before a text that is encoded.
///   always  also before one that starts with a space (SentencePiece, llama2.c)
///   unless_there, and only_first only at the very start, not after an added token (Metaspace)
enum class SpacePrefix : std::uint8_t { never, always, unless_there, only_first };

/// From tokenizer.json's "normalizer" (Prepend, Replace) or "pre_tokenizer" (Metaspace).
/// Errors: malformed, unsupported.
[[nodiscard]] Result<SpacePrefix> read_space_prefix(const JsonPlace& root);

/// The text in pieces' spelling. first: nothing stands before it. Worked: "a b" -> "_a_b" (always).
[[nodiscard]] std::string mark_spaces(std::string_view text, SpacePrefix prefix, bool first);

/// The way back for one piece's text.
[[nodiscard]] std::string unmark_spaces(std::string_view text);

}  // namespace candor::tokenizer
