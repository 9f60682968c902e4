#include "tokenizer/tokenizer_json.h"

#include "tokenizer/byte_bpe.h"
#include "tokenizer/merges_json.h"
#include "tokenizer/piece_bpe.h"
#include "tokenizer/utf8.h"

namespace candor::tokenizer {
namespace {

// Options of the model that would change the tokens in a way that is not done here.
Status check_model(const JsonPlace& model) {
  CANDOR_TRY(const std::string type, model.text("type", "BPE"));
  if (type != "BPE")
    return model.error(ErrorCode::unsupported, type)
        .expecting("model.type BPE")
        .way("take the model's SentencePiece file (tokenizer.model), where it has one");
  for (const char* name : {"continuing_subword_prefix", "end_of_word_suffix"}) {
    CANDOR_TRY(const std::string text, model.text(name, ""));
    if (!text.empty())
      return model.error(ErrorCode::unsupported, std::string(name) + " \"" + text + "\"")
          .expecting("none");
  }
  if (model.has("dropout") && model.value()["dropout"] != 0.0)
    return model.error(ErrorCode::unsupported, "dropout").expecting("none, or 0");
  return {};
}

Result<std::optional<Token>> unknown_token(const JsonPlace& model, const Vocabulary& vocabulary) {
  CANDOR_TRY(const std::string text, model.text("unk_token", ""));
  const auto id = vocabulary.find(text);
  if (!id && !text.empty())
    return model.error(ErrorCode::malformed, "unk_token \"" + text + "\"")
        .expecting("a token of the vocabulary");
  return text.empty() ? std::optional<Token>() : id;
}

Result<std::unique_ptr<Tokenizer>> byte_level(const JsonPlace& root, const JsonPlace& model,
                                              Vocabulary vocabulary, MergeTable merges,
                                              Identity identity) {
  CANDOR_TRY(const JsonPlace pre, root.at("pre_tokenizer"));
  CANDOR_TRY(PreTokenizer pre_tokenizer, PreTokenizer::read(pre));
  CANDOR_TRY(const Normalizer normalizer, read_normalizer(root));
  CANDOR_TRY(const std::optional<Token> unknown, unknown_token(model, vocabulary));
  CANDOR_TRY(const bool fuse_unknown, model.flag("fuse_unk", false));
  CANDOR_TRY(const bool whole_first, model.flag("ignore_merges", false));
  return std::unique_ptr<Tokenizer>(std::make_unique<ByteBpe>(
      ByteBpe::Parts{std::move(vocabulary), std::move(merges), std::move(pre_tokenizer), normalizer,
                     unknown, fuse_unknown, whole_first, std::move(identity)}));
}

Result<std::unique_ptr<Tokenizer>> with_byte_fallback(const JsonPlace& root, Vocabulary vocabulary,
                                                      MergeTable merges, Identity identity) {
  CANDOR_TRY(const SpacePrefix prefix, read_space_prefix(root));
  return PieceBpe::create({std::move(vocabulary), std::move(merges), prefix, std::move(identity)});
}

}  // namespace

Result<std::string> with_chat_template(const std::string& config,
                                       const std::string& chat_template) {
  CANDOR_TRY(nlohmann::json document, parse_json(config, "tokenizer_config.json"));
  if (!document.is_object() || !is_valid_utf8(chat_template))
    return Error{ErrorCode::malformed, document.type_name()}
        .in_file("tokenizer_config.json")
        .expecting("an object, and a chat template in UTF-8");
  document["chat_template"] = chat_template;
  return document.dump(1);
}

Result<std::unique_ptr<Tokenizer>> parse_tokenizer(TokenizerFiles files) {
  CANDOR_TRY(const nlohmann::json document, parse_json(files.tokenizer, files.name));
  CANDOR_TRY(const nlohmann::json config_document, parse_json(files.config, files.config_name));
  const JsonPlace root(document, "", files.name);
  CANDOR_TRY(const JsonPlace model, root.at("model"));
  CANDOR_CHECK(check_model(model));
  CANDOR_TRY(Vocabulary vocabulary, Vocabulary::read(root));
  CANDOR_TRY(const TokenizerConfig config,
             read_config(JsonPlace(config_document, "", files.config_name)));
  Identity identity;
  CANDOR_CHECK(identify(root, config, vocabulary, identity));
  identity.tokenizer_file = std::move(files.tokenizer);
  identity.config_file = std::move(files.config);
  CANDOR_TRY(MergeTable merges, read_merges(model, vocabulary, files.merge_ranks));
  CANDOR_TRY(const bool byte_fallback, model.flag("byte_fallback", false));
  if (byte_fallback)
    return with_byte_fallback(root, std::move(vocabulary), std::move(merges), std::move(identity));
  return byte_level(root, model, std::move(vocabulary), std::move(merges), std::move(identity));
}

}  // namespace candor::tokenizer
