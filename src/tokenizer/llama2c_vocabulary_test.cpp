#include "tokenizer/llama2c_vocabulary.h"

#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "candor/base/random.h"
#include "tokenizer/file_bytes.h"
#include "tokenizer/piece_bpe.h"
#include "tokenizer/piece_spaces.h"
#include "tokenizer/test_vectors.h"
#include "tokenizer/utf8.h"

namespace candor::tokenizer {
namespace {

void put(std::string& bytes, float score, std::string_view text) {
  const auto length = static_cast<std::int32_t>(text.size());
  bytes.append(reinterpret_cast<const char*>(&score), 4);
  bytes.append(reinterpret_cast<const char*>(&length), 4);
  bytes += text;
}

// A file with the letters a, b, c and the space, then "ab", " a" and "abc" of rising score.
std::string small_file() {
  std::string bytes("\x0A\0\0\0", 4);
  for (const char* text : {"<unk>", "\n<s>\n", "\n</s>\n"}) put(bytes, 0, text);
  for (std::size_t byte = 0; byte < 256; ++byte) put(bytes, 0, byte_token_name(byte));
  float score = -9;
  for (const char* text : {"a", "b", "c", " ", "ab", " a", "abc"}) put(bytes, score++, text);
  return bytes;
}

// llama2.c's way: again and again the neighbours whose text scores highest, the leftmost of equals.
std::vector<Token> encode_slowly(const ScoredPieces& all, const std::string& text) {
  const auto find = [&](std::string_view piece) -> Token {
    for (std::size_t i = 259; i < all.pieces.size(); ++i)
      if (all.pieces[i].text == piece) return static_cast<Token>(i);
    return -1;
  };
  const auto text_of = [&](Token id) { return all.pieces[static_cast<std::size_t>(id)].text; };
  std::vector<Token> tokens;
  std::string rest = mark_spaces(text, SpacePrefix::always, true);
  while (!rest.empty()) {
    const std::size_t length = std::max<std::size_t>(1, sequence_length(rest));
    if (const Token id = find(rest.substr(0, length)); id >= 0)
      tokens.push_back(id);
    else
      for (std::size_t i = 0; i < length; ++i)
        tokens.push_back(static_cast<std::uint8_t>(rest[i]) + 3);
    rest.erase(0, length);
  }
  for (;;) {
    float best = -1e10F;
    std::size_t place = 0;
    Token merged = -1;
    for (std::size_t i = 0; i + 1 < tokens.size(); ++i) {
      const Token id = find(text_of(tokens[i]) + text_of(tokens[i + 1]));
      if (id < 0 || all.pieces[static_cast<std::size_t>(id)].score <= best) continue;
      best = all.pieces[static_cast<std::size_t>(id)].score;
      place = i;
      merged = id;
    }
    if (merged < 0) return tokens;
    tokens[place] = merged;
    tokens.erase(tokens.begin() + static_cast<std::ptrdiff_t>(place) + 1);
  }
}

std::unique_ptr<Tokenizer> tokenizer_of(const ScoredPieces& pieces) {
  auto files = files_of(pieces, "small");
  EXPECT_TRUE(files.ok());
  auto parsed = parse_tokenizer(std::move(files).value());
  EXPECT_TRUE(parsed.ok()) << parsed.error().message();
  return std::move(parsed).value();
}

TEST(Llama2cVocabulary, WorkedExample) {
  const auto pieces = parse_llama2c_vocabulary(small_file(), "small.bin");
  ASSERT_TRUE(pieces.ok()) << pieces.error().message();
  const auto tokenizer = tokenizer_of(*pieces);
  EXPECT_EQ(tokenizer->vocabulary(), 266U);
  EXPECT_EQ(tokenizer->begin(), 1);
  EXPECT_EQ(tokenizer->end(), 2);
  // " abc": " a" (264) beats "ab" (263), after which "abc" cannot come.
  EXPECT_EQ(tokenizer->encode("abc"), (std::vector<Token>{264, 260, 261}));
  EXPECT_EQ(tokenizer->encode("babc"), (std::vector<Token>{262, 260, 265}));
  EXPECT_EQ(tokenizer->encode("x"), (std::vector<Token>{262, 'x' + 3}));
}

// Equal scores: the leftmost goes first, whichever piece it makes.
TEST(Llama2cVocabulary, EqualsTheSlowWay) {
  RandomStream random(5);
  for (int round = 0; round < 60; ++round) {
    auto pieces = parse_llama2c_vocabulary(small_file(), "small.bin");
    for (const char* text : {"aa", "ba", "\u2581b", "bb", "aab", "bab", "abab"})
      pieces->pieces.push_back({text});
    for (std::size_t i = 259; i < pieces->pieces.size(); ++i)
      pieces->pieces[i].score = -static_cast<float>(random.below(6));
    const auto tokenizer = tokenizer_of(*pieces);
    for (int trial = 0; trial < 20; ++trial) {
      std::string text;
      for (std::uint64_t i = random.below(25); i > 0; --i)
        text += "aaabbb c\u00e9\xFF"[random.below(11)];
      ASSERT_EQ(tokenizer->encode(text),
                text.empty() ? std::vector<Token>() : encode_slowly(*pieces, text))
          << text;
    }
  }
}

TEST(Llama2cVocabulary, RefusesBadFiles) {
  const std::string good = small_file();
  for (const std::size_t length : {0U, 3U, 10U, 60U, 3000U})
    EXPECT_FALSE(parse_llama2c_vocabulary(good.substr(0, length), "cut.bin").ok()) << length;
  std::string longer = good;
  put(longer, 0, "0123456789x");
  const auto too_long = parse_llama2c_vocabulary(longer, "long.bin");
  ASSERT_FALSE(too_long.ok());
  EXPECT_NE(too_long.error().message().find("token 266"), std::string::npos);
  std::string shifted = good;
  shifted.replace(shifted.find("<0x41>"), 6, "<0x40>");
  const auto moved = parse_llama2c_vocabulary(shifted, "moved.bin");
  ASSERT_FALSE(moved.ok());
  EXPECT_NE(moved.error().message().find("<0x41>"), std::string::npos);
}

TEST(Llama2cVocabulary, RealFile) {
  const char* folder = std::getenv("CANDOR_DATA");
  const std::string path = std::string(folder == nullptr ? "../shared/data" : folder) +
                           "/tiny_lm_aidreams260k/tok512.bin";
  if (!std::filesystem::exists(path)) GTEST_SKIP() << "no real data at " << path;
  const auto tokenizer = load_or_fail(path);
  const auto bytes = read_bytes(path);
  const auto pieces = parse_llama2c_vocabulary(*bytes, path);
  EXPECT_EQ(tokenizer->vocabulary(), 512U);
  for (const std::string text :
       {"Echoes of vectors unfold, a gentle hum of precision, as I sense the nodes.",
        "  two  spaces\n\nand lines", "caf\u00e9 \u6f22\u5b57 \U0001F600", "5400 vehicles"}) {
    const std::vector<Token> tokens = tokenizer->encode(text);
    EXPECT_EQ(tokens, encode_slowly(*pieces, text));
    EXPECT_EQ(*tokenizer->decode(tokens), text);
  }
}

}  // namespace
}  // namespace candor::tokenizer
