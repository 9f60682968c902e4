// What people write into files of training data, as texts; tokens come later (text_codec.h).
//
//   preference pairs  {"prompt": P, "chosen": A, "rejected": B, "p_chosen": 0.8, "weight": 1,
//                      "margin": 1.39, "slot_id": "t0"}
//   texts to imitate  {"prompt": P, "completion": A, "weight": 1}, {"text": T} or
//                     {"messages": [...]}
//
// P is a text or a conversation, [{"role": "user", "content": "Hi"}, ...]; answers to a
// conversation may be lists of one message of the assistant. A pair without "prompt" has two
// conversations that differ in their last message. Other members are ignored. Left out: p_chosen 1,
// weight 1, margin 0.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "candor/base/result.h"
#include "candor/tokenizer/chat_template.h"
#include "nlohmann/json_fwd.hpp"

namespace candor::app {

/// A text, or a conversation where there is one.
struct Prompt {
  std::string text;
  std::vector<tokenizer::ChatMessage> conversation;
  [[nodiscard]] bool is_chat() const { return !conversation.empty(); }
};

struct TextPair {
  Prompt prompt;
  std::string chosen;
  std::string rejected;
  double p_chosen = 1.0;
  double weight = 1.0;
  double margin = 0.0;
  std::string slot;  ///< "slot_id", or "line N"
  std::uint64_t row = 0;
};

struct TextExample {
  Prompt prompt;
  std::string answer;
  bool whole = false;  ///< {"text"}: no prompt, and it may be split
  double weight = 1.0;
  std::uint64_t row = 0;
};

/// Errors: malformed at the line for a missing or wrong member; out_of_range for a number.
Result<std::vector<TextPair>> read_text_pairs(const std::string& path);
Result<std::vector<TextExample>> read_text_examples(const std::string& path);

/// A member "prompt" of an object of a file. Errors: as above.
Result<Prompt> read_prompt(const nlohmann::json& object, const std::string& path,
                           std::uint64_t row);

/// All texts in the order of the file, to make a vocabulary from.
[[nodiscard]] std::vector<std::string> texts_of(const std::vector<TextPair>& pairs);
[[nodiscard]] std::vector<std::string> texts_of(const std::vector<TextExample>& examples);

}  // namespace candor::app
