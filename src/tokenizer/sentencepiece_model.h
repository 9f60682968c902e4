// SentencePiece's own files (tokenizer.model): the few fields of its protocol buffer that a
// byte-pair vocabulary is made of, read without its library, whose bundled copy of protobuf cannot
// live in one process with LibTorch's.
#pragma once

#include "tokenizer/scored_pieces.h"

namespace candor::tokenizer {

/// Pieces, scores, and the tokens that begin and end texts.
/// Fields: ModelProto {1 pieces {1 piece, 2 score, 3 type}, 2 trainer {3 model_type, 35
/// byte_fallback, 41 bos_id, 42 eos_id}, 3 normalizer {1 name, 3 add_dummy_prefix,
/// 4 remove_extra_whitespaces}} of sentencepiece_model.proto (google/sentencepiece 0.1.97).
/// Errors: malformed; unsupported for a unigram model, one without byte fallback, or one that
/// rewrites texts (a normaliser other than "identity"), with the way out.
[[nodiscard]] Result<ScoredPieces> parse_sentencepiece_model(std::string_view bytes,
                                                             const std::string& file);

}  // namespace candor::tokenizer
