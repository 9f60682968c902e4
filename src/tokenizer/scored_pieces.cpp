#include "tokenizer/scored_pieces.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <tuple>
#include <unordered_map>

#include "tokenizer/piece_spaces.h"
#include "tokenizer/utf8.h"

namespace candor::tokenizer {
namespace {

using nlohmann::json;

struct ScoredMerge {
  float score;
  Token merged;
  Token left;
  Token right;
};

class MergeMaker {
 public:
  explicit MergeMaker(const std::vector<ScoredPiece>& pieces) {
    for (std::size_t i = 0; i < pieces.size(); ++i)
      if (pieces[i].kind == PieceKind::normal)
        number_.emplace(pieces[i].text, static_cast<Token>(i));
    for (std::size_t i = 0; i < pieces.size(); ++i)
      if (pieces[i].kind == PieceKind::normal) add_splits(pieces[i], static_cast<Token>(i));
    std::sort(merges_.begin(), merges_.end(), [](const ScoredMerge& a, const ScoredMerge& b) {
      return std::tuple(-a.score, a.merged, a.left) < std::tuple(-b.score, b.merged, b.left);
    });
  }

  void write(NewVocabulary& vocabulary, std::vector<std::uint32_t>& ranks) const {
    for (std::size_t i = 0; i < merges_.size(); ++i) {
      vocabulary.merges.emplace_back(merges_[i].left, merges_[i].right);
      const bool tied = i > 0 && merges_[i].score == merges_[i - 1].score;
      ranks.push_back(tied ? ranks.back() : static_cast<std::uint32_t>(i));
    }
  }

 private:
  void add_splits(const ScoredPiece& piece, Token merged) {
    const std::string_view text = piece.text;
    for (std::size_t at = sequence_length(text); at < text.size();
         at += sequence_length(text.substr(at))) {
      const auto left = number_.find(text.substr(0, at));
      const auto right = number_.find(text.substr(at));
      if (left != number_.end() && right != number_.end())
        merges_.push_back({piece.score, merged, left->second, right->second});
    }
  }

  std::unordered_map<std::string_view, Token> number_;
  std::vector<ScoredMerge> merges_;
};

json steps_before(bool add_space_prefix) {
  const json replace = {
      {"type", "Replace"}, {"pattern", {{"String", " "}}}, {"content", space_mark}};
  const json prepend = {{"type", "Prepend"}, {"prepend", space_mark}};
  return {
      {"type", "Sequence"},
      {"normalizers", add_space_prefix ? json::array({prepend, replace}) : json::array({replace})}};
}

json steps_back(bool add_space_prefix) {
  json steps =
      json::array({{{"type", "Replace"}, {"pattern", {{"String", space_mark}}}, {"content", " "}},
                   {{"type", "ByteFallback"}},
                   {{"type", "Fuse"}}});
  if (add_space_prefix)
    steps.push_back({{"type", "Strip"}, {"content", " "}, {"start", 1}, {"stop", 0}});
  return {{"type", "Sequence"}, {"decoders", std::move(steps)}};
}

Status check(const std::vector<ScoredPiece>& pieces, const std::string& name) {
  for (std::size_t i = 0; i < pieces.size(); ++i)
    if (!is_valid_utf8(pieces[i].text) || std::isnan(pieces[i].score))
      return Error{ErrorCode::malformed, pieces[i].text}
          .in_field(fmt::format("token {}", i))
          .in_file(name)
          .expecting("a piece in UTF-8, with a number as its score");
  return {};
}

NewVocabulary start(const ScoredPieces& pieces) {
  NewVocabulary vocabulary;
  for (std::size_t i = 0; i < pieces.pieces.size(); ++i) {
    const ScoredPiece& piece = pieces.pieces[i];
    vocabulary.text.push_back(piece.text);
    const bool special = piece.kind == PieceKind::control || piece.kind == PieceKind::unknown;
    if (special || piece.kind == PieceKind::user_defined)
      vocabulary.added.push_back({static_cast<Token>(i), special});
  }
  vocabulary.begin = pieces.begin;
  vocabulary.end = pieces.end;
  vocabulary.chat_template = pieces.chat_template;
  vocabulary.normalizer = steps_before(pieces.add_space_prefix);
  vocabulary.decoder = steps_back(pieces.add_space_prefix);
  vocabulary.model_options = {{"byte_fallback", true}, {"fuse_unk", true}};
  return vocabulary;
}

}  // namespace

Result<TokenizerFiles> files_of(const ScoredPieces& pieces, const std::string& name) {
  CANDOR_CHECK(check(pieces.pieces, name));
  NewVocabulary vocabulary = start(pieces);
  std::vector<std::uint32_t> ranks;
  MergeMaker(pieces.pieces).write(vocabulary, ranks);
  TokenizerFiles files = files_of(vocabulary, name);
  files.merge_ranks = std::move(ranks);
  return files;
}

}  // namespace candor::tokenizer
