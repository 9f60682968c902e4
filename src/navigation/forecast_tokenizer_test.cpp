#include "candor/navigation/forecast_tokenizer.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "candor/base/random.h"
#include "candor/navigation/forecast.h"
#include "candor/tokenizer/tokenizer.h"

namespace candor::navigation {
namespace {

class ForecastTokenizerTest : public ::testing::Test {
 protected:
  ForecastTokenizerTest() {
    const std::string folder =
        ::testing::TempDir() + "candor_forecast_tokenizer_" + std::to_string(::getpid());
    EXPECT_TRUE(write_forecast_tokenizer(folder).ok());
    auto loaded = tokenizer::load_tokenizer(folder);
    EXPECT_TRUE(loaded.ok()) << loaded.error().message();
    tokenizer_ = std::move(loaded).value();
    std::filesystem::remove_all(folder);
  }
  std::vector<std::string> pieces(std::string_view text) {
    std::vector<std::string> pieces;
    for (const auto token : tokenizer_->encode(text))
      pieces.push_back(tokenizer_->decode(std::vector{token}).value());
    return pieces;
  }
  std::unique_ptr<tokenizer::Tokenizer> tokenizer_;
};

TEST_F(ForecastTokenizerTest, WordsAreTokens) {
  EXPECT_EQ(pieces("fri 17h oct rain mild:"),
            (std::vector<std::string>{"fri", " 1", "7", "h", " oct", " rain", " mild", ":"}));
  EXPECT_EQ(pieces(" heavy, about 5,400 vehicles, long delays"),
            (std::vector<std::string>{" heavy", ",", " about", " 5", ",", "4", "0", "0",
                                      " vehicles", ",", " long", " delays"}));
  EXPECT_EQ(pieces(" quiet, about 0 vehicles, clear road").size(), 8U);
}

TEST_F(ForecastTokenizerTest, EveryWordIsOneToken) {
  for (const std::string& word : forecast_words())
    EXPECT_EQ(tokenizer_->encode(word).size(), 1U) << word;
}

TEST_F(ForecastTokenizerTest, PromptAndForecastApartAreTheSameAsTogether) {
  const std::string prompt = "mon 08h jan snow icy holiday:";
  const std::string forecast = forecast_text(6100);
  auto apart = tokenizer_->encode(prompt);
  for (const auto token : tokenizer_->encode(forecast)) apart.push_back(token);
  EXPECT_EQ(apart, tokenizer_->encode(prompt + forecast));
}

TEST_F(ForecastTokenizerTest, AnyBytesComeBack) {
  RandomStream random(1);
  for (int i = 0; i < 500; ++i) {
    std::string text;
    for (std::uint64_t n = random.below(30); n > 0; --n)
      text += static_cast<char>(random.below(256));
    EXPECT_EQ(tokenizer_->decode(tokenizer_->encode(text)).value(), text);
  }
}

TEST_F(ForecastTokenizerTest, KnowsItsEnd) {
  ASSERT_TRUE(tokenizer_->end());
  EXPECT_EQ(tokenizer_->find(end_of_forecast), tokenizer_->end());
  EXPECT_EQ(static_cast<std::size_t>(*tokenizer_->end()) + 1, tokenizer_->vocabulary());
  EXPECT_LT(tokenizer_->vocabulary(), 512U);
  EXPECT_EQ(tokenizer_->decode(std::vector{*tokenizer_->end()}).value(), "");
}

}  // namespace
}  // namespace candor::navigation
