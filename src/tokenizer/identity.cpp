#include "tokenizer/identity.h"

#include <array>

#include "candor/base/file.h"
#include "candor/tokenizer/chat_template.h"

namespace candor::tokenizer {
namespace {

// A token is given by its text, or by an object with its text as "content".
Result<std::optional<std::string>> token_text(const JsonPlace& root, std::string_view name) {
  if (!root.has(name)) return std::optional<std::string>();
  CANDOR_TRY(const JsonPlace place, root.at(name));
  if (!place.value().is_object()) {
    CANDOR_TRY(std::string text, place.text());
    return std::optional(std::move(text));
  }
  CANDOR_TRY(const JsonPlace content, place.at("content"));
  CANDOR_TRY(std::string text, content.text());
  return std::optional(std::move(text));
}

// One template, or a list of named ones of which "default" counts.
std::optional<std::string> template_text(const nlohmann::json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (!value.is_array()) return std::nullopt;
  for (const nlohmann::json& entry : value)
    if (entry.is_object() && entry.value("name", nlohmann::json()) == "default" &&
        entry.value("template", nlohmann::json()).is_string())
      return entry["template"].get<std::string>();
  return std::nullopt;
}

// The token that a TemplateProcessing step puts before a text, if one does.
std::optional<std::string> first_of_template(const nlohmann::json& step) {
  if (!step.is_object()) return std::nullopt;
  if (step.value("type", nlohmann::json()) == "Sequence" && step.contains("processors")) {
    for (const nlohmann::json& inner : step["processors"])
      if (auto token = first_of_template(inner)) return token;
    return std::nullopt;
  }
  const nlohmann::json single = step.value("single", nlohmann::json());
  if (!single.is_array() || single.empty() || !single[0].is_object()) return std::nullopt;
  const nlohmann::json special = single[0].value("SpecialToken", nlohmann::json());
  if (!special.is_object() || !special.value("id", nlohmann::json()).is_string())
    return std::nullopt;
  return special["id"].get<std::string>();
}

Result<Token> known(const Vocabulary& vocabulary, const std::string& text, std::string_view field) {
  if (const auto id = vocabulary.find(text)) return *id;
  return Error{ErrorCode::malformed, text}
      .in_field(field)
      .in_file("tokenizer_config.json")
      .expecting("a token of tokenizer.json")
      .way("take both files from the same model");
}

std::optional<Token> usual_end(const Vocabulary& vocabulary) {
  for (const char* name : {"<|im_end|>", "<|eot_id|>", "<|end_of_text|>", "<|endoftext|>", "</s>"})
    if (const auto id = vocabulary.find(name)) return id;
  return std::nullopt;
}

}  // namespace

Result<TokenizerConfig> read_config(const JsonPlace& root) {
  TokenizerConfig config;
  CANDOR_TRY(config.begin, token_text(root, "bos_token"));
  CANDOR_TRY(config.end, token_text(root, "eos_token"));
  if (root.has("add_bos_token")) {
    CANDOR_TRY(const bool add, root.flag("add_bos_token", false));
    config.add_begin = add;
  }
  if (root.has("chat_template"))
    config.chat_template = template_text(root.value()["chat_template"]);
  return config;
}

Status identify(const JsonPlace& tokenizer, const TokenizerConfig& config,
                const Vocabulary& vocabulary, Identity& identity) {
  const auto processor = tokenizer.value().find("post_processor");
  std::optional<std::string> begin;
  if (processor != tokenizer.value().end()) begin = first_of_template(*processor);
  if (config.add_begin == true && config.begin) begin = config.begin;
  if (config.add_begin == false) begin.reset();
  if (begin) {
    CANDOR_TRY(identity.begin, known(vocabulary, *begin, "bos_token"));
  }
  if (config.end) {
    CANDOR_TRY(identity.end, known(vocabulary, *config.end, "eos_token"));
  } else {
    identity.end = usual_end(vocabulary);
  }
  if (config.chat_template) identity.chat_template = recognise_chat_template(*config.chat_template);
  return {};
}

Status Identity::save(const std::string& folder) const {
  CANDOR_CHECK(make_folder(folder));
  CANDOR_CHECK(write_file(folder + "/" + tokenizer_file_name, tokenizer_file));
  return write_file(folder + "/tokenizer_config.json", config_file);
}

}  // namespace candor::tokenizer
