#include "candor/navigation/corpus.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>

namespace candor::navigation {
namespace {

class CorpusTest : public ::testing::Test {
 protected:
  CorpusTest() : series_(generated_series(1)), split_(split_of(series_)) {}
  std::vector<CorpusText> corpus(const CorpusOptions& options, std::uint64_t seed = 1) {
    return warm_up_corpus(series_, split_, options, seed).value();
  }
  TrafficSeries series_;
  Split split_;
};

// With full information and no noise every hour of the period is told, and told right.
TEST_F(CorpusTest, InformedForecastsWithoutNoiseAreTheTruth) {
  std::map<std::string, int> expected;
  for (const std::size_t i : hours_between(series_, 0, split_.campaign_begins)) {
    const Hour& hour = series_.hours()[i];
    ++expected[prompt_text(hour) + forecast_text(hour.volume)];
  }
  std::map<std::string, int> found;
  for (const CorpusText& text : corpus({.informed = 1.0, .noise = 0.0}))
    ++found[text.prompt + text.answer];
  EXPECT_EQ(found, expected);
}

TEST_F(CorpusTest, OthersAreForecastsOfAnyHour) {
  double night = 0.0;
  double count = 0.0;
  for (const CorpusText& text : corpus({.informed = 0.0})) {
    const auto read = read_forecast(text.answer);
    ASSERT_TRUE(read.volume) << text.answer;
    if (text.prompt.substr(4, 3) != "03h") continue;
    night += *read.volume;
    count += 1.0;
  }
  EXPECT_GT(night / count, 2000.0);  // at night there are about 400
}

TEST_F(CorpusTest, NoiseIsAShareOfTheVolume) {
  const auto spread = [&](double noise) {
    double squares = 0.0;
    double count = 0.0;
    for (const CorpusText& text : corpus({.informed = 1.0, .noise = noise})) {
      if (text.prompt.substr(0, 7) != "tue 16h") continue;
      const double x = std::log(*read_forecast(text.answer).volume / 6000.0);
      squares += x * x;
      count += 1.0;
    }
    return std::sqrt(squares / count);
  };
  EXPECT_GT(spread(0.3), 0.2);
  EXPECT_LT(spread(0.3), 0.45);
  EXPECT_LT(spread(0.05), 0.2);
}

TEST_F(CorpusTest, SizeSeedAndRefusals) {
  EXPECT_EQ(corpus({.texts = 50}).size(), 50U);
  EXPECT_EQ(corpus({.texts = 50}, 3)[7].answer, corpus({.texts = 50}, 3)[7].answer);
  EXPECT_NE(corpus({.texts = 50}, 3)[7].prompt, corpus({.texts = 50}, 4)[7].prompt);
  for (const CorpusOptions& bad : {CorpusOptions{.informed = 1.1}, CorpusOptions{.informed = NAN},
                                   CorpusOptions{.noise = -0.1}})
    EXPECT_EQ(warm_up_corpus(series_, split_, bad, 1).error().code, ErrorCode::out_of_range);
  EXPECT_EQ(warm_up_corpus(series_, {0, 0}, {}, 1).error().code, ErrorCode::not_found);
}

}  // namespace
}  // namespace candor::navigation
