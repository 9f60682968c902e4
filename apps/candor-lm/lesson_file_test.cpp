#include "lesson_file.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "candor/base/file.h"
#include "scratch_folder.h"
#include "test_tokenizer.h"

namespace candor::app {
namespace {

using Tokens = std::vector<policy::Token>;

class LessonFile : public ::testing::Test {
 protected:
  std::string write(const std::string& text) {
    const std::string path = folder_.path() + "/data.jsonl";
    EXPECT_TRUE(write_file(path, text).ok());
    return path;
  }
  Result<std::vector<align::PreferencePair>> pairs(const std::string& text) {
    const std::string path = write(text);
    CANDOR_TRY(const auto read, read_text_pairs(path));
    return encode_pairs(read, codec_, "data.jsonl", report_);
  }
  Result<std::vector<align::SupervisedExample>> examples(const std::string& text) {
    const std::string path = write(text);
    CANDOR_TRY(const auto read, read_text_examples(path));
    return encode_examples(read, codec_, "data.jsonl", report_);
  }
  Tokens encode(const std::string& text) const { return codec_.tokenizer().encode(text); }

  ScratchFolder folder_ = ScratchFolder::create().value();
  TextCodec codec_ = TextCodec::create(small_tokenizer(), small_config()).value();
  EncodingReport report_{ContextFit(16)};
};

Tokens as_tokens(std::span<const policy::Token> span) {
  return {span.begin(), span.end()};
}

TEST_F(LessonFile, ReadsWhatReplayWrites) {
  const auto made = pairs(
      R"({"prompt":"cat","chosen":"a","rejected":"b","p_chosen":0.75,"weight":0.5,"margin":1.0986,"slot_id":"t0"})"
      "\n\n"
      R"({"prompt":"cat","chosen":"c","rejected":"d"})");
  ASSERT_TRUE(made.ok()) << made.error().message();
  ASSERT_EQ(made->size(), 2U);
  const auto& first = made->front();
  EXPECT_EQ(first.label, 0.75);
  EXPECT_EQ(first.weight, 0.5);
  EXPECT_EQ(first.margin, 1.0986);
  EXPECT_EQ(first.slot, "t0");
  EXPECT_EQ(as_tokens(first.a.answer()), (Tokens{encode("a").front(), 0}));
  EXPECT_EQ(as_tokens(first.b.answer()), (Tokens{encode("b").front(), 0}));
  EXPECT_EQ(made->back().label, 1.0);
  EXPECT_EQ(made->back().slot, "line 3");
}

TEST_F(LessonFile, BothAnswersKeepTheSamePrompt) {
  const auto made = pairs(R"({"prompt":"0123456789abcdef","chosen":"x","rejected":"vwxyz"})");
  ASSERT_TRUE(made.ok()) << made.error().message();
  const auto& pair = made->front();
  EXPECT_EQ(as_tokens(pair.a.prompt()), as_tokens(pair.b.prompt()));
  EXPECT_EQ(pair.b.tokens.size(), 16U);
  EXPECT_EQ(pair.a.tokens.front(), 0) << "the begin token stays";
  EXPECT_EQ(codec_.decode(pair.a.prompt()).value(), "789abcdef");
  EXPECT_EQ(report_.notes().size(), 1U);
}

TEST_F(LessonFile, AnAnswerThatDoesNotFitIsNamed) {
  const auto made = pairs(
      "{\"prompt\":\"p\",\"chosen\":\"a\",\"rejected\":\"b\"}\n"
      "{\"prompt\":\"p\",\"chosen\":\"a\",\"rejected\":\"0123456789abcdef\"}");
  ASSERT_FALSE(made.ok());
  EXPECT_EQ(
      made.error().message(),
      "data.jsonl:2: field \"rejected\": found 17 tokens; expected fewer than the context of 16; "
      "shorten the answer, or drop the line");
}

TEST_F(LessonFile, LongTextsAreSplitWithoutLoss) {
  const std::string text = "0123456789abcdefghijklmnopqrstuvwxyz";
  const auto made = examples(R"({"text":")" + text + R"("})");
  ASSERT_TRUE(made.ok()) << made.error().message();
  ASSERT_EQ(made->size(), 3U);
  Tokens learned;
  for (const auto& example : *made) {
    EXPECT_LE(example.sequence.tokens.size(), 16U);
    EXPECT_EQ(example.sequence.prompt_length, 1U);
    const auto answer = example.sequence.answer();
    const policy::Token before = learned.empty() ? 0 : learned.back();
    EXPECT_EQ(example.sequence.tokens.front(), before);
    learned.insert(learned.end(), answer.begin(), answer.end());
  }
  Tokens all = encode(text);
  all.push_back(0);
  EXPECT_EQ(learned, all);
  EXPECT_EQ(
      report_.notes(),
      std::vector<std::string>{"1 texts were longer than 16 tokens and were split into 3 pieces"});
}

TEST_F(LessonFile, OnlyCompletionsAreLearned) {
  const auto made = examples(R"({"prompt":"the cat","completion":" sat","weight":2})");
  ASSERT_TRUE(made.ok()) << made.error().message();
  EXPECT_EQ(made->front().weight, 2.0);
  EXPECT_EQ(codec_.decode(made->front().sequence.prompt()).value(), "the cat");
  EXPECT_EQ(codec_.decode(made->front().sequence.answer()).value(), " sat");
}

struct BadLine {
  const char* line;
  const char* message;
};

TEST_F(LessonFile, SaysWhatIsWrongWithAPair) {
  const BadLine lines[] = {
      {R"({"prompt":"p","chosen":"a"})", "field \"rejected\": found members chosen, prompt"},
      {R"({"prompt":"p","chosen":"a","rejected":7})",
       "field \"rejected\": found 7; expected a text"},
      {R"({"prompt":"p","chosen":"a","rejected":"b","p_chosen":1.5})",
       "field \"p_chosen\": found 1.5; expected a number in [0,1]"},
      {R"({"prompt":"p","chosen":"a","rejected":"b","weight":-1})",
       "field \"weight\": found -1; expected a number of 0 or more"},
      {R"([1])", "found [1]; expected a JSON object on each line"},
      {R"({"prompt":[{"role":"user"}],"chosen":"a","rejected":"b"})", "field \"prompt\": found {"},
      {R"({"prompt":[{"role":"user","content":"x"}],"chosen":"a","rejected":"b"})",
       "found a conversation, for a model without a chat template"},
      {R"({"chosen":[{"role":"user","content":"x"},{"role":"assistant","content":"y"}],)"
       R"("rejected":[{"role":"user","content":"z"},{"role":"assistant","content":"y"}]})",
       "field \"rejected\": found another conversation"}};
  for (const BadLine& bad : lines) {
    const auto made = pairs(bad.line);
    ASSERT_FALSE(made.ok()) << bad.line;
    EXPECT_NE(made.error().message().find(bad.message), std::string::npos)
        << made.error().message();
    EXPECT_EQ(made.error().row, 1U) << bad.line;
  }
}

TEST_F(LessonFile, SaysWhatIsWrongWithAText) {
  const auto made = examples(R"({"prompt":"p"})");
  ASSERT_FALSE(made.ok());
  EXPECT_NE(made.error().message().find("field \"completion\": found members prompt"),
            std::string::npos)
      << made.error().message();
  EXPECT_FALSE(examples("\n\n").ok());
}

TEST(TextExamples, ConversationsComeInThreeForms) {
  const ScratchFolder folder = ScratchFolder::create().value();
  const std::string path = folder.path() + "/chat.jsonl";
  ASSERT_TRUE(
      write_file(
          path,
          R"({"prompt":[{"role":"user","content":"q"}],"chosen":[{"role":"assistant","content":"a"}],"rejected":"b"})"
          "\n"
          R"({"chosen":[{"role":"user","content":"q"},{"role":"assistant","content":"a"}],)"
          R"("rejected":[{"role":"user","content":"q"},{"role":"assistant","content":"b"}]})")
          .ok());
  const auto pairs = read_text_pairs(path);
  ASSERT_TRUE(pairs.ok()) << pairs.error().message();
  for (const TextPair& pair : *pairs) {
    ASSERT_EQ(pair.prompt.conversation.size(), 1U);
    EXPECT_EQ(pair.prompt.conversation[0].content, "q");
    EXPECT_EQ(pair.chosen, "a");
    EXPECT_EQ(pair.rejected, "b");
  }
}

}  // namespace
}  // namespace candor::app
