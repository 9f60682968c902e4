#include "tokenizer/utf8.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tokenizer/byte_alphabet.h"

namespace candor::tokenizer {
namespace {

using namespace std::string_view_literals;

TEST(Utf8, KnowsWellFormedSequences) {
  EXPECT_EQ(sequence_length("a"), 1U);
  EXPECT_EQ(sequence_length("\u00e9"), 2U);
  EXPECT_EQ(sequence_length("\u6f22"), 3U);
  EXPECT_EQ(sequence_length("\U0001F600"), 4U);
  EXPECT_EQ(sequence_length("\xF4\x8F\xBF\xBF"), 4U);  // U+10FFFF
}

TEST(Utf8, RefusesWhatLooksLikeOne) {
  for (const std::string_view bytes :
       {""sv, "\x80"sv, "\xC0\x80"sv, "\xE0\x80\x80"sv, "\xED\xA0\x80"sv, "\xF0\x80\x80\x80"sv,
        "\xF4\x90\x80\x80"sv, "\xF5\x80\x80\x80"sv, "\xE6\xBC"sv, "\xE6 x"sv})
    EXPECT_EQ(sequence_length(bytes), 0U) << testing::PrintToString(bytes);
}

TEST(Utf8, CutsTextIntoRuns) {
  std::vector<std::string> runs;
  for_each_run(
      "ab\xFF\xFE\u00e9\xE6", [&](std::string_view run) { runs.push_back("+" + std::string(run)); },
      [&](std::string_view run) { runs.push_back("-" + std::string(run)); });
  EXPECT_EQ(runs, (std::vector<std::string>{"+ab", "-\xFF\xFE", "+\u00e9", "-\xE6"}));
}

TEST(ByteAlphabet, WorkedExample) {
  EXPECT_EQ(to_alphabet(" hi\n"), "\u0120hi\u010a");
  EXPECT_EQ(to_alphabet("\x00"sv), "\u0100");
  EXPECT_EQ(to_alphabet("\xAD"), "\u0143");  // the last of those that get a character of their own
}

TEST(ByteAlphabet, GoesBack) {
  std::string all;
  for (int byte = 0; byte < 256; ++byte) all += static_cast<char>(byte);
  EXPECT_EQ(from_alphabet(to_alphabet(all)), all);
  EXPECT_EQ(from_alphabet(" "), std::nullopt);
  EXPECT_EQ(from_alphabet("\u6f22"), std::nullopt);
  EXPECT_EQ(from_alphabet("\xFF"), std::nullopt);
}

}  // namespace
}  // namespace candor::tokenizer
