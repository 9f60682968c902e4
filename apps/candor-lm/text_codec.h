// How prompts and answers become a model's tokens, the same for training, writing and rewards:
//
//   text          begin token, if the model has one; the text | the answer, end token
//   conversation  the chat template up to where the assistant answers | the answer, end of the turn
//
// What people wrote never becomes a special token.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "candor/checkpoint/model_config.h"
#include "candor/policy/sequence.h"
#include "candor/tokenizer/tokenizer.h"
#include "text_examples.h"

namespace candor::app {

class TextCodec {
 public:
  /// chat_template: a name of tokenizer/chat_template.h; empty: the tokenizer's own.
  /// Errors: conflict where the tokenizer has more tokens than the model (both numbers are named);
  /// unsupported for a template that is not known.
  static Result<TextCodec> create(std::shared_ptr<const tokenizer::Tokenizer> tokenizer,
                                  const checkpoint::ModelConfig& config,
                                  const std::string& chat_template = "");

  /// At least one token. Errors: invalid_argument for a conversation where no template is known, or
  /// an empty text for a model without a begin token.
  [[nodiscard]] Result<std::vector<policy::Token>> prompt(const Prompt& prompt) const;
  /// With the token that ends it, where the model has one.
  [[nodiscard]] Result<std::vector<policy::Token>> answer(const Prompt& prompt,
                                                          const std::string& text) const;
  /// Bytes without special tokens. Errors: out_of_range for a token the tokenizer does not have.
  [[nodiscard]] Result<std::string> decode(std::span<const policy::Token> tokens) const;

  /// Tokens that end an answer.
  [[nodiscard]] const std::vector<policy::Token>& ends() const { return ends_; }
  [[nodiscard]] const tokenizer::Tokenizer& tokenizer() const { return *tokenizer_; }

 private:
  TextCodec(std::shared_ptr<const tokenizer::Tokenizer> tokenizer, std::string chat_template)
      : tokenizer_(std::move(tokenizer)), chat_template_(std::move(chat_template)) {}
  void find_ends(const checkpoint::ModelConfig& config);
  [[nodiscard]] Result<std::vector<policy::Token>> chat_answer(const Prompt& prompt,
                                                               const std::string& text) const;
  [[nodiscard]] std::optional<policy::Token> turn_end() const;

  std::shared_ptr<const tokenizer::Tokenizer> tokenizer_;
  std::string chat_template_;
  std::optional<policy::Token> begin_;
  std::optional<policy::Token> end_;
  std::vector<policy::Token> ends_;
};

}  // namespace candor::app
