// Byte-level byte-pair encoding: the vocabularies of GPT-2, Llama-3, Qwen2, SmolLM2.
// Source: Radford et al. 2019, section 2.2 (over bytes); Sennrich et al. 2016 (the merges).
#pragma once

#include <array>

#include "tokenizer/identity.h"
#include "tokenizer/merge_table.h"
#include "tokenizer/normalizer.h"
#include "tokenizer/pre_tokenizer.h"

namespace candor::tokenizer {

/// A vocabulary may lack bytes (SmolLM2's lacks 21: six control characters, and bytes that UTF-8
/// hardly or never uses). Such a byte becomes the unknown token where the file names one, and is
/// left out where it does not, as in the field's other programs.
class ByteBpe final : public Tokenizer {
 public:
  struct Parts {
    Vocabulary vocabulary;
    MergeTable merges;
    PreTokenizer pre_tokenizer;
    Normalizer normalizer;
    std::optional<Token> unknown;  ///< stands for bytes that have no token
    bool fuse_unknown;             ///< one for a run of them
    bool whole_pieces_first;       ///< "ignore_merges": a piece that is a token needs no merging
    Identity identity;
  };
  explicit ByteBpe(Parts parts);

  [[nodiscard]] std::vector<Token> encode(std::string_view text, Specials specials) const override;
  [[nodiscard]] Result<std::string> decode(std::span<const Token> tokens) const override;
  [[nodiscard]] std::size_t vocabulary() const override { return parts_.vocabulary.size(); }
  [[nodiscard]] std::optional<Token> begin() const override { return parts_.identity.begin; }
  [[nodiscard]] std::optional<Token> end() const override { return parts_.identity.end; }
  [[nodiscard]] std::optional<Token> find(std::string_view token) const override;
  [[nodiscard]] std::optional<std::string> chat_template() const override {
    return parts_.identity.chat_template;
  }
  [[nodiscard]] Status save(const std::string& folder) const override {
    return parts_.identity.save(folder);
  }

 private:
  void encode_plain(std::string_view text, std::vector<Token>& out) const;
  void encode_piece(std::string_view piece, std::vector<Token>& out) const;
  void append_byte(std::uint8_t byte, std::vector<Token>& symbols) const;

  Parts parts_;
  std::array<std::optional<Token>, 256> byte_token_;
  std::vector<std::string> bytes_;  // [vocabulary]
};

}  // namespace candor::tokenizer
