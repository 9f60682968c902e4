#include "candor/tokenizer/chat_template.h"

#include "tokenizer/chat_parts.h"

namespace candor::tokenizer {
namespace {

// The token that a marker is, if the vocabulary has it as a special one.
std::optional<Token> special_token(const Tokenizer& tokenizer, const std::string& marker) {
  const auto id = tokenizer.find(marker);
  if (!id) return std::nullopt;
  const auto decoded = tokenizer.decode(std::span(&*id, 1));
  return decoded.ok() && decoded->empty() ? id : std::nullopt;  // special ones decode to nothing
}

}  // namespace

std::optional<std::string> recognise_chat_template(std::string_view jinja) {
  const auto has = [&](std::string_view marker) { return jinja.find(marker) != jinja.npos; };
  if (has("<|im_start|>")) return "chatml";
  if (has("<|start_header_id|>")) return "llama3";
  if (has("<<SYS>>")) return "llama2";
  if (has("<|user|>") && !has("<|end|>")) return "zephyr";
  return std::nullopt;
}

Result<std::string> format_chat(std::string_view name, std::span<const ChatMessage> messages,
                                bool add_generation_prompt) {
  CANDOR_TRY(const auto parts, chat_parts(name, messages, add_generation_prompt));
  std::string all;
  for (const ChatPart& part : parts) all += part.text;
  return all;
}

Result<std::vector<Token>> encode_chat(const Tokenizer& tokenizer, std::string_view name,
                                       std::span<const ChatMessage> messages,
                                       bool add_generation_prompt) {
  CANDOR_TRY(const auto parts, chat_parts(name, messages, add_generation_prompt));
  std::vector<Token> tokens;
  std::string pending;  // neighbouring texts are encoded together, as they would be in one string
  const auto flush = [&] {
    const std::vector<Token> more = tokenizer.encode(pending, Specials::as_text);
    tokens.insert(tokens.end(), more.begin(), more.end());
    pending.clear();
  };
  for (const ChatPart& part : parts) {
    const auto special = part.marker ? special_token(tokenizer, part.text) : std::nullopt;
    if (!special) {
      pending += part.text;
      continue;
    }
    flush();
    tokens.push_back(*special);
  }
  flush();
  return tokens;
}

}  // namespace candor::tokenizer
