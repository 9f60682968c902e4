// A vocabulary of pieces with scores (SentencePiece's BPE): the pair whose piece scores highest is
// merged first. Score-greedy merging is merging by rank, with the rank of a pair that of its piece.
#pragma once

#include <string>
#include <vector>

#include "tokenizer/new_vocabulary.h"

namespace candor::tokenizer {

/// The kinds of pieces; only `normal` ones come from merging.
enum class PieceKind : std::uint8_t { normal, unknown, control, user_defined, byte };

struct ScoredPiece {
  std::string text;  ///< UTF-8, spaces as U+2581
  float score = 0;
  PieceKind kind = PieceKind::normal;
};

struct ScoredPieces {
  std::vector<ScoredPiece> pieces;
  std::optional<Token> begin;
  std::optional<Token> end;
  std::optional<std::string> chat_template;
  bool add_space_prefix = true;
};

/// As a tokenizer.json of Llama-2's kind, with merges made from the scores. The ranks beside it
/// keep pieces of equal score equal (the leftmost goes first), which tokenizer.json cannot say.
/// Errors: malformed, where a piece is not UTF-8 or its score no number.
[[nodiscard]] Result<TokenizerFiles> files_of(const ScoredPieces& pieces, const std::string& name);

}  // namespace candor::tokenizer
