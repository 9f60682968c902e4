#include "stop_text.h"

#include <algorithm>

namespace candor::app {

bool cut_at_stop(std::string& answer, std::span<const std::string> stops) {
  std::size_t first = std::string::npos;
  for (const std::string& stop : stops) first = std::min(first, answer.find(stop));
  if (first == std::string::npos) return false;
  answer.resize(first);
  return true;
}

// The token must decode to the text itself: some tokenizers put a space before what they encode.
std::vector<tokenizer::Token> stop_tokens(const tokenizer::Tokenizer& tokenizer,
                                          std::span<const std::string> stops) {
  std::vector<tokenizer::Token> tokens;
  for (const std::string& stop : stops) {
    const auto encoded = tokenizer.encode(stop);
    if (encoded.size() != 1) continue;
    const auto text = tokenizer.decode(encoded);
    if (text.ok() && *text == stop) tokens.push_back(encoded.front());
  }
  return tokens;
}

}  // namespace candor::app
