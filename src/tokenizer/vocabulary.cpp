#include "tokenizer/vocabulary.h"

#include <fmt/format.h>

#include <algorithm>

namespace candor::tokenizer {

Result<Vocabulary> Vocabulary::read(const JsonPlace& root) {
  Vocabulary vocabulary;
  CANDOR_CHECK(vocabulary.make_room(root));
  CANDOR_CHECK(vocabulary.read_model(root));
  CANDOR_CHECK(vocabulary.read_added(root));
  CANDOR_CHECK(vocabulary.check_gaps(root));
  return vocabulary;
}

std::optional<Token> Vocabulary::find(std::string_view text) const {
  const auto found = by_text_.find(std::string(text));
  if (found == by_text_.end()) return std::nullopt;
  return found->second;
}

// No number is skipped, so none is as large as the count of entries.
Status Vocabulary::make_room(const JsonPlace& root) {
  CANDOR_TRY(const JsonPlace model, root.at("model"));
  CANDOR_TRY(const JsonPlace vocab, model.at("vocab"));
  if (!vocab.value().is_object()) return vocab.wrong_type("an object of token texts and numbers");
  std::size_t entries = vocab.value().size();
  if (root.has("added_tokens")) entries += root.value()["added_tokens"].size();
  text_.resize(entries);
  kind_.resize(entries, Kind::absent);
  by_text_.reserve(entries);
  return {};
}

Status Vocabulary::read_model(const JsonPlace& root) {
  CANDOR_TRY(const JsonPlace model, root.at("model"));
  CANDOR_TRY(const JsonPlace vocab, model.at("vocab"));
  for (const auto& [text, number] : vocab.value().items()) {
    const JsonPlace place(number, fmt::format("model.vocab[\"{}\"]", text), vocab.file());
    CANDOR_TRY(const Token id, place.token());
    CANDOR_CHECK(place_token(place, text, id, Kind::normal));
  }
  return {};
}

Status Vocabulary::read_added(const JsonPlace& root) {
  if (!root.has("added_tokens")) return {};
  CANDOR_TRY(const JsonPlace list, root.at("added_tokens"));
  CANDOR_TRY(const std::vector<JsonPlace> tokens, list.items());
  for (const JsonPlace& token : tokens) CANDOR_CHECK(read_added_token(token));
  return {};
}

Status Vocabulary::read_added_token(const JsonPlace& place) {
  CANDOR_TRY(const JsonPlace id_place, place.at("id"));
  CANDOR_TRY(const Token id, id_place.token());
  CANDOR_TRY(const JsonPlace content, place.at("content"));
  CANDOR_TRY(const std::string text, content.text());
  if (text.empty()) return content.wrong_type("a text that is not empty");
  for (const char* option : {"single_word", "lstrip", "rstrip"}) {
    CANDOR_TRY(const bool on, place.flag(option, false));
    if (on)
      return place
          .error(ErrorCode::unsupported, fmt::format("{} true (token \"{}\")", option, text))
          .expecting("false")
          .way("set it to false where the model was not trained with it");
  }
  CANDOR_TRY(const bool special, place.flag("special", false));
  CANDOR_TRY(const bool normalized, place.flag("normalized", !special));
  CANDOR_CHECK(place_token(id_place, text, id, special ? Kind::special : Kind::added));
  added_.add({id, text, special, normalized});
  return {};
}

Status Vocabulary::place_token(const JsonPlace& where, const std::string& text, Token id,
                               Kind kind) {
  if (index(id) >= text_.size())
    return where.error(ErrorCode::malformed, fmt::format("{} for \"{}\"", id, text))
        .expecting(fmt::format("a number below {}, as no number may be skipped", text_.size()));
  if (kind_[index(id)] != Kind::absent && text_[index(id)] != text)
    return where.error(ErrorCode::malformed, fmt::format("{} for \"{}\"", id, text))
        .expecting(fmt::format("another number than that of \"{}\"", text_[index(id)]));
  const auto [entry, is_new] = by_text_.emplace(text, id);
  if (!is_new && entry->second != id)
    return where.error(ErrorCode::malformed, fmt::format("{} for \"{}\"", id, text))
        .expecting(fmt::format("{}, the number it has already", entry->second));
  text_[index(id)] = text;
  kind_[index(id)] = kind;
  return {};
}

Status Vocabulary::check_gaps(const JsonPlace& root) {
  // An added token that is in model.vocab too takes one number, not two.
  while (!kind_.empty() && kind_.back() == Kind::absent) kind_.pop_back();
  text_.resize(kind_.size());
  const auto gap = std::find(kind_.begin(), kind_.end(), Kind::absent);
  if (gap == kind_.end() && !kind_.empty()) return {};
  return Error{ErrorCode::malformed,
               fmt::format("no token with the number {}", gap - kind_.begin())}
      .in_field("model.vocab")
      .in_file(root.file())
      .expecting("every number from 0 to the largest")
      .way("take the file from the model's own folder");
}

}  // namespace candor::tokenizer
