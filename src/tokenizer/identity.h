// What every tokenizer knows of itself beside its vocabulary: its files, and the tokens and the
// chat template that the model was trained with.
#pragma once

#include <optional>
#include <string>

#include "candor/base/result.h"
#include "tokenizer/vocabulary.h"

namespace candor::tokenizer {

struct Identity {
  std::optional<Token> begin;
  std::optional<Token> end;
  std::optional<std::string> chat_template;
  std::string tokenizer_file;  ///< its bytes
  std::string tokenizer_file_name = "tokenizer.json";
  std::string config_file;  ///< tokenizer_config.json's bytes

  [[nodiscard]] Status save(const std::string& folder) const;
};

/// The names that tokenizer_config.json gives; empty where it does not say.
struct TokenizerConfig {
  std::optional<std::string> begin;
  std::optional<std::string> end;
  std::optional<bool> add_begin;
  std::optional<std::string> chat_template;  ///< its text (Jinja), not its name
};

/// Errors: malformed.
[[nodiscard]] Result<TokenizerConfig> read_config(const JsonPlace& root);

/// Which tokens begin and end texts.
/// begin: where the config says add_bos_token true, or tokenizer.json's post_processor puts a token
/// first (a name that is only listed, as in GPT-2, begins nothing).
/// end: as configured; without a word on it, the first known of <|im_end|>, <|eot_id|>,
/// <|end_of_text|>, <|endoftext|>, </s>.
/// Errors: malformed, where the config names a token that is not in the vocabulary.
[[nodiscard]] Status identify(const JsonPlace& tokenizer, const TokenizerConfig& config,
                              const Vocabulary& vocabulary, Identity& identity);

}  // namespace candor::tokenizer
