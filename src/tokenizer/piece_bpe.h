// Byte-pair encoding over characters, with bytes for characters without a token: Llama-2's kind of
// vocabulary, also where it comes as pieces with scores (GGUF, llama2.c).
#pragma once

#include <array>

#include "tokenizer/identity.h"
#include "tokenizer/merge_table.h"
#include "tokenizer/piece_spaces.h"

namespace candor::tokenizer {

/// decode(encode(x)) == x for any bytes in which neither U+2581 nor an added token occurs (after
/// one, a space is put as at the start).
class PieceBpe final : public Tokenizer {
 public:
  struct Parts {
    Vocabulary vocabulary;
    MergeTable merges;
    SpacePrefix prefix;
    Identity identity;
  };
  /// Errors: malformed, where one of <0x00> .. <0xFF>, or the space, is missing.
  static Result<std::unique_ptr<Tokenizer>> create(Parts parts);

  [[nodiscard]] std::vector<Token> encode(std::string_view text, Specials specials) const override;
  /// One space at the start is left out where the vocabulary puts one before a text.
  [[nodiscard]] Result<std::string> decode(std::span<const Token> tokens) const override;
  [[nodiscard]] std::size_t vocabulary() const override { return parts_.vocabulary.size(); }
  [[nodiscard]] std::optional<Token> begin() const override { return parts_.identity.begin; }
  [[nodiscard]] std::optional<Token> end() const override { return parts_.identity.end; }
  /// With spaces as such or as U+2581.
  [[nodiscard]] std::optional<Token> find(std::string_view token) const override;
  [[nodiscard]] std::optional<std::string> chat_template() const override {
    return parts_.identity.chat_template;
  }
  [[nodiscard]] Status save(const std::string& folder) const override {
    return parts_.identity.save(folder);
  }

 private:
  explicit PieceBpe(Parts parts) : parts_(std::move(parts)) {}
  void encode_plain(std::string_view marked, std::vector<Token>& out) const;
  void append_bytes(std::string_view bytes, std::vector<Token>& out) const;

  Parts parts_;
  std::array<Token, 256> byte_token_{};
  std::vector<std::string> bytes_;  // [vocabulary]
};

/// The name of a byte's token: "<0x0A>".
[[nodiscard]] std::string byte_token_name(std::size_t byte);

}  // namespace candor::tokenizer
