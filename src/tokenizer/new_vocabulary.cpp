#include "tokenizer/new_vocabulary.h"

namespace candor::tokenizer {
namespace {

using nlohmann::json;

const std::string& text_of(const NewVocabulary& vocabulary, Token id) {
  return vocabulary.text[static_cast<std::size_t>(id)];
}

json added_tokens(const NewVocabulary& vocabulary) {
  json list = json::array();
  for (const auto& [id, special] : vocabulary.added)
    list.push_back({{"id", id},
                    {"content", text_of(vocabulary, id)},
                    {"single_word", false},
                    {"lstrip", false},
                    {"rstrip", false},
                    {"normalized", false},
                    {"special", special}});
  return list;
}

json model(const NewVocabulary& vocabulary) {
  json vocab = json::object();
  for (std::size_t id = 0; id < vocabulary.text.size(); ++id) vocab[vocabulary.text[id]] = id;
  json merges = json::array();
  for (const auto& [left, right] : vocabulary.merges)
    merges.push_back({text_of(vocabulary, left), text_of(vocabulary, right)});
  json all = {{"type", "BPE"},
              {"dropout", nullptr},
              {"unk_token", nullptr},
              {"continuing_subword_prefix", nullptr},
              {"end_of_word_suffix", nullptr},
              {"fuse_unk", false},
              {"byte_fallback", false},
              {"ignore_merges", false}};
  all.update(vocabulary.model_options);
  all["vocab"] = std::move(vocab);
  all["merges"] = std::move(merges);
  return all;
}

json sequence(const char* name) {
  return {{"Sequence", {{"id", name}, {"type_id", 0}}}};
}

// Puts the begin token before every text, where there is one.
json post_processor(const NewVocabulary& vocabulary) {
  if (!vocabulary.begin) return nullptr;
  const std::string& text = text_of(vocabulary, *vocabulary.begin);
  const json begin = {{"SpecialToken", {{"id", text}, {"type_id", 0}}}};
  const json token = {
      {"id", text}, {"ids", json::array({*vocabulary.begin})}, {"tokens", json::array({text})}};
  return {{"type", "TemplateProcessing"},
          {"single", json::array({begin, sequence("A")})},
          {"pair", json::array({begin, sequence("A"), sequence("B")})},
          {"special_tokens", {{text, token}}}};
}

json config(const NewVocabulary& vocabulary) {
  json all = {{"tokenizer_class", "PreTrainedTokenizerFast"},
              {"clean_up_tokenization_spaces", false},
              {"add_bos_token", vocabulary.begin.has_value()}};
  if (vocabulary.begin) all["bos_token"] = text_of(vocabulary, *vocabulary.begin);
  if (vocabulary.end) all["eos_token"] = text_of(vocabulary, *vocabulary.end);
  if (vocabulary.chat_template) all["chat_template"] = *vocabulary.chat_template;
  return all;
}

}  // namespace

TokenizerFiles files_of(const NewVocabulary& vocabulary, const std::string& name) {
  const json document = {{"version", "1.0"},
                         {"truncation", nullptr},
                         {"padding", nullptr},
                         {"added_tokens", added_tokens(vocabulary)},
                         {"normalizer", vocabulary.normalizer},
                         {"pre_tokenizer", vocabulary.pre_tokenizer},
                         {"post_processor", post_processor(vocabulary)},
                         {"decoder", vocabulary.decoder},
                         {"model", model(vocabulary)}};
  return {document.dump(1), config(vocabulary).dump(1), name, name, {}};
}

}  // namespace candor::tokenizer
