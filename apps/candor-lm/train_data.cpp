#include "train_data.h"

#include <algorithm>

#include "candor/align/preference_lesson.h"

namespace candor::app {
namespace {

constexpr std::size_t tokens_in_memory = 8192;

template <class Pointer>
Result<std::unique_ptr<align::Lesson>> as_lesson(Result<Pointer> lesson) {
  if (!lesson) return std::move(lesson).error();
  return std::unique_ptr<align::Lesson>(std::move(lesson).value());
}

}  // namespace

std::vector<std::string> TrainFile::texts() const {
  return examples.empty() ? texts_of(pairs) : texts_of(examples);
}

Result<TrainFile> read_train_file(const std::string& path, Training training) {
  TrainFile file;
  if (training == Training::texts) {
    CANDOR_TRY(file.examples, read_text_examples(path));
  } else {
    CANDOR_TRY(file.pairs, read_text_pairs(path));
  }
  return file;
}

Result<TrainTokens> encode_train_file(const TrainFile& texts, const TextCodec& codec,
                                      const std::string& path, EncodingReport& report) {
  TrainTokens tokens;
  CANDOR_TRY(tokens.pairs, encode_pairs(texts.pairs, codec, path, report));
  CANDOR_TRY(tokens.examples, encode_examples(texts.examples, codec, path, report));
  return tokens;
}

std::uint64_t TrainTokens::tokens() const {
  std::uint64_t all = 0;
  for (const auto& pair : pairs) all += pair.a.tokens.size() + pair.b.tokens.size();
  for (const auto& example : examples) all += example.sequence.tokens.size();
  return all;
}

std::size_t TrainTokens::piece() const {
  std::size_t longest = 1;
  for (const auto& pair : pairs)
    longest = std::max(longest, 2 * std::max(pair.a.tokens.size(), pair.b.tokens.size()));
  for (const auto& example : examples) longest = std::max(longest, example.sequence.tokens.size());
  return std::max<std::size_t>(1, tokens_in_memory / longest);
}

Result<std::unique_ptr<align::Lesson>> make_lesson(TrainTokens tokens,
                                                   const align::Objective* objective) {
  if (objective == nullptr)
    return as_lesson(align::SupervisedLesson::create(std::move(tokens.examples)));
  return as_lesson(align::PreferenceLesson::create(std::move(tokens.pairs), *objective));
}

}  // namespace candor::app
