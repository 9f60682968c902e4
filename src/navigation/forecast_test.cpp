#include "candor/navigation/forecast.h"

#include <gtest/gtest.h>

#include <set>

#include "candor/base/random.h"

namespace candor::navigation {
namespace {

TEST(PromptText, WorkedExamples) {
  Hour hour{.stamp = stamp_of({2016, 10, 7, 17}), .volume = 0, .weather = Weather::rain};
  hour.celsius = 12.0;
  EXPECT_EQ(prompt_text(hour), "fri 17h oct rain mild:");
  hour.stamp = stamp_of({2016, 12, 25, 4});
  hour.celsius.reset();
  hour.holiday = true;
  EXPECT_EQ(prompt_text(hour), "sun 04h dec rain unknown holiday:");
}

TEST(PromptText, BandsOfTemperature) {
  const auto band = [](double celsius) {
    Hour hour;
    hour.celsius = celsius;
    const std::string text = prompt_text(hour);
    return text.substr(text.rfind(' ') + 1);
  };
  EXPECT_EQ(band(-10.01), "icy:");
  EXPECT_EQ(band(-10.0), "cold:");
  EXPECT_EQ(band(0.0), "cool:");
  EXPECT_EQ(band(10.0), "mild:");
  EXPECT_EQ(band(20.0), "warm:");
  EXPECT_EQ(band(28.0), "hot:");
}

TEST(ForecastText, WorkedExamples) {
  EXPECT_EQ(forecast_text(5437), " heavy, about 5,400 vehicles, long delays");
  EXPECT_EQ(forecast_text(0), " quiet, about 0 vehicles, clear road");
  EXPECT_EQ(forecast_text(949.9), " quiet, about 900 vehicles, clear road");
  EXPECT_EQ(forecast_text(950), " light, about 1,000 vehicles, clear road");
  EXPECT_EQ(forecast_text(3049), " steady, about 3,000 vehicles, no delays");
  EXPECT_EQ(forecast_text(4000), " busy, about 4,000 vehicles, short delays");
  EXPECT_EQ(forecast_text(123456), " heavy, about 9,900 vehicles, long delays");
}

TEST(ReadForecast, TakesWhatForecastTextWrites) {
  RandomStream random(1);
  for (int i = 0; i < 2000; ++i) {
    const double volume = 9900.0 * random.uniform();
    const ForecastReading read = read_forecast(forecast_text(volume));
    ASSERT_TRUE(read.volume) << read.fault;
    EXPECT_LE(std::abs(*read.volume - volume), 50.0);
    EXPECT_EQ(*read.volume, rounded_volume(volume));
    EXPECT_EQ(read_forecast(forecast_text(volume).substr(1)).volume, read.volume);
  }
}

TEST(ReadForecast, RefusesEverythingElse) {
  const auto fault = [](std::string_view text) { return read_forecast(text).fault; };
  EXPECT_EQ(fault(" light, about 5,400 vehicles, long delays"),
            "not \"heavy, about 5,400 vehicles, long delays\"");
  EXPECT_EQ(fault(" heavy, about 5,437 vehicles, long delays"),
            "5437 is not in hundreds up to 9,900");
  EXPECT_EQ(fault(""), "no number after \", about \"");
  for (const char* text :
       {" heavy, about 5,400 vehicles, no delays", " heavy, about 5400 vehicles, long delays",
        " heavy, about 54,00 vehicles, long delays", " heavy, about 5,400 vehicles, long delays.",
        "  heavy, about 5,400 vehicles, long delays", " heavy, about 5,400 vehicles",
        " heavy, about  vehicles, long delays", " heavy, about 99,99999999 vehicles, long delays",
        " heavy about 5,400 vehicles, long delays", " quiet, about 00 vehicles, clear road",
        " quiet, about 0,100 vehicles, clear road", " heavy, about ,5400 vehicles, long delays"}) {
    EXPECT_EQ(read_forecast(text).volume, std::nullopt) << text;
    EXPECT_NE(fault(text), "") << text;
  }
}

// One character changed, dropped or doubled never leaves a forecast of the same or another form
// that forecast_text would not have written.
TEST(ReadForecast, TakesNoTextThatIsNotWritten) {
  RandomStream random(2);
  constexpr std::string_view letters = " ,0123456789abhvy\xff";
  for (int i = 0; i < 20000; ++i) {
    std::string text = forecast_text(9900.0 * random.uniform());
    const std::size_t place = random.below(text.size());
    const std::size_t what = random.below(3);
    if (what == 0) text[place] = letters[random.below(letters.size())];
    if (what == 1) text.erase(place, 1);
    if (what == 2) text.insert(place, 1, letters[random.below(letters.size())]);
    const ForecastReading read = read_forecast(text);
    if (!read.volume) continue;
    const std::string right = forecast_text(*read.volume);
    EXPECT_TRUE(text == right || text == right.substr(1)) << text;
  }
}

TEST(ForecastError, PenaltyForMalformed) {
  EXPECT_EQ(forecast_error(read_forecast(forecast_text(5400)), 5000, 2000), 400.0);
  EXPECT_EQ(forecast_error(read_forecast(forecast_text(100)), 5000, 2000), 4900.0);
  EXPECT_EQ(forecast_error(read_forecast("heavy"), 5000, 2000), 2000.0);
}

TEST(ForecastWords, CoverPromptsAndForecasts) {
  const std::vector<std::string> list = forecast_words();
  const std::set<std::string> words(list.begin(), list.end());
  EXPECT_EQ(words.size(), list.size());
  std::set<std::string> seen;
  const auto note = [&](const std::string& text) {
    for (std::size_t i = 0; i < text.size();) {
      std::size_t end = i + (text[i] == ' ' ? 1 : 0);
      while (end < text.size() && text[end] >= 'a' && text[end] <= 'z') ++end;
      if (end > i + 1) seen.insert(text.substr(i, end - i));
      i = std::max(end, i + 1);
    }
  };
  RandomStream random(3);
  for (int i = 0; i < 5000; ++i) {
    Hour hour;
    hour.stamp = static_cast<Stamp>(random.below(24 * 365));
    hour.weather = static_cast<Weather>(random.below(7));
    if (!random.bernoulli(0.1)) hour.celsius = -30.0 + 70.0 * random.uniform();
    hour.holiday = random.bernoulli(0.1);
    note(prompt_text(hour) + forecast_text(9900.0 * random.uniform()));
  }
  EXPECT_EQ(seen, words);
}

}  // namespace
}  // namespace candor::navigation
