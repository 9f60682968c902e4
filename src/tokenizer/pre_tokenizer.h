// How a text is cut into the pieces that are merged each on its own.
#pragma once

#include <string_view>
#include <vector>

#include "tokenizer/json_place.h"
#include "tokenizer/pattern.h"

namespace candor::tokenizer {

/// What becomes of a match: a piece of its own; joined to the piece before or after it; or joined
/// with the matches next to it.
enum class SplitBehaviour : std::uint8_t { isolated, with_previous, with_next, contiguous };

struct SplitRule {
  Pattern pattern;
  SplitBehaviour behaviour = SplitBehaviour::isolated;
  bool invert = false;  ///< what is between the matches counts as the match
};

/// Thread safety: const methods from any thread.
class PreTokenizer {
 public:
  explicit PreTokenizer(std::vector<SplitRule> rules) : rules_(std::move(rules)) {}

  /// Reads tokenizer.json's "pre_tokenizer" of a byte-level vocabulary: ByteLevel at the end,
  /// before it any of Split, Digits, Sequence. Errors: malformed, unsupported.
  static Result<PreTokenizer> read(const JsonPlace& place);

  /// The pieces in order; together they are the text (UTF-8). Each rule cuts the pieces of the one
  /// before it.
  [[nodiscard]] std::vector<std::string_view> split(std::string_view text) const;

 private:
  std::vector<SplitRule> rules_;
};

/// GPT-2's pattern: contractions, words, numbers, other signs, white space.
extern const std::string_view gpt2_pattern;

}  // namespace candor::tokenizer
