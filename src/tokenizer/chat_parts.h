// A conversation as markers and texts.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "candor/tokenizer/chat_template.h"

namespace candor::tokenizer {

struct ChatPart {
  std::string text;
  bool marker = false;  ///< may become a special token
};

/// Errors: as format_chat.
[[nodiscard]] Result<std::vector<ChatPart>> chat_parts(std::string_view name,
                                                       std::span<const ChatMessage> messages,
                                                       bool add_generation_prompt);

}  // namespace candor::tokenizer
