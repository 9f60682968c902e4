#include "candor/arguments/crowd_text.h"

#include "candor/base/random.h"

namespace candor::arguments {
namespace {

constexpr std::uint64_t split_stream = 0x5B117;

bool held_out(const CrowdText& text, const Split& split, const ArgumentPair& pair) {
  return split.held_out[text.arguments[pair.a].debate];
}

}  // namespace

Result<Split> split_debates(const CrowdText& text, std::size_t count, std::uint64_t seed) {
  if (count < 1 || count >= text.debates.size())
    return Error{ErrorCode::out_of_range, std::to_string(count)}
        .in_field("held-out debates")
        .expecting("at least 1, and fewer than the " + std::to_string(text.debates.size()) +
                   " there are")
        .way("hold out a quarter of them");
  RandomStream random(seed, split_stream);
  const auto order = shuffled_order(text.debates.size(), random);
  Split split{std::vector<bool>(text.debates.size(), false)};
  for (std::size_t i = 0; i < count; ++i) split.held_out[order[i]] = true;
  return split;
}

std::vector<std::size_t> training_pairs(const CrowdText& text, const Split& split) {
  std::vector<std::size_t> pairs;
  for (std::size_t i = 0; i < text.pairs.size(); ++i)
    if (!held_out(text, split, text.pairs[i])) pairs.push_back(i);
  return pairs;
}

std::vector<std::size_t> test_pairs(const CrowdText& text, const Split& split) {
  std::vector<std::size_t> pairs;
  for (std::size_t i = 0; i < text.pairs.size(); ++i)
    if (held_out(text, split, text.pairs[i]) && text.pairs[i].strict) pairs.push_back(i);
  return pairs;
}

std::vector<std::size_t> arguments_of(const CrowdText& text, const Split& split, bool held_out) {
  std::vector<std::size_t> list;
  for (std::size_t i = 0; i < text.arguments.size(); ++i)
    if (split.held_out[text.arguments[i].debate] == held_out) list.push_back(i);
  return list;
}

std::string prompt_of(const CrowdText& text, const Argument& argument) {
  return text.debates[argument.debate] + " (" + argument.stance + ")\n";
}

std::vector<std::string> corpus_for_vocabulary(const CrowdText& text) {
  return corpus_for_vocabulary(text, Split{std::vector<bool>(text.debates.size(), false)});
}

std::vector<std::string> corpus_for_vocabulary(const CrowdText& text, const Split& split) {
  std::vector<std::string> corpus;
  for (const std::size_t i : arguments_of(text, split, false))
    corpus.push_back(prompt_of(text, text.arguments[i]) + text.arguments[i].text);
  return corpus;
}

}  // namespace candor::arguments
