#include "tokenizer/pre_tokenizer.h"

#include <algorithm>

namespace candor::tokenizer {
namespace {

// `piece` and `next` lie side by side in one text.
std::string_view joined(std::string_view piece, std::string_view next) {
  return {piece.data(), piece.size() + next.size()};
}

void join_forward(const std::vector<Stretch>& stretches, bool contiguous,
                  std::vector<std::string_view>& out) {
  bool previous_matched = false;
  bool first = true;
  for (const Stretch& stretch : stretches) {
    const bool joins =
        contiguous ? stretch.matched == previous_matched : stretch.matched && !previous_matched;
    if (joins && !first)
      out.back() = joined(out.back(), stretch.text);
    else
      out.push_back(stretch.text);
    previous_matched = stretch.matched;
    first = false;
  }
}

void join_backward(const std::vector<Stretch>& stretches, std::vector<std::string_view>& out) {
  for (std::size_t i = 0; i < stretches.size(); ++i) {
    const bool joins =
        stretches[i].matched && i + 1 < stretches.size() && !stretches[i + 1].matched;
    if (!joins) {
      out.push_back(stretches[i].text);
      continue;
    }
    out.push_back(joined(stretches[i].text, stretches[i + 1].text));
    ++i;
  }
}

void combine(const std::vector<Stretch>& stretches, SplitBehaviour behaviour,
             std::vector<std::string_view>& out) {
  switch (behaviour) {
    case SplitBehaviour::isolated:
      for (const Stretch& stretch : stretches) out.push_back(stretch.text);
      break;
    case SplitBehaviour::with_previous:
      join_forward(stretches, false, out);
      break;
    case SplitBehaviour::contiguous:
      join_forward(stretches, true, out);
      break;
    case SplitBehaviour::with_next:
      join_backward(stretches, out);
      break;
  }
}

}  // namespace

std::vector<std::string_view> PreTokenizer::split(std::string_view text) const {
  std::vector<std::string_view> pieces;
  if (!text.empty()) pieces.push_back(text);
  std::vector<std::string_view> next;
  std::vector<Stretch> stretches;
  for (const SplitRule& rule : rules_) {
    Pattern::Matcher matcher(rule.pattern);
    next.clear();
    for (const std::string_view piece : pieces) {
      stretches.clear();
      matcher.cut(piece, stretches);
      if (rule.invert)
        for (Stretch& stretch : stretches) stretch.matched = !stretch.matched;
      combine(stretches, rule.behaviour, next);
    }
    pieces.swap(next);
  }
  return pieces;
}

}  // namespace candor::tokenizer
