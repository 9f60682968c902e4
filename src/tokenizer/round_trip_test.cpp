
#include <unistd.h>

#include "candor/base/random.h"
#include "tokenizer/test_vectors.h"

namespace candor::tokenizer {
namespace {

using namespace std::string_view_literals;

// Random bytes, and random pieces of UTF-8 with bytes between them.
std::string random_text(RandomStream& random) {
  constexpr std::array<std::string_view, 12> pieces = {
      " ",          "  ",           "\n",
      "the",        "5400",         "\u00e9",
      "e\u0301",    "\u6f22\u5b57", "\U0001F44D\U0001F3FD",
      "<|im_end|>", "\xFF",         "\xE6\xBC"};
  std::string text;
  for (std::uint64_t i = random.below(30); i > 0; --i) {
    if (random.bernoulli(0.3))
      text += static_cast<char>(random.below(256));
    else
      text += pieces[random.below(pieces.size())];
  }
  return text;
}

class RoundTrip : public testing::TestWithParam<const char*> {};

TEST_P(RoundTrip, AnyBytes) {
  const auto tokenizer = load_or_fail(data_folder + GetParam());
  ASSERT_NE(tokenizer, nullptr);
  RandomStream random(2);
  for (int round = 0; round < 2000; ++round) {
    const std::string text = random_text(random);
    const std::vector<Token> tokens = tokenizer->encode(text);
    const auto back = tokenizer->decode(tokens);
    ASSERT_TRUE(back.ok());
    ASSERT_EQ(*back, text);
  }
}

INSTANTIATE_TEST_SUITE_P(Tokenizer, RoundTrip,
                         testing::Values("gpt2", "smollm2", "llama3", "llama2_fast"));

TEST(RoundTrip, ComposedCharactersComeBackComposed) {
  const auto qwen2 = load_or_fail(data_folder + "qwen2");
  EXPECT_EQ(*qwen2->decode(qwen2->encode("cafe\u0301\xFF")), "caf\u00e9\xFF");
}

TEST(RoundTrip, SpecialTokensAreLeftOut) {
  const auto gpt2 = load_or_fail(data_folder + "gpt2");
  const std::string text = "a<|endoftext|>b";
  EXPECT_EQ(*gpt2->decode(gpt2->encode(text, Specials::as_tokens)), "ab");
  EXPECT_EQ(*gpt2->decode(gpt2->encode(text, Specials::as_text)), text);
}

TEST(RoundTrip, SentencePieceKeepsSpacesAndWhatIsNotUtf8) {
  const auto llama2 = load_or_fail(data_folder + "llama2");
  EXPECT_EQ(*llama2->decode(llama2->encode("a\xFF b")), "a\xFF b");
  EXPECT_EQ(*llama2->decode(llama2->encode(" two  spaces ")), " two  spaces ");
}

TEST(RoundTrip, TokensOutsideTheVocabularyAreNamed) {
  for (const char* name : {"gpt2", "llama2", "llama2_fast"}) {
    const auto tokenizer = load_or_fail(data_folder + name);
    for (const Token bad : {-1, static_cast<Token>(tokenizer->vocabulary())}) {
      const auto text = tokenizer->decode(std::vector<Token>{5, bad});
      ASSERT_FALSE(text.ok());
      EXPECT_EQ(text.error().code, ErrorCode::out_of_range);
      EXPECT_NE(text.error().message().find("at place 1"), std::string::npos);
    }
  }
}

TEST(RoundTrip, SavedTokenizersAreTheSame) {
  for (const char* name : {"gpt2", "qwen2", "llama2", "llama.gguf", "llama3.gguf", "qwen2.gguf"}) {
    const auto before = load_or_fail(data_folder + name);
    const std::string folder =
        testing::TempDir() + "candor_tokenizer_saved_" + std::to_string(::getpid()) + name;
    ASSERT_TRUE(before->save(folder).ok());
    const auto after = load_or_fail(folder);
    ASSERT_NE(after, nullptr);
    EXPECT_EQ(after->begin(), before->begin());
    EXPECT_EQ(after->end(), before->end());
    EXPECT_EQ(after->chat_template(), before->chat_template());
    EXPECT_EQ(after->vocabulary(), before->vocabulary());
    RandomStream random(3);
    for (int round = 0; round < 200; ++round) {
      const std::string text = random_text(random);
      ASSERT_EQ(after->encode(text, Specials::as_tokens),
                before->encode(text, Specials::as_tokens));
    }
  }
}

TEST(RoundTrip, ALongRunOfSpacesIsNoTrouble) {
  for (const char* name : {"gpt2", "llama3", "llama2_fast"}) {
    const auto tokenizer = load_or_fail(data_folder + name);
    const std::string text = std::string(1U << 18U, ' ') + "a";
    EXPECT_EQ(*tokenizer->decode(tokenizer->encode(text)), text) << name;
  }
}

}  // namespace
}  // namespace candor::tokenizer
