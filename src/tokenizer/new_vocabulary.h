// A vocabulary that did not come as a tokenizer.json, on its way to being one.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "candor/tokenizer/tokenizer.h"
#include "tokenizer/tokenizer_json.h"

namespace candor::tokenizer {

struct NewVocabulary {
  struct Added {
    Token id;
    bool special;
  };
  std::vector<std::string> text;  ///< UTF-8; byte-level tokens in the alphabet; different
  std::vector<std::pair<Token, Token>> merges;  ///< the first go first
  std::vector<Added> added;                     ///< in rising order
  std::optional<Token> begin;                   ///< only where texts begin with it
  std::optional<Token> end;
  std::optional<std::string> chat_template;  ///< Jinja
  nlohmann::json normalizer;                 ///< the next three as in tokenizer.json
  nlohmann::json pre_tokenizer;
  nlohmann::json decoder = {{"type", "ByteLevel"},
                            {"add_prefix_space", false},
                            {"trim_offsets", true},
                            {"use_regex", true}};
  nlohmann::json model_options = nlohmann::json::object();  ///< beside type, vocab and merges
};

/// Both files; `name` is where messages say the tokens came from.
[[nodiscard]] TokenizerFiles files_of(const NewVocabulary& vocabulary, const std::string& name);

}  // namespace candor::tokenizer
