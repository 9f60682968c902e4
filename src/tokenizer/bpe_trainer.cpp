#include "candor/tokenizer/bpe_trainer.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "tokenizer/added_tokens.h"
#include "tokenizer/byte_alphabet.h"
#include "tokenizer/new_vocabulary.h"
#include "tokenizer/pair_learner.h"
#include "tokenizer/pre_tokenizer.h"
#include "tokenizer/pre_tokenizer_presets.h"
#include "tokenizer/utf8.h"

namespace candor::tokenizer {
namespace {

// Counts the pieces of texts, special tokens cut out.
class PieceCounter {
 public:
  PieceCounter(const PreTokenizer& pre_tokenizer, const NewVocabulary& vocabulary)
      : pre_tokenizer_(pre_tokenizer) {
    for (const auto& [id, special] : vocabulary.added)
      special_.add({id, vocabulary.text[static_cast<std::size_t>(id)], special, false});
  }

  void add(std::string_view text) {
    std::vector<Segment> segments;
    special_.split(text, Specials::as_tokens, false, segments);
    for (const Segment& segment : segments)
      for_each_run(
          segment.text,
          [&](std::string_view valid) {
            for (const std::string_view piece : pre_tokenizer_.split(valid)) count(piece);
          },
          [&](std::string_view bytes) { count(bytes); });
  }

  /// In the order of the pieces, whatever the order of the texts.
  [[nodiscard]] std::map<std::string, std::int64_t> counts() const {
    return {counts_.begin(), counts_.end()};
  }

 private:
  void count(std::string_view piece) { ++counts_[std::string(piece)]; }

  const PreTokenizer& pre_tokenizer_;
  AddedTokens special_;
  std::unordered_map<std::string, std::int64_t> counts_;
};

Error bad_special(const std::string& text, std::string_view expected) {
  return Error{ErrorCode::invalid_argument, "\"" + text + "\""}
      .in_field("special_tokens")
      .expecting(expected);
}

Status check_special_tokens(const BpeTrainingOptions& options) {
  std::set<std::string> known;
  for (const std::string& text : options.special_tokens) {
    if (text.empty() || !is_valid_utf8(text)) return bad_special(text, "UTF-8, not empty");
    if (text.size() < 2) return bad_special(text, "more than one byte");
    if (from_alphabet(text).value_or(text) != text)
      return bad_special(text, "a text that no merged token can have: of ASCII characters");
    if (!known.insert(text).second) return bad_special(text, "every token once");
  }
  for (const auto& role : {options.begin_token, options.end_token})
    if (role && !known.contains(*role))
      return Error{ErrorCode::invalid_argument, *role}
          .in_field("begin_token, end_token")
          .expecting("one of special_tokens");
  return {};
}

Status check(const BpeTrainingOptions& options) {
  const std::size_t least = 256 + options.special_tokens.size();
  if (options.vocabulary < least || options.vocabulary > (std::size_t{1} << 24U))
    return Error{ErrorCode::out_of_range, std::to_string(options.vocabulary)}
        .in_field("vocabulary")
        .expecting(fmt::format("{} to 16777216 tokens", least));
  if (options.min_count == 0)
    return Error{ErrorCode::out_of_range, "0"}.in_field("min_count").expecting("at least 1");
  return check_special_tokens(options);
}

// A vocabulary that grows, with the way from text to number.
class Growing {
 public:
  explicit Growing(const BpeTrainingOptions& options) {
    for (const std::string& text : options.special_tokens)
      all_.added.push_back({number_of(text), true});
    add_bytes();
    if (options.begin_token) all_.begin = number_of(*options.begin_token);
    if (options.end_token) all_.end = number_of(*options.end_token);
    all_.pre_tokenizer = gpt2_pre_tokenizer(options.single_digits);
  }

  std::vector<PairLearner::Word> words(const std::map<std::string, std::int64_t>& pieces) {
    std::vector<PairLearner::Word> words;
    for (const auto& [piece, count] : pieces) {
      PairLearner::Word word{{}, count};
      for (const char c : piece) word.tokens.push_back(byte_[static_cast<std::uint8_t>(c)]);
      words.push_back(std::move(word));
    }
    return words;
  }

  void learn(PairLearner& learner, const BpeTrainingOptions& options) {
    while (all_.text.size() < options.vocabulary) {
      const auto [pair, count] = learner.best();
      if (count < static_cast<std::int64_t>(options.min_count)) return;
      all_.merges.push_back(pair);
      learner.merge(pair, number_of(text(pair.first) + text(pair.second)));
    }
  }

  [[nodiscard]] const NewVocabulary& vocabulary() const { return all_; }

 private:
  [[nodiscard]] const std::string& text(Token id) const {
    return all_.text[static_cast<std::size_t>(id)];
  }

  Token number_of(const std::string& text) {
    const auto [entry, is_new] = by_text_.emplace(text, static_cast<Token>(all_.text.size()));
    if (is_new) all_.text.push_back(text);
    return entry->second;
  }

  void add_bytes() {
    std::array<std::uint8_t, 256> order{};
    for (std::size_t i = 0; i < 256; ++i) order[i] = static_cast<std::uint8_t>(i);
    std::sort(order.begin(), order.end(), [](std::uint8_t a, std::uint8_t b) {
      return alphabet_character(a) < alphabet_character(b);
    });
    for (const std::uint8_t byte : order)
      byte_[byte] = number_of(to_alphabet(std::string(1, static_cast<char>(byte))));
  }

  NewVocabulary all_;
  std::unordered_map<std::string, Token> by_text_;
  std::array<Token, 256> byte_{};
};

}  // namespace

Result<std::unique_ptr<Tokenizer>> train_bpe(std::span<const std::string> texts,
                                             const BpeTrainingOptions& options) {
  CANDOR_CHECK(check(options));
  Growing growing(options);
  CANDOR_TRY(
      const PreTokenizer pre_tokenizer,
      PreTokenizer::read(JsonPlace(growing.vocabulary().pre_tokenizer, "pre_tokenizer", "")));
  PieceCounter counter(pre_tokenizer, growing.vocabulary());
  for (const std::string& text : texts) counter.add(text);
  PairLearner learner(growing.words(counter.counts()));
  growing.learn(learner, options);
  return parse_tokenizer(files_of(growing.vocabulary(), "the new vocabulary"));
}

}  // namespace candor::tokenizer
