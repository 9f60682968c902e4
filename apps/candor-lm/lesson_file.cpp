#include "lesson_file.h"

#include <fmt/format.h>

#include <algorithm>

namespace candor::app {
namespace {

using policy::Sequence;
using policy::Token;
using Tokens = std::vector<Token>;

Error at_line(Error error, const std::string& file, std::uint64_t row) {
  return std::move(error).at_row(file, row);
}

Status check_answer(const Tokens& answer, const char* name, const ContextFit& fit,
                    const std::string& file, std::uint64_t row) {
  if (answer.empty())
    return Error{ErrorCode::out_of_range, "an empty answer"}
        .in_field(name)
        .at_row(file, row)
        .expecting("at least one token, as this model has no end token");
  if (fit.answer_fits(answer.size())) return {};
  return Error{ErrorCode::out_of_range, fmt::format("{} tokens", answer.size())}
      .in_field(name)
      .at_row(file, row)
      .expecting(fmt::format("fewer than the context of {}", fit.context()))
      .way("shorten the answer, or drop the line");
}

Sequence joined(const Tokens& prompt, const Tokens& answer) {
  Sequence sequence{prompt, prompt.size()};
  sequence.tokens.insert(sequence.tokens.end(), answer.begin(), answer.end());
  return sequence;
}

Result<Tokens> encode_answer(const TextCodec& codec, const Prompt& prompt, const std::string& text,
                             const char* name, const ContextFit& fit, const std::string& file,
                             std::uint64_t row) {
  auto answer = codec.answer(prompt, text);
  if (!answer) return at_line(std::move(answer).error(), file, row);
  CANDOR_CHECK(check_answer(*answer, name, fit, file, row));
  return answer;
}

// The prompt of one or two answers, the longest of `answer` tokens.
Result<Tokens> encode_prompt(const TextCodec& codec, const Prompt& prompt, std::size_t answer,
                             ContextFit& fit, const std::string& file, std::uint64_t row) {
  auto tokens = codec.prompt(prompt);
  if (!tokens) return at_line(std::move(tokens).error(), file, row);
  fit.cut(*tokens, answer, codec.tokenizer().begin());
  return tokens;
}

// A text is an answer to nothing; pieces overlap by the token that the next one starts from.
void append_pieces(const Tokens& begin, const Tokens& text, double weight, EncodingReport& report,
                   std::vector<align::SupervisedExample>& examples) {
  const std::size_t room = report.fit.context() - 1;
  Tokens before = begin;
  std::size_t pieces = 0;
  for (std::size_t from = 0; from < text.size(); from += room, ++pieces) {
    const std::size_t end = std::min(from + room, text.size());
    const auto at = [&](std::size_t i) { return text.begin() + static_cast<std::ptrdiff_t>(i); };
    examples.push_back({joined(before, Tokens(at(from), at(end))), weight, {}});
    before = {text[end - 1]};
  }
  if (pieces < 2) return;
  ++report.split_texts;
  report.pieces += pieces;
}

Result<Tokens> encode_text(const TextCodec& codec, const TextExample& example, Tokens& begin,
                           const std::string& file) {
  auto text = codec.answer({}, example.answer);
  if (!text) return at_line(std::move(text).error(), file, example.row);
  auto start = codec.prompt({});
  if (start) {
    begin = std::move(*start);
  } else if (text->size() >= 2) {
    begin = {text->front()};
    text->erase(text->begin());
  }
  if (!begin.empty() && !text->empty()) return text;
  return Error{ErrorCode::out_of_range, "fewer than two tokens"}.in_field("text").at_row(
      file, example.row);
}

Status append_text(const TextExample& example, const TextCodec& codec, const std::string& file,
                   EncodingReport& report, std::vector<align::SupervisedExample>& examples) {
  Tokens begin;
  CANDOR_TRY(const Tokens text, encode_text(codec, example, begin, file));
  const std::size_t first = examples.size();
  append_pieces(begin, text, example.weight, report, examples);
  for (std::size_t i = first; i < examples.size(); ++i)
    examples[i].name = fmt::format("line {}", example.row);
  return {};
}

Status append_example(const TextExample& example, const TextCodec& codec, const std::string& file,
                      EncodingReport& report, std::vector<align::SupervisedExample>& examples) {
  if (example.whole) return append_text(example, codec, file, report, examples);
  CANDOR_TRY(const Tokens answer, encode_answer(codec, example.prompt, example.answer, "completion",
                                                report.fit, file, example.row));
  CANDOR_TRY(const Tokens prompt,
             encode_prompt(codec, example.prompt, answer.size(), report.fit, file, example.row));
  examples.push_back({joined(prompt, answer), example.weight, fmt::format("line {}", example.row)});
  return {};
}

Result<align::PreferencePair> encode_pair(const TextPair& pair, const TextCodec& codec,
                                          const std::string& file, ContextFit& fit) {
  CANDOR_TRY(const Tokens a,
             encode_answer(codec, pair.prompt, pair.chosen, "chosen", fit, file, pair.row));
  CANDOR_TRY(const Tokens b,
             encode_answer(codec, pair.prompt, pair.rejected, "rejected", fit, file, pair.row));
  CANDOR_TRY(const Tokens prompt,
             encode_prompt(codec, pair.prompt, std::max(a.size(), b.size()), fit, file, pair.row));
  align::PreferencePair encoded;
  encoded.a = joined(prompt, a);
  encoded.b = joined(prompt, b);
  encoded.label = pair.p_chosen;
  encoded.weight = pair.weight;
  encoded.margin = pair.margin;
  encoded.slot = pair.slot;
  return encoded;
}

}  // namespace

std::vector<std::string> EncodingReport::notes() const {
  std::vector<std::string> lines;
  if (fit.cut_prompts() > 0) lines.push_back(fit.note());
  if (split_texts > 0)
    lines.push_back(fmt::format("{} texts were longer than {} tokens and were split into {} pieces",
                                split_texts, fit.context(), pieces));
  return lines;
}

Result<std::vector<align::PreferencePair>> encode_pairs(const std::vector<TextPair>& pairs,
                                                        const TextCodec& codec,
                                                        const std::string& file,
                                                        EncodingReport& report) {
  std::vector<align::PreferencePair> encoded;
  encoded.reserve(pairs.size());
  for (const TextPair& pair : pairs) {
    CANDOR_TRY(align::PreferencePair one, encode_pair(pair, codec, file, report.fit));
    encoded.push_back(std::move(one));
  }
  return encoded;
}

Result<std::vector<align::SupervisedExample>> encode_examples(
    const std::vector<TextExample>& examples, const TextCodec& codec, const std::string& file,
    EncodingReport& report) {
  std::vector<align::SupervisedExample> encoded;
  for (const TextExample& example : examples)
    CANDOR_CHECK(append_example(example, codec, file, report, encoded));
  return encoded;
}

}  // namespace candor::app
