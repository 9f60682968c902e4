#include "text_examples.h"

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>

#include "json_lines.h"

namespace candor::app {
namespace {

using nlohmann::json;
using tokenizer::ChatMessage;
using Conversation = std::vector<ChatMessage>;

constexpr const char* conversation_form = R"(a text, or [{"role": "user", "content": "Hi"}, ...])";

// One line of a file, and how to complain about it.
struct Line {
  const json& object;
  const std::string& path;
  std::uint64_t row;

  [[nodiscard]] bool has(const char* name) const {
    const auto found = object.find(name);
    return found != object.end() && !found->is_null();
  }

  [[nodiscard]] Error wrong(const char* name, std::string found, std::string_view expected) const {
    return Error{ErrorCode::malformed, std::move(found)}.in_field(name).at_row(path, row).expecting(
        expected);
  }

  [[nodiscard]] std::string members() const {
    std::string names;
    for (const auto& [name, value] : object.items()) names += (names.empty() ? "" : ", ") + name;
    return "members " + names;
  }
};

Result<std::string> text(const Line& line, const char* name) {
  const auto found = line.object.find(name);
  if (found == line.object.end() || found->is_null())
    return line.wrong(name, line.members(), "this one too");
  if (!found->is_string()) return line.wrong(name, shown(*found), "a text");
  return found->get<std::string>();
}

Result<double> number(const Line& line, const char* name, double missing, double lowest,
                      double highest, std::string_view expected) {
  const auto found = line.object.find(name);
  if (found == line.object.end() || found->is_null()) return missing;
  if (!found->is_number()) return line.wrong(name, shown(*found), expected);
  const double value = found->get<double>();
  if (value >= lowest && value <= highest) return value;
  Error error = line.wrong(name, shown(*found), expected);
  error.code = ErrorCode::out_of_range;
  return error;
}

constexpr double largest = std::numeric_limits<double>::max();

Result<double> weight_of(const Line& line) {
  return number(line, "weight", 1.0, 0.0, largest, "a number of 0 or more");
}

Result<Conversation> conversation(const Line& line, const char* name) {
  const json& list = line.object.at(name);
  if (!list.is_array() || list.empty()) return line.wrong(name, shown(list), conversation_form);
  Conversation messages;
  for (const json& message : list) {
    const bool good = message.is_object() && message.contains("role") &&
                      message.contains("content") && message["role"].is_string() &&
                      message["content"].is_string();
    if (!good) return line.wrong(name, shown(message), conversation_form);
    messages.push_back({message["role"].get<std::string>(), message["content"].get<std::string>()});
  }
  return messages;
}

Result<Prompt> prompt_of(const Line& line) {
  Prompt prompt;
  if (line.has("prompt") && line.object.at("prompt").is_array()) {
    CANDOR_TRY(prompt.conversation, conversation(line, "prompt"));
    return prompt;
  }
  CANDOR_TRY(prompt.text, text(line, "prompt"));
  return prompt;
}

// An answer: a text, or the one message of the assistant.
Result<std::string> answer_of(const Line& line, const char* name) {
  if (!line.has(name) || !line.object.at(name).is_array()) return text(line, name);
  CANDOR_TRY(Conversation messages, conversation(line, name));
  if (messages.size() != 1 || messages.back().role != "assistant")
    return line.wrong(name, shown(line.object.at(name)), "a text, or one message of the assistant");
  return std::move(messages.back().content);
}

// A conversation that ends with the assistant's answer, which is taken off.
Result<std::string> split_answer(const Line& line, const char* name, Conversation& messages) {
  CANDOR_TRY(messages, conversation(line, name));
  if (messages.size() < 2 || messages.back().role != "assistant")
    return line.wrong(name, shown(line.object.at(name)),
                      "a conversation whose last message is the assistant's");
  std::string answer = std::move(messages.back().content);
  messages.pop_back();
  return answer;
}

bool same(const Conversation& a, const Conversation& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const auto& x, const auto& y) {
    return x.role == y.role && x.content == y.content;
  });
}

Status read_whole_conversations(const Line& line, TextPair& pair) {
  Conversation other;
  CANDOR_TRY(pair.chosen, split_answer(line, "chosen", pair.prompt.conversation));
  CANDOR_TRY(pair.rejected, split_answer(line, "rejected", other));
  if (same(pair.prompt.conversation, other)) return {};
  return line.wrong("rejected", "another conversation than under \"chosen\"",
                    "the same messages but for the last");
}

Status read_answers(const Line& line, TextPair& pair) {
  const bool whole = !line.has("prompt") && line.has("chosen") && line.has("rejected") &&
                     line.object.at("chosen").is_array();
  if (whole) return read_whole_conversations(line, pair);
  CANDOR_TRY(pair.prompt, prompt_of(line));
  CANDOR_TRY(pair.chosen, answer_of(line, "chosen"));
  CANDOR_TRY(pair.rejected, answer_of(line, "rejected"));
  return {};
}

Result<TextPair> pair_of(const Line& line) {
  TextPair pair;
  pair.row = line.row;
  CANDOR_CHECK(read_answers(line, pair));
  CANDOR_TRY(pair.p_chosen, number(line, "p_chosen", 1.0, 0.0, 1.0, "a number in [0,1]"));
  CANDOR_TRY(pair.weight, weight_of(line));
  CANDOR_TRY(pair.margin, number(line, "margin", 0.0, -largest, largest, "a number"));
  pair.slot = "line " + std::to_string(line.row);
  if (line.has("slot_id")) {
    CANDOR_TRY(pair.slot, text(line, "slot_id"));
  }
  return pair;
}

Result<TextExample> example_of(const Line& line) {
  TextExample example;
  example.row = line.row;
  CANDOR_TRY(example.weight, weight_of(line));
  if (line.has("messages")) {
    CANDOR_TRY(example.answer, split_answer(line, "messages", example.prompt.conversation));
    return example;
  }
  example.whole = line.has("text") && !line.has("prompt");
  if (example.whole) {
    CANDOR_TRY(example.answer, text(line, "text"));
    return example;
  }
  if (!line.has("completion"))
    return line.wrong("completion", line.members(),
                      R"("prompt" and "completion", "text" or "messages")");
  CANDOR_TRY(example.prompt, prompt_of(line));
  CANDOR_TRY(example.answer, answer_of(line, "completion"));
  return example;
}

void append_texts(const Prompt& prompt, std::vector<std::string>& texts) {
  if (!prompt.is_chat()) texts.push_back(prompt.text);
  for (const ChatMessage& message : prompt.conversation) texts.push_back(message.content);
}

}  // namespace

Result<Prompt> read_prompt(const json& object, const std::string& path, std::uint64_t row) {
  return prompt_of({object, path, row});
}

Result<std::vector<TextPair>> read_text_pairs(const std::string& path) {
  std::vector<TextPair> pairs;
  CANDOR_CHECK(read_json_lines(path, [&](const json& object, std::uint64_t row) -> Status {
    CANDOR_TRY(TextPair pair, pair_of({object, path, row}));
    pairs.push_back(std::move(pair));
    return {};
  }));
  return pairs;
}

Result<std::vector<TextExample>> read_text_examples(const std::string& path) {
  std::vector<TextExample> examples;
  CANDOR_CHECK(read_json_lines(path, [&](const json& object, std::uint64_t row) -> Status {
    CANDOR_TRY(TextExample example, example_of({object, path, row}));
    examples.push_back(std::move(example));
    return {};
  }));
  return examples;
}

std::vector<std::string> texts_of(const std::vector<TextPair>& pairs) {
  std::vector<std::string> texts;
  for (const TextPair& pair : pairs) {
    append_texts(pair.prompt, texts);
    texts.push_back(pair.chosen);
    texts.push_back(pair.rejected);
  }
  return texts;
}

std::vector<std::string> texts_of(const std::vector<TextExample>& examples) {
  std::vector<std::string> texts;
  for (const TextExample& example : examples) {
    append_texts(example.prompt, texts);
    texts.push_back(example.answer);
  }
  return texts;
}

}  // namespace candor::app
