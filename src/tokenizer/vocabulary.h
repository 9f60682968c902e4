// The tokens of a tokenizer.json by number and by text.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "tokenizer/added_tokens.h"
#include "tokenizer/json_place.h"

namespace candor::tokenizer {

/// Thread safety: const methods from any thread.
class Vocabulary {
 public:
  /// "model.vocab" and "added_tokens". Errors: malformed where a number is given twice or skipped,
  /// or an added token differs from the vocabulary's token of its number; unsupported for added
  /// tokens that swallow or demand white space around them.
  static Result<Vocabulary> read(const JsonPlace& root);

  [[nodiscard]] std::size_t size() const { return text_.size(); }
  [[nodiscard]] bool contains(Token id) const {
    return id >= 0 && static_cast<std::size_t>(id) < text_.size();
  }
  /// As the file spells it: byte-level tokens in the alphabet of byte_alphabet.h.
  [[nodiscard]] const std::string& text(Token id) const { return text_[index(id)]; }
  [[nodiscard]] bool is_special(Token id) const { return kind_[index(id)] == Kind::special; }
  [[nodiscard]] bool is_added(Token id) const { return kind_[index(id)] != Kind::normal; }
  [[nodiscard]] std::optional<Token> find(std::string_view text) const;
  [[nodiscard]] const AddedTokens& added() const { return added_; }

 private:
  enum class Kind : std::uint8_t { absent, normal, added, special };
  static std::size_t index(Token id) { return static_cast<std::size_t>(id); }
  Status place_token(const JsonPlace& where, const std::string& text, Token id, Kind kind);
  Status make_room(const JsonPlace& root);
  Status read_model(const JsonPlace& root);
  Status read_added(const JsonPlace& root);
  Status read_added_token(const JsonPlace& place);
  Status check_gaps(const JsonPlace& root);

  std::vector<std::string> text_;
  std::vector<Kind> kind_;
  std::unordered_map<std::string, Token> by_text_;
  AddedTokens added_;
};

}  // namespace candor::tokenizer
