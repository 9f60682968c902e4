#include "tokenizer/chat_parts.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace candor::tokenizer {
namespace {

using Messages = std::span<const ChatMessage>;
using Parts = std::vector<ChatPart>;

void text(Parts& parts, std::string_view value) {
  parts.push_back({std::string(value), false});
}
void marker(Parts& parts, std::string_view value) {
  parts.push_back({std::string(value), true});
}

std::string_view trimmed(std::string_view content) {
  constexpr std::string_view space = " \t\n\r\f\v";
  const std::size_t from = content.find_first_not_of(space);
  if (from == std::string_view::npos) return {};
  return content.substr(from, content.find_last_not_of(space) - from + 1);
}

Error wrong_role(std::size_t message, std::string_view role, std::string_view expected) {
  return Error{ErrorCode::invalid_argument, std::string(role)}
      .in_field(fmt::format("role of message {}", message))
      .expecting(expected);
}

Status check_roles(Messages messages) {
  for (std::size_t i = 0; i < messages.size(); ++i) {
    const std::string& role = messages[i].role;
    if (role != "system" && role != "user" && role != "assistant")
      return wrong_role(i, role, "system, user or assistant");
  }
  return {};
}

Result<Parts> chatml(Messages messages, bool generate) {
  Parts parts;
  for (const ChatMessage& message : messages) {
    marker(parts, "<|im_start|>");
    text(parts, message.role + "\n" + message.content);
    marker(parts, "<|im_end|>");
    text(parts, "\n");
  }
  if (generate) {
    marker(parts, "<|im_start|>");
    text(parts, "assistant\n");
  }
  return parts;
}

void llama3_header(Parts& parts, std::string_view role) {
  marker(parts, "<|start_header_id|>");
  text(parts, role);
  marker(parts, "<|end_header_id|>");
  text(parts, "\n\n");
}

Result<Parts> llama3(Messages messages, bool generate) {
  Parts parts;
  marker(parts, "<|begin_of_text|>");
  for (const ChatMessage& message : messages) {
    llama3_header(parts, message.role);
    text(parts, trimmed(message.content));
    marker(parts, "<|eot_id|>");
  }
  if (generate) llama3_header(parts, "assistant");
  return parts;
}

void llama2_turn(Parts& parts, std::string_view system, const ChatMessage& message) {
  if (message.role == "assistant") {
    text(parts, fmt::format(" {} ", trimmed(message.content)));
    marker(parts, "</s>");
    return;
  }
  marker(parts, "<s>");
  std::string said(message.content);
  if (!system.empty()) said = fmt::format("<<SYS>>\n{}\n<</SYS>>\n\n{}", system, message.content);
  text(parts, fmt::format("[INST] {} [/INST]", trimmed(said)));
}

// Nothing marks where an answer begins: it follows [/INST].
Result<Parts> llama2(Messages messages, bool /*generate*/) {
  Parts parts;
  std::string_view system;
  std::size_t first = 0;
  if (!messages.empty() && messages[0].role == "system") {
    system = messages[0].content;
    first = 1;
  }
  for (std::size_t i = first; i < messages.size(); ++i) {
    const std::string_view expected = (i - first) % 2 == 0 ? "user" : "assistant";
    if (messages[i].role != expected)
      return wrong_role(i, messages[i].role, fmt::format("{}, as llama2 takes turns", expected));
    llama2_turn(parts, i == first ? system : std::string_view(), messages[i]);
  }
  return parts;
}

Result<Parts> zephyr(Messages messages, bool generate) {
  Parts parts;
  for (const ChatMessage& message : messages) {
    marker(parts, fmt::format("<|{}|>", message.role));
    text(parts, "\n" + message.content);
    marker(parts, "</s>");
    text(parts, "\n");
  }
  if (generate) {
    marker(parts, "<|assistant|>");
    text(parts, "\n");
  }
  return parts;
}

Result<Parts> plain(Messages messages, bool /*generate*/) {
  Parts parts;
  for (const ChatMessage& message : messages) text(parts, message.content + "\n");
  return parts;
}

constexpr std::array<std::string_view, 5> names = {"chatml", "llama2", "llama3", "zephyr", "plain"};
constexpr std::array<Result<Parts> (*)(Messages, bool), 5> writers = {chatml, llama2, llama3,
                                                                      zephyr, plain};

}  // namespace

std::span<const std::string_view> chat_templates() {
  return names;
}

Result<Parts> chat_parts(std::string_view name, Messages messages, bool add_generation_prompt) {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end())
    return Error{ErrorCode::unsupported, std::string(name)}
        .in_field("chat template")
        .expecting(fmt::format("one of {}", fmt::join(names, ", ")));
  CANDOR_CHECK(check_roles(messages));
  return writers[static_cast<std::size_t>(found - names.begin())](messages, add_generation_prompt);
}

}  // namespace candor::tokenizer
