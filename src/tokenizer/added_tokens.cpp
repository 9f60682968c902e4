#include "tokenizer/added_tokens.h"

#include <algorithm>
#include <cassert>
#include <cstdint>

namespace candor::tokenizer {

void AddedTokens::add(AddedToken token) {
  assert(!token.text.empty());
  auto& list = by_first_byte_[static_cast<std::uint8_t>(token.text.front())];
  const auto place = std::find_if(list.begin(), list.end(), [&](const AddedToken& other) {
    return other.text.size() < token.text.size();
  });
  list.insert(place, std::move(token));
}

const AddedToken* AddedTokens::longest_at(std::string_view text, Specials specials,
                                          bool normalized) const {
  for (const AddedToken& token : by_first_byte_[static_cast<std::uint8_t>(text.front())]) {
    const bool wanted =
        token.normalized == normalized && (!token.special || specials == Specials::as_tokens);
    if (wanted && text.starts_with(token.text)) return &token;
  }
  return nullptr;
}

void AddedTokens::split(std::string_view text, Specials specials, bool normalized,
                        std::vector<Segment>& out) const {
  std::size_t start = 0;  // of the text not yet put out
  std::size_t at = 0;
  const auto flush = [&] {
    if (at > start) out.push_back({text.substr(start, at - start), {}});
  };
  while (at < text.size()) {
    const AddedToken* token = longest_at(text.substr(at), specials, normalized);
    if (token == nullptr) {
      ++at;
      continue;
    }
    flush();
    out.push_back({{}, token->id});
    at = start = at + token->text.size();
  }
  flush();
}

}  // namespace candor::tokenizer
