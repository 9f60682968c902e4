#include "tokenizer/merges_json.h"

#include <fmt/format.h>

#include <cassert>

namespace candor::tokenizer {
namespace {

struct PairText {
  std::string left;
  std::string right;
};

Result<PairText> pair_of(const JsonPlace& place) {
  if (place.value().is_array()) {
    CANDOR_TRY(const std::vector<JsonPlace> sides, place.items());
    if (sides.size() != 2) return place.wrong_type("two texts");
    CANDOR_TRY(std::string left, sides[0].text());
    CANDOR_TRY(std::string right, sides[1].text());
    return PairText{std::move(left), std::move(right)};
  }
  CANDOR_TRY(const std::string text, place.text());
  const std::size_t space = text.find(' ');
  if (space == std::string::npos || text.find(' ', space + 1) != std::string::npos)
    return place.error(ErrorCode::malformed, text).expecting("two texts with one space between");
  return PairText{text.substr(0, space), text.substr(space + 1)};
}

Result<Token> token_of(const JsonPlace& place, const Vocabulary& vocabulary,
                       const std::string& text) {
  if (const auto id = vocabulary.find(text)) return *id;
  return place.error(ErrorCode::malformed, fmt::format("the token \"{}\"", text))
      .expecting("a token of model.vocab")
      .way("take the file from the model's own folder");
}

}  // namespace

Result<MergeTable> read_merges(const JsonPlace& model, const Vocabulary& vocabulary,
                               std::span<const std::uint32_t> ranks) {
  CANDOR_TRY(const JsonPlace list, model.at("merges"));
  CANDOR_TRY(const std::vector<JsonPlace> merges, list.items());
  MergeTable table;
  table.reserve(merges.size());
  assert(ranks.empty() || ranks.size() == merges.size());
  for (std::size_t i = 0; i < merges.size(); ++i) {
    const JsonPlace& place = merges[i];
    CANDOR_TRY(const PairText pair, pair_of(place));
    CANDOR_TRY(const Token left, token_of(place, vocabulary, pair.left));
    CANDOR_TRY(const Token right, token_of(place, vocabulary, pair.right));
    CANDOR_TRY(const Token merged, token_of(place, vocabulary, pair.left + pair.right));
    if (vocabulary.is_special(merged))
      return place.error(ErrorCode::unsupported, pair.left + " " + pair.right)
          .expecting("a merge that does not make a special token out of text");
    table.add(left, right, {ranks.empty() ? static_cast<std::uint32_t>(i) : ranks[i], merged});
  }
  return table;
}

}  // namespace candor::tokenizer
