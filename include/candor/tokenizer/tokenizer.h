// candor/tokenizer/tokenizer.h
// Text to tokens and back.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "candor/base/result.h"

namespace candor::tokenizer {

using Token = std::int32_t;

/// Whether texts like "<|endoftext|>" inside the input become the token of that name. Text that
/// workers or users wrote must not be able to: it is encoded as plain characters.
enum class Specials : std::uint8_t { as_text, as_tokens };

/// Thread safety: const methods from any thread. Cost: encode is O(bytes log bytes) at worst.
class Tokenizer {
 public:
  Tokenizer() = default;
  Tokenizer(const Tokenizer&) = delete;
  Tokenizer& operator=(const Tokenizer&) = delete;
  virtual ~Tokenizer() = default;

  /// Any bytes; no begin or end token is added. decode(encode(x)) == x for byte-level tokenizers,
  /// also where x is not UTF-8, if the vocabulary has all 256 bytes (GPT-2, Llama-3, Qwen2, what
  /// train_bpe makes; SmolLM2's lacks some control characters, which are left out) and keeps texts
  /// as they are (Qwen2's composes characters: NFC).
  [[nodiscard]] virtual std::vector<Token> encode(std::string_view text,
                                                  Specials specials = Specials::as_text) const = 0;

  /// The bytes of the tokens, special ones left out. Errors: out_of_range for a token outside the
  /// vocabulary.
  [[nodiscard]] virtual Result<std::string> decode(std::span<const Token> tokens) const = 0;

  [[nodiscard]] virtual std::size_t vocabulary() const = 0;
  [[nodiscard]] virtual std::optional<Token> begin() const = 0;  ///< starts a text, where one does
  [[nodiscard]] virtual std::optional<Token> end() const = 0;    ///< ends an answer
  /// The number of a token by its exact text, special or not; empty where there is none.
  [[nodiscard]] virtual std::optional<Token> find(std::string_view token) const = 0;
  /// Name of the chat template that belongs to it (chat_template.h), where one was recognised.
  [[nodiscard]] virtual std::optional<std::string> chat_template() const = 0;

  /// The files that belong to it, for a model folder (tokenizer.json and tokenizer_config.json).
  [[nodiscard]] virtual Status save(const std::string& folder) const = 0;
};

/// path: a model folder (tokenizer.json, or a SentencePiece tokenizer.model), one of those files, a
/// .gguf file with a vocabulary, or a llama2.c tokenizer .bin file.
/// Errors: not_found, malformed, unsupported (naming what is not known and what is).
[[nodiscard]] Result<std::unique_ptr<Tokenizer>> load_tokenizer(const std::string& path);

}  // namespace candor::tokenizer
