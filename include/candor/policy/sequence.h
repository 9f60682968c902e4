// candor/policy/sequence.h
// A prompt with an answer after it, in tokens: what policies score and write.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace candor::policy {

/// A token's number in the vocabulary, from 0.
using Token = std::int32_t;

/// Tokens of the prompt, then those of the answer, its end token included.
/// Worked: prompt {5, 9}, answer {7, 1}: tokens {5, 9, 7, 1}, prompt_length 2.
struct Sequence {
  std::vector<Token> tokens;
  std::size_t prompt_length = 0;  ///< 1 .. tokens.size(): every answer has something before it

  [[nodiscard]] std::span<const Token> prompt() const {
    return std::span(tokens).first(prompt_length);
  }
  [[nodiscard]] std::span<const Token> answer() const {
    return std::span(tokens).subspan(prompt_length);
  }
  [[nodiscard]] std::size_t answer_length() const { return tokens.size() - prompt_length; }
};

}  // namespace candor::policy
