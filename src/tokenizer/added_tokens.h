// Tokens that are found in the text as they stand, before anything else is done with it.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "candor/tokenizer/tokenizer.h"

namespace candor::tokenizer {

struct AddedToken {
  Token id = 0;
  std::string text;         ///< not empty
  bool special = false;     ///< found only where the caller asks for specials
  bool normalized = false;  ///< looked for after normalisation, in what the others left
};

/// A stretch of text, or an added token in its place.
struct Segment {
  std::string_view text;
  std::optional<Token> token;
};

/// Thread safety: const methods from any thread.
class AddedTokens {
 public:
  void add(AddedToken token);

  /// Cuts the text at added tokens, the leftmost first and of those that start there the longest.
  /// normalized: which of the two groups of tokens to look for.
  void split(std::string_view text, Specials specials, bool normalized,
             std::vector<Segment>& out) const;

 private:
  [[nodiscard]] const AddedToken* longest_at(std::string_view text, Specials specials,
                                             bool normalized) const;
  std::array<std::vector<AddedToken>, 256> by_first_byte_;  // each list longest first
};

}  // namespace candor::tokenizer
