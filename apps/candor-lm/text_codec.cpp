#include "text_codec.h"

#include <fmt/format.h>

#include <algorithm>

namespace candor::app {
namespace {

using policy::Token;
using tokenizer::ChatMessage;

// What a template writes after an answer.
std::string_view turn_end_marker(std::string_view chat_template) {
  if (chat_template == "chatml") return "<|im_end|>";
  if (chat_template == "llama3") return "<|eot_id|>";
  if (chat_template == "llama2" || chat_template == "zephyr") return "</s>";
  return "";
}

Status check_template(const std::string& name) {
  const auto known = tokenizer::chat_templates();
  if (name.empty() || std::find(known.begin(), known.end(), name) != known.end()) return {};
  return Error{ErrorCode::unsupported, name}
      .in_field("--chat-template")
      .expecting(fmt::format("one of {}", fmt::join(known, ", ")));
}

Status check_vocabulary(std::size_t tokens, std::size_t rows) {
  if (tokens <= rows) return {};
  return Error{ErrorCode::conflict,
               fmt::format("a tokenizer of {} tokens for a model of {}", tokens, rows)}
      .in_field("vocabulary")
      .expecting("no more tokens than the model has")
      .way("give the tokenizer that the model was made with (--tokenizer)");
}

Error no_template() {
  return Error{ErrorCode::invalid_argument, "a conversation, for a model without a chat template"}
      .in_field("prompt")
      .expecting("a text")
      .way(fmt::format("name a template (--chat-template {})",
                       fmt::join(tokenizer::chat_templates(), ", ")));
}

}  // namespace

Result<TextCodec> TextCodec::create(std::shared_ptr<const tokenizer::Tokenizer> tokenizer,
                                    const checkpoint::ModelConfig& config,
                                    const std::string& chat_template) {
  CANDOR_CHECK(check_template(chat_template));
  CANDOR_CHECK(check_vocabulary(tokenizer->vocabulary(), config.vocabulary));
  std::string name =
      chat_template.empty() ? tokenizer->chat_template().value_or("") : chat_template;
  TextCodec codec(std::move(tokenizer), std::move(name));
  codec.begin_ = codec.tokenizer_->begin();
  codec.find_ends(config);
  return codec;
}

void TextCodec::find_ends(const checkpoint::ModelConfig& config) {
  const auto note = [&](std::optional<Token> token) {
    if (!token || std::find(ends_.begin(), ends_.end(), *token) != ends_.end()) return;
    ends_.push_back(*token);
  };
  note(tokenizer_->end());
  for (const Token token : config.end_tokens) note(token);
  if (!ends_.empty()) end_ = ends_.front();
  note(turn_end());
}

std::optional<Token> TextCodec::turn_end() const {
  const std::string_view marker = turn_end_marker(chat_template_);
  return marker.empty() ? std::nullopt : tokenizer_->find(marker);
}

Result<std::vector<Token>> TextCodec::prompt(const Prompt& prompt) const {
  if (prompt.is_chat()) {
    if (chat_template_.empty()) return no_template();
    return tokenizer::encode_chat(*tokenizer_, chat_template_, prompt.conversation, true);
  }
  std::vector<Token> tokens = tokenizer_->encode(prompt.text);
  if (begin_) tokens.insert(tokens.begin(), *begin_);
  if (!tokens.empty()) return tokens;
  if (end_) return std::vector<Token>{*end_};  // as GPT-2 does: a text follows the end of another
  return Error{ErrorCode::invalid_argument, "an empty text"}.in_field("prompt").expecting(
      "at least one token, as this model has no begin token");
}

Result<std::vector<Token>> TextCodec::answer(const Prompt& prompt, const std::string& text) const {
  if (prompt.is_chat()) return chat_answer(prompt, text);
  std::vector<Token> tokens = tokenizer_->encode(text);
  if (end_) tokens.push_back(*end_);
  return tokens;
}

// The template's text after the prompt, up to the marker that ends the turn, and that marker.
Result<std::vector<Token>> TextCodec::chat_answer(const Prompt& prompt,
                                                  const std::string& text) const {
  if (chat_template_.empty()) return no_template();
  std::vector<ChatMessage> all = prompt.conversation;
  CANDOR_TRY(const std::string before, tokenizer::format_chat(chat_template_, all, true));
  all.push_back({"assistant", text});
  CANDOR_TRY(const std::string whole, tokenizer::format_chat(chat_template_, all, false));
  std::string_view said = std::string_view(whole).substr(before.size());
  const std::string_view marker = turn_end_marker(chat_template_);
  if (!marker.empty()) said = said.substr(0, said.rfind(marker));
  std::vector<Token> tokens = tokenizer_->encode(said);
  const std::optional<Token> end = turn_end() ? turn_end() : end_;
  if (end) tokens.push_back(*end);
  return tokens;
}

Result<std::string> TextCodec::decode(std::span<const Token> tokens) const {
  return tokenizer_->decode(tokens);
}

}  // namespace candor::app
