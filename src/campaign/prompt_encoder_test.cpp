#include "campaign/prompt_encoder.h"

#include <gtest/gtest.h>

namespace candor::campaign {
namespace {

// One token a byte, numbered as the byte; 256 begins a text.
class Bytes final : public tokenizer::Tokenizer {
 public:
  [[nodiscard]] std::vector<tokenizer::Token> encode(std::string_view text,
                                                     tokenizer::Specials) const override {
    return {text.begin(), text.end()};
  }
  [[nodiscard]] Result<std::string> decode(
      std::span<const tokenizer::Token> tokens) const override {
    return std::string(tokens.begin(), tokens.end());
  }
  [[nodiscard]] std::size_t vocabulary() const override { return 257; }
  [[nodiscard]] std::optional<tokenizer::Token> begin() const override { return 256; }
  [[nodiscard]] std::optional<tokenizer::Token> end() const override { return {}; }
  [[nodiscard]] std::optional<tokenizer::Token> find(std::string_view) const override { return {}; }
  [[nodiscard]] std::optional<std::string> chat_template() const override { return {}; }
  [[nodiscard]] Status save(const std::string&) const override { return {}; }
};

using Tokens = std::vector<policy::Token>;

TEST(PromptEncoder, BeginsATextAndKeepsItWhole) {
  const Bytes bytes;
  const auto encoder = PromptEncoder::create(bytes, "", 4);
  ASSERT_TRUE(encoder.ok());
  EXPECT_EQ(encoder->tokens("abc"), (Tokens{256, 'a', 'b', 'c'}));
  EXPECT_EQ(encoder->excess("abc"), 0U);
}

TEST(PromptEncoder, CutsTheLeftOfWhatIsTooLongAndKeepsTheBeginning) {
  const Bytes bytes;
  const auto encoder = PromptEncoder::create(bytes, "", 4);
  EXPECT_EQ(encoder->tokens("abcdef"), (Tokens{256, 'd', 'e', 'f'}));
  EXPECT_EQ(encoder->excess("abcdef"), 3U);
}

TEST(PromptEncoder, WritesAPromptAsAUsersTurn) {
  const Bytes bytes;
  const auto encoder = PromptEncoder::create(bytes, "plain", 40);
  ASSERT_TRUE(encoder.ok());
  EXPECT_EQ(encoder->tokens("hi"), (Tokens{'h', 'i', '\n'}));
}

TEST(PromptEncoder, RefusesATemplateThatIsNotKnown) {
  const Bytes bytes;
  const auto encoder = PromptEncoder::create(bytes, "telex", 40);
  ASSERT_FALSE(encoder.ok());
  EXPECT_EQ(encoder.error().code, ErrorCode::unsupported);
}

}  // namespace
}  // namespace candor::campaign
