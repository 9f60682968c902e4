// tokenizer.json, the format of Hugging Face's tokenizers: the kinds that decoder models use.
#pragma once

#include <memory>
#include <string>

#include "candor/tokenizer/tokenizer.h"

namespace candor::tokenizer {

/// The two files of a tokenizer as texts. Vocabularies from other formats are written as these
/// first, so that there is one way in and save() has its files.
struct TokenizerFiles {
  std::string tokenizer;                ///< tokenizer.json
  std::string config = "{}";            ///< tokenizer_config.json
  std::string name = "tokenizer.json";  ///< for messages
  std::string config_name = "tokenizer_config.json";
  /// Ranks of the merges, where they are not 0, 1, 2, ... (equal ranks: the leftmost pair first).
  std::vector<std::uint32_t> merge_ranks = {};
};

/// model.type "BPE": byte-level (its pre_tokenizer ends in ByteLevel), or over characters with
/// byte_fallback (Llama-2). Errors: malformed, unsupported, naming file and field.
[[nodiscard]] Result<std::unique_ptr<Tokenizer>> parse_tokenizer(TokenizerFiles files);

/// tokenizer_config.json with a chat template put in. Errors: malformed, where it is no object.
[[nodiscard]] Result<std::string> with_chat_template(const std::string& config,
                                                     const std::string& chat_template);

}  // namespace candor::tokenizer
