#include "text_codec.h"

#include <gtest/gtest.h>

#include "test_tokenizer.h"

namespace candor::app {
namespace {

using Tokens = std::vector<policy::Token>;

TextCodec codec(std::vector<std::string> specials = {}, const std::string& chat_template = "") {
  return TextCodec::create(small_tokenizer(std::move(specials)), small_config(), chat_template)
      .value();
}

Prompt chat(std::string text) {
  return {"", {{"user", std::move(text)}}};
}

TEST(TextCodec, TextsBeginAndAnswersEndWithTheirTokens) {
  const TextCodec words = codec();
  const Tokens text = words.tokenizer().encode("the cat");
  Tokens prompt{0};
  prompt.insert(prompt.end(), text.begin(), text.end());
  Tokens answer = text;
  answer.push_back(0);
  EXPECT_EQ(words.prompt({"the cat", {}}).value(), prompt);
  EXPECT_EQ(words.answer({"x", {}}, "the cat").value(), answer);
  EXPECT_EQ(words.prompt({}).value(), Tokens{0}) << "an empty prompt is the begin token";
}

TEST(TextCodec, WhatPeopleWroteIsNeverASpecialToken) {
  const TextCodec words = codec();
  const Tokens tokens = words.answer({"x", {}}, "<|endoftext|>").value();
  EXPECT_EQ(std::count(tokens.begin(), tokens.end(), 0), 1) << "only the end itself";
  EXPECT_GT(tokens.size(), 5U);
}

TEST(TextCodec, ConversationsFollowTheirTemplate) {
  const TextCodec words = codec({"<|im_start|>", "<|im_end|>"}, "chatml");
  const auto& t = words.tokenizer();
  const auto at = [&](const char* text) { return t.find(text).value(); };
  const Tokens prompt = words.prompt(chat("Hi")).value();
  EXPECT_EQ(prompt.front(), at("<|im_start|>"));
  EXPECT_EQ(std::count(prompt.begin(), prompt.end(), at("<|im_start|>")), 2);
  Tokens answer = t.encode("Yes");
  answer.push_back(at("<|im_end|>"));
  EXPECT_EQ(words.answer(chat("Hi"), "Yes").value(), answer);
  EXPECT_EQ(words.ends(), (Tokens{0, at("<|im_end|>")}));
}

// The prompt's tokens and the answer's are together those of the whole conversation, up to what the
// template writes after the end of a turn.
TEST(TextCodec, PromptAndAnswerMakeTheConversation) {
  const auto tokenizer = small_tokenizer({"<|im_start|>", "<|im_end|>", "<|eot_id|>", "</s>", "<s>",
                                          "<|begin_of_text|>", "<|start_header_id|>",
                                          "<|end_header_id|>", "<|user|>", "<|assistant|>"});
  for (const char* name : {"chatml", "llama3", "llama2", "zephyr"}) {
    const TextCodec words = TextCodec::create(tokenizer, small_config(), name).value();
    Prompt prompt = chat("the cat");
    Tokens made = words.prompt(prompt).value();
    const Tokens answer = words.answer(prompt, "the hat").value();
    made.insert(made.end(), answer.begin(), answer.end());
    prompt.conversation.push_back({"assistant", "the hat"});
    const Tokens whole =
        tokenizer::encode_chat(*tokenizer, name, prompt.conversation, false).value();
    ASSERT_LE(made.size(), whole.size()) << name;
    EXPECT_LE(whole.size() - made.size(), 1U) << name;
    EXPECT_EQ(words.decode(made).value(), words.decode(std::span(whole).first(made.size())).value())
        << name;
  }
}

TEST(TextCodec, RefusesATokenizerOfAnotherModel) {
  const auto tokenizer = small_tokenizer();
  const auto made = TextCodec::create(tokenizer, small_config(100));
  ASSERT_FALSE(made.ok());
  EXPECT_EQ(made.error().code, ErrorCode::conflict);
  EXPECT_EQ(made.error().found, "a tokenizer of " + std::to_string(tokenizer->vocabulary()) +
                                    " tokens for a model of 100");
}

TEST(TextCodec, AConversationNeedsATemplate) {
  const auto tokens = codec().prompt(chat("Hi"));
  ASSERT_FALSE(tokens.ok());
  EXPECT_EQ(tokens.error().code, ErrorCode::invalid_argument);
  EXPECT_NE(tokens.error().message().find("--chat-template"), std::string::npos);
}

TEST(TextCodec, RefusesATemplateThatIsNotKnown) {
  const auto made = TextCodec::create(small_tokenizer(), small_config(), "alpaca");
  ASSERT_FALSE(made.ok());
  EXPECT_EQ(made.error().code, ErrorCode::unsupported);
}

}  // namespace
}  // namespace candor::app
