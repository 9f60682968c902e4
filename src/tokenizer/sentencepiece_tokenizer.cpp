#include "tokenizer/sentencepiece_tokenizer.h"

#include "candor/tokenizer/chat_template.h"
#include "tokenizer/sentencepiece_model.h"
#include "tokenizer/tokenizer_json.h"

namespace candor::tokenizer {

Result<std::unique_ptr<Tokenizer>> parse_sentencepiece(const std::string& model,
                                                       const std::string& config,
                                                       const std::string& file) {
  CANDOR_TRY(ScoredPieces pieces, parse_sentencepiece_model(model, file));
  CANDOR_TRY(const nlohmann::json document, parse_json(config, "tokenizer_config.json"));
  CANDOR_TRY(const TokenizerConfig words,
             read_config(JsonPlace(document, "", "tokenizer_config.json")));
  if (!words.add_begin.value_or(true)) pieces.begin.reset();
  pieces.chat_template = words.chat_template;
  CANDOR_TRY(TokenizerFiles files, files_of(pieces, file));
  return parse_tokenizer(std::move(files));
}

}  // namespace candor::tokenizer
