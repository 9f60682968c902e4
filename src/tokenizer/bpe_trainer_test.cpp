#include "candor/tokenizer/bpe_trainer.h"

#include <unistd.h>

#include <map>

#include "candor/base/random.h"
#include "tokenizer/pair_learner.h"
#include "tokenizer/test_vectors.h"

namespace candor::tokenizer {
namespace {

std::string whole_file(const std::string& name) {
  std::ifstream file(data_folder + name, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::unique_ptr<Tokenizer> train(const std::vector<std::string>& texts,
                                 const BpeTrainingOptions& options) {
  auto trained = train_bpe(texts, options);
  EXPECT_TRUE(trained.ok()) << trained.error().message();
  return std::move(trained).value();
}

nlohmann::json saved(const Tokenizer& tokenizer) {
  const std::string folder = testing::TempDir() + "candor_trained_" + std::to_string(::getpid());
  EXPECT_TRUE(tokenizer.save(folder).ok());
  std::ifstream file(folder + "/tokenizer.json");
  return nlohmann::json::parse(file);
}

TEST(BpeTrainer, WorkedExample) {
  BpeTrainingOptions options;
  options.vocabulary = 260;
  const auto tokenizer = train({"aaabdaaabac"}, options);
  EXPECT_EQ(tokenizer->vocabulary(), 260U);
  std::vector<std::string> pieces;
  for (const Token token : tokenizer->encode("aaabdaaabac"))
    pieces.push_back(*tokenizer->decode(std::span(&token, 1)));
  EXPECT_EQ(pieces, (std::vector<std::string>{"aaab", "d", "aaab", "a", "c"}));
  EXPECT_EQ(tokenizer->find("<|endoftext|>"), 0);
  EXPECT_EQ(tokenizer->end(), 0);
  EXPECT_EQ(tokenizer->begin(), std::nullopt);
  EXPECT_EQ(tokenizer->find("!"), 1);
}

// trained.json: what tokenizers.trainers.BpeTrainer makes of the same text and options.
TEST(BpeTrainer, EqualsTheReferenceTrainer) {
  BpeTrainingOptions options;
  options.vocabulary = 400;
  const auto tokenizer = train({whole_file("corpus.txt")}, options);
  const nlohmann::json reference = read_test_json("trained.json");
  const nlohmann::json document = saved(*tokenizer);
  EXPECT_EQ(document["model"]["vocab"], reference["vocab"]);
  EXPECT_EQ(document["model"]["merges"], reference["merges"]);
}

TEST(BpeTrainer, TheOrderOfTextsDoesNotMatter) {
  BpeTrainingOptions options;
  options.vocabulary = 320;
  const std::string corpus = whole_file("corpus.txt");
  const std::string front = corpus.substr(0, 700);
  const std::string back = corpus.substr(700);
  EXPECT_EQ(saved(*train({front, back}, options)), saved(*train({back, front}, options)));
}

TEST(BpeTrainer, DigitsStandAlone) {
  const std::vector<std::string> texts(10, "about 5400 vehicles 5400");
  BpeTrainingOptions options;
  options.vocabulary = 300;
  EXPECT_EQ(train(texts, options)->encode("5400").size(), 4U);
  options.single_digits = false;
  EXPECT_EQ(train(texts, options)->encode("5400").size(), 1U);
}

TEST(BpeTrainer, StopsWherePairsAreTooRare) {
  BpeTrainingOptions options;
  options.vocabulary = 5000;
  EXPECT_EQ(train({"abab"}, options)->vocabulary(), 258U);  // only "ab" occurs twice
  EXPECT_EQ(train({}, options)->vocabulary(), 257U);
}

TEST(BpeTrainer, SpecialTokensAreNeverMadeFromText) {
  BpeTrainingOptions options;
  options.vocabulary = 400;
  options.special_tokens = {"<|begin|>", "<|endoftext|>"};
  options.begin_token = "<|begin|>";
  const auto tokenizer = train(std::vector<std::string>(9, "x<|endoftext|>y<|begin|>z"), options);
  EXPECT_EQ(tokenizer->begin(), 0);
  EXPECT_EQ(tokenizer->end(), 1);
  for (const Token token : tokenizer->encode("<|begin|><|endoftext|>")) EXPECT_GT(token, 1);
  EXPECT_EQ(tokenizer->encode("<|begin|>x", Specials::as_tokens).front(), 0);
}

TEST(BpeTrainer, AnyBytes) {
  BpeTrainingOptions options;
  options.vocabulary = 280;
  const std::string text = "\xFF\xFE\xFF\xFE \xFF\xFE caf\u00e9";
  const auto tokenizer = train({text, text}, options);
  EXPECT_EQ(*tokenizer->decode(tokenizer->encode(text)), text);
}

TEST(BpeTrainer, RefusesBadOptions) {
  const std::vector<std::string> texts = {"a"};
  const auto field_of = [&](auto change) {
    BpeTrainingOptions options;
    change(options);
    const auto trained = train_bpe(texts, options);
    return trained.ok() ? "none" : trained.error().field;
  };
  using Options = BpeTrainingOptions&;
  EXPECT_EQ(field_of([](Options o) { o.vocabulary = 256; }), "vocabulary");
  EXPECT_EQ(field_of([](Options o) { o.vocabulary = 1U << 25U; }), "vocabulary");
  EXPECT_EQ(field_of([](Options o) { o.min_count = 0; }), "min_count");
  EXPECT_EQ(field_of([](Options o) { o.special_tokens.emplace_back(""); }), "special_tokens");
  EXPECT_EQ(field_of([](Options o) { o.special_tokens.emplace_back("!"); }), "special_tokens");
  EXPECT_EQ(field_of([](Options o) { o.special_tokens.emplace_back("\xFF\xFF"); }),
            "special_tokens");
  EXPECT_EQ(field_of([](Options o) { o.special_tokens.emplace_back("\u0120a"); }),
            "special_tokens");
  EXPECT_EQ(field_of([](Options o) { o.special_tokens.emplace_back("<|endoftext|>"); }),
            "special_tokens");
  EXPECT_EQ(field_of([](Options o) { o.end_token = "</s>"; }), "begin_token, end_token");
}

// Counts every pair anew.
std::pair<PairLearner::Pair, std::int64_t> best_slowly(
    const std::vector<PairLearner::Word>& words) {
  std::map<PairLearner::Pair, std::int64_t> counts;
  for (const auto& word : words)
    for (std::size_t i = 1; i < word.tokens.size(); ++i)
      counts[{word.tokens[i - 1], word.tokens[i]}] += word.count;
  std::pair<PairLearner::Pair, std::int64_t> best{{0, 0}, 0};
  for (const auto& entry : counts)
    if (entry.second > best.second) best = entry;
  return best;
}

void merge_slowly(std::vector<PairLearner::Word>& words, const PairLearner::Pair& pair,
                  Token merged) {
  for (auto& word : words)
    for (std::size_t i = 0; i + 1 < word.tokens.size(); ++i)
      if (PairLearner::Pair{word.tokens[i], word.tokens[i + 1]} == pair) {
        word.tokens[i] = merged;
        word.tokens.erase(word.tokens.begin() + static_cast<std::ptrdiff_t>(i) + 1);
      }
}

TEST(PairLearner, EqualsCountingAnew) {
  RandomStream random(4);
  for (int round = 0; round < 60; ++round) {
    std::vector<PairLearner::Word> words(1 + random.below(8));
    for (auto& word : words) {
      word.count = static_cast<std::int64_t>(1 + random.below(3));
      word.tokens.resize(random.below(20));
      for (Token& token : word.tokens) token = static_cast<Token>(random.below(3));
    }
    PairLearner learner(words);
    for (Token next = 3; next < 40; ++next) {
      const auto [pair, count] = best_slowly(words);
      const auto learnt = learner.best();
      ASSERT_EQ(learnt.second, count);
      if (count == 0) break;
      ASSERT_EQ(learnt.first, pair);
      merge_slowly(words, pair, next);
      learner.merge(pair, next);
    }
  }
}

}  // namespace
}  // namespace candor::tokenizer
