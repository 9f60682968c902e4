// SentencePiece's own files (tokenizer.model) as a tokenizer.
#pragma once

#include "tokenizer/identity.h"

namespace candor::tokenizer {

/// The same tokens as SentencePiece's own, save where a text begins with a user-defined piece: as in the
/// fast format, no space is put before it. Texts never become control tokens save by Specials::as_tokens. It saves itself as tokenizer.json.
/// Errors: those of parse_sentencepiece_model; malformed for the config.
[[nodiscard]] Result<std::unique_ptr<Tokenizer>> parse_sentencepiece(const std::string& model,
                                                                     const std::string& config,
                                                                     const std::string& file);

}  // namespace candor::tokenizer
