#include "lm/generate.h"

#include <gtest/gtest.h>

#include <cmath>

#include "candor/base/random.h"
#include "lm/extrapolated.h"
#include "lm/sampling.h"

namespace {

using candor::ErrorCode;
using candor::RandomStream;
using candor::Result;
using candor::Status;
using candor::lm::Decoder;
using candor::lm::generate;
using candor::lm::LogitModel;
using candor::policy::GenerateOptions;
using candor::policy::Sequence;
using candor::policy::Token;

constexpr std::size_t vocabulary = 6;

// Logits that depend on all of a text in a fixed, irregular way.
std::vector<float> logits_after(std::span<const Token> text) {
  std::uint64_t state = text.size();
  for (const Token token : text) state = state * 31 + static_cast<std::uint64_t>(token) + 7;
  RandomStream random(state);
  std::vector<float> logits(vocabulary);
  for (float& logit : logits) logit = static_cast<float>(2.0 * random.normal());
  return logits;
}

struct Counts {
  std::size_t calls = 0;
  std::size_t rows = 0;  // summed over calls
  std::size_t batches = 0;
  std::size_t longest = 0;  // text that any row was taken to, in tokens
};

class TextDecoder final : public Decoder {
 public:
  explicit TextDecoder(Counts& counts) : counts_(counts) {}

  Result<std::vector<float>> next(std::span<const Token> tokens, std::size_t columns,
                                  std::span<const std::size_t> first) override {
    texts_.resize(first.size());
    ++counts_.calls;
    for (const std::size_t begin : first) {
      const std::size_t seen = (texts_.empty() ? 0 : texts_.front().size()) + columns;
      counts_.longest = std::max(counts_.longest, seen - begin);
    }
    counts_.rows += first.size();
    std::vector<float> all;
    for (std::size_t r = 0; r < first.size(); ++r) {
      const auto added = tokens.subspan(r * columns, columns);
      texts_[r].insert(texts_[r].end(), added.begin(), added.end());
      const std::vector<float> logits = logits_after(std::span(texts_[r]).subspan(first[r]));
      all.insert(all.end(), logits.begin(), logits.end());
    }
    return all;
  }

  Status keep(std::span<const std::size_t> rows) override {
    std::vector<std::vector<Token>> kept;
    for (const std::size_t row : rows) kept.push_back(texts_[row]);
    texts_ = std::move(kept);
    return {};
  }

 private:
  Counts& counts_;
  std::vector<std::vector<Token>> texts_;
};

class TextModel final : public LogitModel {
 public:
  explicit TextModel(std::size_t tokens = 1000, std::size_t context = 30)
      : tokens_(tokens), context_(context) {}
  [[nodiscard]] std::size_t vocabulary() const override { return ::vocabulary; }
  [[nodiscard]] std::size_t context() const override { return context_; }
  [[nodiscard]] std::size_t tokens_at_once() const override { return tokens_; }
  Result<std::unique_ptr<Decoder>> decoder() override {
    ++counts.batches;
    return std::unique_ptr<Decoder>(std::make_unique<TextDecoder>(counts));
  }
  Result<std::vector<float>> answer_logits(std::span<const Sequence> sequences) override {
    std::vector<float> all;
    for (const Sequence& sequence : sequences)
      for (std::size_t t = sequence.prompt_length; t < sequence.tokens.size(); ++t) {
        const auto logits = logits_after(std::span(sequence.tokens).first(t));
        all.insert(all.end(), logits.begin(), logits.end());
      }
    return all;
  }
  Counts counts;

 private:
  std::size_t tokens_;
  std::size_t context_;
};

// One text at a time, everything from the start for every token.
Sequence written_alone(std::vector<Token> text, const GenerateOptions& options, std::uint64_t seed,
                       std::uint64_t stream, std::size_t context) {
  const std::size_t prompt_length = text.size();
  RandomStream random(seed, stream);
  while (text.size() < context && text.size() < prompt_length + options.max_tokens) {
    const double uniform = options.temperature > 0.0 ? random.uniform() : 0.0;
    text.push_back(*candor::lm::choose_token(logits_after(text), options, uniform));
    if (std::find(options.stop.begin(), options.stop.end(), text.back()) != options.stop.end())
      break;
  }
  return {.tokens = text, .prompt_length = prompt_length};
}

std::vector<std::vector<Token>> some_prompts() {
  return {{1, 2, 3}, {4}, {5, 0, 1, 2, 3, 4, 5}, {2, 2}, {3, 1, 4}, {1, 2, 3}, {0}};
}

TEST(Generate, EqualsOneTextAtATime) {
  const auto prompts = some_prompts();
  for (const GenerateOptions& options :
       {GenerateOptions{.max_tokens = 12, .temperature = 0.0, .stop = {5}},
        GenerateOptions{.max_tokens = 12, .stop = {0, 5}}, GenerateOptions{.max_tokens = 100},
        GenerateOptions{.max_tokens = 5, .temperature = 1.3, .top_k = 4, .top_p = 0.9}}) {
    for (const std::size_t tokens_at_once : {1U, 60U, 1000U}) {
      TextModel model(tokens_at_once);
      const auto answers = generate(model, prompts, options, 77);
      ASSERT_TRUE(answers.ok());
      for (std::size_t i = 0; i < prompts.size(); ++i) {
        const Sequence alone = written_alone(prompts[i], options, 77, i, model.context());
        EXPECT_EQ((*answers)[i].tokens, alone.tokens) << i;
        EXPECT_EQ((*answers)[i].prompt_length, prompts[i].size());
      }
    }
  }
}

TEST(Generate, FinishedRowsLeaveTheBatch) {
  // Every token stops: one call. None does: as many calls as tokens, none of them wasted.
  TextModel stops;
  ASSERT_TRUE(
      generate(stops, some_prompts(), {.max_tokens = 9, .stop = {0, 1, 2, 3, 4, 5}}, 1).ok());
  EXPECT_EQ(stops.counts.calls, 1U);
  TextModel goes_on;
  ASSERT_TRUE(generate(goes_on, some_prompts(), {.max_tokens = 9}, 1).ok());
  EXPECT_EQ(goes_on.counts.calls, 9U);
  EXPECT_EQ(goes_on.counts.rows, 9U * 7U);
  // A third of the tokens stop: 200 answers of about 3 tokens; the last of them is longer.
  TextModel some_stop(1'000'000);
  const std::vector<std::vector<Token>> prompts(200, {1, 2});
  const auto answers = generate(some_stop, prompts, {.max_tokens = 20, .stop = {0, 1}}, 1);
  std::size_t written = 0;
  for (const Sequence& answer : *answers) written += answer.answer_length();
  EXPECT_EQ(some_stop.counts.batches, 1U);
  EXPECT_LT(some_stop.counts.rows, 2 * written);
}

// A network has positions for its context and no more, so a row that is done, be it full or be it
// stopped, must not be fed beyond it while the others go on.
TEST(Generate, NoRowIsFedBeyondTheContext) {
  std::vector<std::vector<Token>> prompts(8, {1, 2});
  prompts[3] = std::vector<Token>(12, 1);
  for (const std::vector<Token>& stop : {std::vector<Token>{}, std::vector<Token>{0}}) {
    const GenerateOptions options = {.max_tokens = 14, .temperature = 0.0, .stop = stop};
    TextModel model(1000, 16);
    const auto answers = generate(model, prompts, options, 1);
    ASSERT_TRUE(answers.ok());
    EXPECT_EQ(model.counts.batches, 1U);
    EXPECT_LE(model.counts.longest, 16U);
    for (std::size_t i = 0; i < prompts.size(); ++i)
      EXPECT_EQ((*answers)[i].tokens, written_alone(prompts[i], options, 1, i, 16).tokens) << i;
  }
}

TEST(Generate, RefusesWhatCannotBeWritten) {
  TextModel model;
  const auto code = [&](std::vector<Token> prompt, const GenerateOptions& options) {
    const std::vector<std::vector<Token>> prompts = {{1}, std::move(prompt)};
    const auto answers = generate(model, prompts, options, 1);
    EXPECT_FALSE(answers.ok());
    EXPECT_EQ(answers.error().code, ErrorCode::out_of_range);
    return answers.error().message();
  };
  const std::string full = code(std::vector<Token>(30, 1), {});
  EXPECT_NE(full.find("prompt 1"), std::string::npos);
  EXPECT_NE(full.find("30 tokens"), std::string::npos);
  EXPECT_NE(full.find("context of 30"), std::string::npos);
  EXPECT_NE(code({}, {}).find("0 tokens"), std::string::npos);
  EXPECT_NE(code({6}, {}).find("token 6"), std::string::npos);
  EXPECT_NE(code({1}, {.top_p = 2.0}).find("top_p"), std::string::npos);
}

TEST(Generate, NoPromptsNoAnswers) {
  TextModel model;
  const auto answers = generate(model, {}, {}, 1);
  ASSERT_TRUE(answers.ok());
  EXPECT_TRUE(answers->empty());
}

// A model that says the same after every text.
class ConstantModel final : public LogitModel {
 public:
  explicit ConstantModel(std::vector<float> logits) : logits_(std::move(logits)) {}
  [[nodiscard]] std::size_t vocabulary() const override { return logits_.size(); }
  [[nodiscard]] std::size_t context() const override { return 8; }
  [[nodiscard]] std::size_t tokens_at_once() const override { return 100; }
  Result<std::unique_ptr<Decoder>> decoder() override {
    return std::unique_ptr<Decoder>(std::make_unique<Same>(logits_));
  }
  Result<std::vector<float>> answer_logits(std::span<const Sequence> sequences) override {
    std::size_t rows = 0;
    for (const Sequence& sequence : sequences) rows += sequence.answer_length();
    return repeated(rows);
  }

 private:
  struct Same final : Decoder {
    explicit Same(std::vector<float> of) : logits(std::move(of)) {}
    Result<std::vector<float>> next(std::span<const Token> /*tokens*/, std::size_t /*columns*/,
                                    std::span<const std::size_t> first) override {
      std::vector<float> all;
      for (std::size_t i = 0; i < first.size(); ++i)
        all.insert(all.end(), logits.begin(), logits.end());
      return all;
    }
    Status keep(std::span<const std::size_t> /*rows*/) override { return {}; }
    std::vector<float> logits;
  };
  [[nodiscard]] std::vector<float> repeated(std::size_t rows) const {
    std::vector<float> all;
    for (std::size_t i = 0; i < rows; ++i) all.insert(all.end(), logits_.begin(), logits_.end());
    return all;
  }
  std::vector<float> logits_;
};

TEST(Extrapolated, WorkedExample) {
  // Newer {1, 0}, older {0, 0}, a = 1: logits {2, 0}.
  const auto newer = std::make_shared<ConstantModel>(std::vector<float>{1.0F, 0.0F});
  const auto older = std::make_shared<ConstantModel>(std::vector<float>{0.0F, 0.0F});
  candor::lm::ExtrapolatedPolicy policy(
      std::make_shared<candor::lm::ExtrapolatedLogits>(newer, older, 1.0));
  const std::vector<Sequence> sequences = {{.tokens = {0, 0, 1}, .prompt_length = 1},
                                           {.tokens = {1, 0}, .prompt_length = 1},
                                           {.tokens = {1}, .prompt_length = 1}};
  const auto scores = policy.scores(sequences);
  ASSERT_TRUE(scores.ok());
  const double normaliser = std::log(std::exp(2.0) + 1.0);
  EXPECT_NEAR((*scores)[0], 2.0 - 2.0 * normaliser, 1e-12);
  EXPECT_NEAR((*scores)[1], 2.0 - normaliser, 1e-12);
  EXPECT_EQ((*scores)[2], 0.0);
  const auto written = policy.generate(std::vector<std::vector<Token>>{{1}},
                                       {.max_tokens = 3, .temperature = 0.0}, 1);
  ASSERT_TRUE(written.ok());
  EXPECT_EQ(written->front().tokens, (std::vector<Token>{1, 0, 0, 0}));
}

TEST(Extrapolated, IsNotTrained) {
  const auto logits = std::make_shared<ConstantModel>(std::vector<float>{1.0F, 0.0F});
  candor::lm::ExtrapolatedPolicy policy(
      std::make_shared<candor::lm::ExtrapolatedLogits>(logits, logits, 0.5));
  EXPECT_EQ(policy.forward({}).error().code, ErrorCode::unsupported);
  EXPECT_EQ(policy.backward({}).error().code, ErrorCode::unsupported);
  EXPECT_EQ(policy.step({}).error().code, ErrorCode::unsupported);
  EXPECT_EQ(policy.save_state("nowhere").error().code, ErrorCode::unsupported);
  EXPECT_EQ(policy.save_model("nowhere").error().code, ErrorCode::unsupported);
  const auto long_one = policy.scores(
      std::vector<Sequence>{{.tokens = std::vector<Token>(9, 0), .prompt_length = 1}});
  EXPECT_EQ(long_one.error().code, ErrorCode::out_of_range);
}

}  // namespace
