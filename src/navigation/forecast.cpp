#include "candor/navigation/forecast.h"

#include <array>
#include <cassert>
#include <cmath>
#include <cstdlib>

namespace candor::navigation {
namespace {

struct Level {
  int below;  // vehicles an hour
  std::string_view word;
  std::string_view advice;
};
constexpr std::array<Level, 5> levels{{{1000, "quiet", "clear road"},
                                       {2500, "light", "clear road"},
                                       {4000, "steady", "no delays"},
                                       {5000, "busy", "short delays"},
                                       {highest_forecast + 1, "heavy", "long delays"}}};

struct Band {
  double below;  // degrees Celsius
  std::string_view word;
};
constexpr std::array<Band, 5> bands{
    {{-10.0, "icy"}, {0.0, "cold"}, {10.0, "cool"}, {20.0, "mild"}, {28.0, "warm"}}};
constexpr std::string_view hottest_band = "hot";
constexpr std::string_view unknown_band = "unknown";

constexpr std::array<std::string_view, 7> weekdays{"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
constexpr std::array<std::string_view, 12> months{"jan", "feb", "mar", "apr", "may", "jun",
                                                  "jul", "aug", "sep", "oct", "nov", "dec"};

const Level& level_of(int volume) {
  for (const Level& level : levels)
    if (volume < level.below) return level;
  return levels.back();
}

std::string_view band_of(const std::optional<double>& celsius) {
  if (!celsius) return unknown_band;
  for (const Band& band : bands)
    if (*celsius < band.below) return band.word;
  return hottest_band;
}

// "5,400", "900", "0"
std::string number_with_comma(int volume) {
  const std::string below_thousand = std::to_string(volume % 1000);
  if (volume < 1000) return below_thousand;
  return std::to_string(volume / 1000) + "," + std::string(3 - below_thousand.size(), '0') +
         below_thousand;
}

std::string text_of_volume(int volume) {
  const Level& level = level_of(volume);
  std::string text = " ";
  text += level.word;
  text += ", about " + number_with_comma(volume) + " vehicles, ";
  return text += level.advice;
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// The number after "about ", as far as it goes; at most five characters, so that it fits an int.
std::optional<int> named_volume(std::string_view text) {
  constexpr std::string_view before = ", about ";
  const auto found = text.find(before);
  if (found == std::string_view::npos) return std::nullopt;
  text.remove_prefix(found + before.size());
  int volume = 0;
  std::size_t digits = 0;
  for (std::size_t i = 0; i < text.size() && i < 5 && (is_digit(text[i]) || text[i] == ','); ++i) {
    if (text[i] == ',') continue;
    volume = volume * 10 + (text[i] - '0');
    ++digits;
  }
  if (digits == 0) return std::nullopt;
  return volume;
}

}  // namespace

std::string prompt_text(const Hour& hour) {
  const CalendarHour date = calendar_of(hour.stamp);
  std::string text(weekdays[static_cast<std::size_t>(weekday_of(hour.stamp))]);
  text += date.hour < 10 ? " 0" : " ";
  text += std::to_string(date.hour) + "h ";
  text += months[static_cast<std::size_t>(date.month - 1)];
  text += ' ';
  text += name_of(hour.weather);
  text += ' ';
  text += band_of(hour.celsius);
  if (hour.holiday) text += " holiday";
  return text += ':';
}

int rounded_volume(double volume) {
  assert(std::isfinite(volume) && volume >= 0.0);
  const double hundreds = std::floor(volume / 100.0 + 0.5);
  return hundreds * 100.0 > highest_forecast ? highest_forecast : static_cast<int>(hundreds) * 100;
}

std::string forecast_text(double volume) {
  return text_of_volume(rounded_volume(volume));
}

// The text is compared with the only one that its volume may be written as.
ForecastReading read_forecast(std::string_view text) {
  if (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  const std::optional<int> volume = named_volume(text);
  if (!volume) return {{}, "no number after \", about \""};
  if (*volume % 100 != 0 || *volume > highest_forecast)
    return {{}, std::to_string(*volume) + " is not in hundreds up to 9,900"};
  const std::string right = text_of_volume(*volume).substr(1);
  if (text != right) return {{}, "not \"" + right + '"'};
  return {volume, {}};
}

double forecast_error(const ForecastReading& forecast, int measured, double penalty) {
  if (!forecast.volume) return penalty;
  return std::abs(*forecast.volume - measured);
}

std::vector<std::string> forecast_words() {
  std::vector<std::string> words;
  const auto add = [&](std::string_view word) { words.emplace_back(" " + std::string(word)); };
  for (const Level& level : levels) add(level.word);
  for (const std::string_view word :
       {"about", "vehicles", "clear", "road", "no", "short", "long", "delays", "holiday"})
    add(word);
  for (const std::string_view month : months) add(month);
  for (std::size_t i = 1; i <= static_cast<std::size_t>(Weather::snow); ++i)
    add(name_of(static_cast<Weather>(i)));  // "clear" is there already
  for (const Band& band : bands) add(band.word);
  add(hottest_band);
  add(unknown_band);
  words.insert(words.end(), weekdays.begin(), weekdays.end());
  return words;
}

}  // namespace candor::navigation
