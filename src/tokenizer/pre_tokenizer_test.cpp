#include "tokenizer/pre_tokenizer.h"

#include <gtest/gtest.h>

#include "tokenizer/normalizer.h"
#include "tokenizer/pre_tokenizer_presets.h"

namespace candor::tokenizer {
namespace {

using nlohmann::json;
using Pieces = std::vector<std::string>;

Pieces split(const json& document, std::string_view text) {
  const auto pre_tokenizer = PreTokenizer::read(JsonPlace(document, "pre_tokenizer", ""));
  EXPECT_TRUE(pre_tokenizer.ok()) << pre_tokenizer.error().message();
  const auto pieces = pre_tokenizer->split(text);
  return {pieces.begin(), pieces.end()};
}

json split_step(const json& pattern, const char* behaviour, bool invert = false) {
  const json step = {
      {"type", "Split"}, {"pattern", pattern}, {"behavior", behaviour}, {"invert", invert}};
  return {{"type", "Sequence"},
          {"pretokenizers", json::array({step, {{"type", "ByteLevel"}, {"use_regex", false}}})}};
}

TEST(PreTokenizer, Gpt2WorkedExample) {
  EXPECT_EQ(split(gpt2_pre_tokenizer(false), "It's  5400, ok?\n"),
            (Pieces{"It", "'s", " ", " 5400", ",", " ok", "?", "\n"}));
  EXPECT_EQ(split(gpt2_pre_tokenizer(true), "about 5400"),
            (Pieces{"about", " ", "5", "4", "0", "0"}));
  EXPECT_EQ(split(gpt2_pre_tokenizer(true), ""), Pieces{});
}

TEST(PreTokenizer, Presets) {
  EXPECT_EQ(split(find_preset("llama-bpe")->pre_tokenizer, "I'M 12345\n\n"),
            (Pieces{"I", "'M", " ", "123", "45", "\n\n"}));
  EXPECT_EQ(split(find_preset("qwen2")->pre_tokenizer, "12 a"), (Pieces{"1", "2", " a"}));
  EXPECT_FALSE(find_preset("viking"));
  EXPECT_EQ(preset_names(), "default, gpt-2, smollm, starcoder, llama-bpe, qwen2");
}

// As the reference's Split does with "the-final--countdown" (its own documentation's example).
TEST(PreTokenizer, EveryBehaviour) {
  const json dash = {{"String", "-"}};
  const std::string text = "the-final--countdown";
  EXPECT_EQ(split(split_step(dash, "Isolated"), text),
            (Pieces{"the", "-", "final", "-", "-", "countdown"}));
  EXPECT_EQ(split(split_step(dash, "MergedWithPrevious"), text),
            (Pieces{"the-", "final-", "-", "countdown"}));
  EXPECT_EQ(split(split_step(dash, "MergedWithNext"), text),
            (Pieces{"the", "-final", "-", "-countdown"}));
  EXPECT_EQ(split(split_step(dash, "Contiguous"), text),
            (Pieces{"the", "-", "final", "--", "countdown"}));
  EXPECT_EQ(split(split_step({{"Regex", "[a-z]+"}}, "Isolated", true), text),
            (Pieces{"the", "-", "final", "--", "countdown"}));
}

TEST(PreTokenizer, SpecialCharactersOfAStringAreText) {
  EXPECT_EQ(split(split_step({{"String", "(.*"}}, "Isolated"), "a(.*b"), (Pieces{"a", "(.*", "b"}));
}

TEST(PreTokenizer, EmptyMatchesCutNothing) {
  EXPECT_EQ(split(split_step({{"Regex", "x*"}}, "Isolated"), "a\u6f22xxb"),
            (Pieces{"a\u6f22", "xx", "b"}));
}

// White space as Unicode has it: U+0085 is, U+180E is not (PCRE2's \s has it).
TEST(PreTokenizer, WhiteSpaceIsUnicodes) {
  EXPECT_EQ(split(split_step({{"Regex", R"(\s)"}}, "Isolated"), "a\u0085b\u180ec"),
            (Pieces{"a", "\u0085", "b\u180ec"}));
  EXPECT_EQ(split(split_step({{"Regex", R"([\s]+\S)"}}, "Isolated"), "a \u3000bc"),
            (Pieces{"a", " \u3000b", "c"}));
}

// Backtracking without end is cut off; the text is still all there.
TEST(PreTokenizer, AHopelessPatternEnds) {
  const std::string text = std::string(40, 'a') + "b";
  std::string all;
  for (const std::string& piece : split(split_step({{"Regex", "(a+)+c"}}, "Isolated"), text))
    all += piece;
  EXPECT_EQ(all, text);
}

TEST(Normalizer, ComposesCharacters) {
  EXPECT_EQ(normalize(Normalizer::nfc, "e\u0301"), "\u00e9");
  EXPECT_EQ(normalize(Normalizer::nfc, "\u1112\u1161\u11ab"), "\ud55c");
  EXPECT_EQ(normalize(Normalizer::nfc,
                      "\xFF"
                      "e\u0301\xFE"),
            "\xFF\u00e9\xFE");
  EXPECT_EQ(normalize(Normalizer::none, "e\u0301"), "e\u0301");
}

}  // namespace
}  // namespace candor::tokenizer
