// Answers of a model to prompts, and of several the one that a reward model likes best.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "candor/policy/policy.h"
#include "model_options.h"
#include "text_codec.h"
#include "text_examples.h"

namespace candor::app {

struct GenerateRequest {
  std::string model;
  std::string adapter;
  std::string tokenizer;
  std::string chat_template;
  policy::GenerateOptions options;
  std::vector<std::string> stop;  ///< texts, none empty
  std::size_t answers = 1;        ///< to each prompt, >= 1
  std::uint64_t seed = 1;
  std::string reward_model;  ///< empty: none
  std::size_t best_of = 0;   ///< 0: all answers are kept
  MachineOptions machine;
};

/// Why an answer ended: a token that ends it, a stop text, or no more tokens.
enum class Finish : std::uint8_t { end, stop, length };
[[nodiscard]] std::string_view name_of(Finish finish);

struct Answer {
  std::size_t prompt = 0;  ///< its number
  std::string text;        ///< without special tokens, cut at the first stop text
  std::size_t tokens = 0;  ///< written, the end token and what was cut included
  Finish finish = Finish::length;
  std::optional<double> reward;
};

/// In the order of the prompts. Prompts that leave no room for max_tokens are cut at their left,
/// which is told on stderr. Answer k to prompt i draws from RandomStream(seed, i answers + k).
/// Errors: those of loading, of the codec (naming the prompt) and of generating; out_of_range where
/// max_tokens leaves no room for any prompt.
Result<std::vector<Answer>> write_answers(const GenerateRequest& request,
                                          const std::vector<Prompt>& prompts);

}  // namespace candor::app
