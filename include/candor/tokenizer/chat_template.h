// candor/tokenizer/chat_template.h
// How a conversation is written for a model that was trained on conversations.
//
// A template puts markers around what people said. The markers are special tokens; what people said
// must never become one: a user who writes "<|im_end|>" says these ten characters and does not end
// the turn. So a conversation is turned into tokens part by part (encode_chat); the whole as one
// string (format_chat) is for people to read.
//
// Templates (sources: the models' own tokenizer_config.json; Llama-2's and Llama-3's model cards):
//   chatml   Qwen2, SmolLM2:   <|im_start|>ROLE\nCONTENT<|im_end|>\n
//   llama2   Llama-2-chat:     <s>[INST] <<SYS>>\nSYSTEM\n<</SYS>>\n\nCONTENT [/INST] ANSWER </s>
//   llama3   Llama-3-Instruct: <|begin_of_text|>, then
//            <|start_header_id|>ROLE<|end_header_id|>\n\nCONTENT<|eot_id|>
//   zephyr   Zephyr, TinyLlama: <|ROLE|>\nCONTENT</s>\n
//   plain    models without a template: every content and a line feed
// No system message is made up where the caller gives none, though some models' own templates do.
// llama2 and llama3 take white space off both ends of a content, as the models' templates do.
//
// Not every marker is a token everywhere: in Llama-2's vocabulary [INST] and <<SYS>>, in Zephyr's
// <|user|>, are plain text, and a content with them in it looks as they do. Only special tokens
// cannot be forged.
//
// Thread safety: pure functions.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "candor/base/result.h"
#include "candor/tokenizer/tokenizer.h"

namespace candor::tokenizer {

struct ChatMessage {
  std::string role;  ///< "system", "user" or "assistant"
  std::string content;
};

/// The names above.
[[nodiscard]] std::span<const std::string_view> chat_templates();

/// The name of the template that a model's own text of it (Jinja) amounts to; empty where it is
/// none of the above. Goes by the markers: "<|im_start|>" is chatml, "<|start_header_id|>" llama3,
/// "<<SYS>>" llama2, "<|user|>" without "<|end|>" zephyr.
[[nodiscard]] std::optional<std::string> recognise_chat_template(std::string_view jinja);

/// The conversation as one text. add_generation_prompt: up to where the assistant's answer begins.
/// Worked: chatml, {user, "Hi"}, true ->
///   "<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n"
/// Errors: unsupported for another template, listing the known; invalid_argument for a role that is
/// none of the three, or, with llama2, messages that do not take turns.
[[nodiscard]] Result<std::string> format_chat(std::string_view name,
                                              std::span<const ChatMessage> messages,
                                              bool add_generation_prompt);

/// The conversation as tokens: markers that are special tokens of the vocabulary as these, all else
/// as text. Equals encode(format_chat(...), as_tokens) where no content holds a marker.
/// Errors: as format_chat.
[[nodiscard]] Result<std::vector<Token>> encode_chat(const Tokenizer& tokenizer,
                                                     std::string_view name,
                                                     std::span<const ChatMessage> messages,
                                                     bool add_generation_prompt);

}  // namespace candor::tokenizer
