// Prompts that are too long for a model lose their beginning; answers are never cut.
//
//   ContextFit fit(8);
//   fit.cut(prompt, 3);        // of 9 tokens, before an answer of 3: its last 5 stay
//   fit.note()                 // "1 of 1 prompts were too long for the context of 8 tokens …"
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "candor/policy/sequence.h"

namespace candor::app {

class ContextFit {
 public:
  /// context: tokens of prompt and answer together, >= 2.
  explicit ContextFit(std::size_t context) : context_(context) {}

  [[nodiscard]] std::size_t context() const { return context_; }
  /// Whether an answer of so many tokens leaves room for a token of its prompt.
  [[nodiscard]] bool answer_fits(std::size_t answer) const { return answer < context_; }

  /// Cuts the prompt at its left to what an answer of `answer` tokens leaves; a first token equal
  /// to `keep` (the one that begins every text) stays where there is room for another. Requires
  /// answer_fits(answer).
  void cut(std::vector<policy::Token>& prompt, std::size_t answer,
           std::optional<policy::Token> keep = {});

  [[nodiscard]] std::size_t cut_prompts() const { return cut_; }
  /// Tokens that the prompt cut most has lost.
  [[nodiscard]] std::size_t most_cut() const { return most_; }
  /// What was cut, in a sentence; empty if nothing.
  [[nodiscard]] std::string note() const;

 private:
  std::size_t context_;
  std::size_t seen_ = 0;
  std::size_t cut_ = 0;
  std::size_t most_ = 0;
};

}  // namespace candor::app
