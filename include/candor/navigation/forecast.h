// candor/navigation/forecast.h
// What the model reads and writes about an hour, as text.
//
//   prompt_text(hour)        "fri 17h oct rain mild:"   (" holiday" before the colon on holidays)
//   forecast_text(5437)      " heavy, about 5,400 vehicles, long delays"
//   read_forecast(text)      volume 5400, or what is wrong with the text
//
// Small on purpose: a model of a hundred thousand parameters can learn it in seconds. Weekday,
// hour, month, weather and a band of temperature say most of what can be known of an hour
// beforehand; the forecast is one word, one number and one piece of advice.
//
// Volumes are rounded to hundreds, halves up. The word and the advice belong to the rounded volume:
//   below 1,000 quiet, clear road;  below 2,500 light, clear road;  below 4,000 steady, no delays;
//   below 5,000 busy, short delays;  else heavy, long delays.
// Bands of temperature, degrees Celsius: below -10 icy, below 0 cold, below 10 cool, below 20 mild,
// below 28 warm, else hot; missing: "unknown".
//
// A forecast that is not exactly of this form is malformed: another word for that volume ("light,
// about 5,400 vehicles"), a number that is not in hundreds or has its comma elsewhere, anything
// missing or left over. So read_forecast(forecast_text(v)) gives v to within 50 vehicles, and every
// text it takes is forecast_text of the volume it gives.
// Thread safety: pure functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "candor/navigation/traffic_series.h"

namespace candor::navigation {

/// The highest volume that a forecast can name.
inline constexpr int highest_forecast = 9900;

[[nodiscard]] std::string prompt_text(const Hour& hour);

/// volume >= 0, finite; what rounds to more than highest_forecast is written as highest_forecast.
[[nodiscard]] std::string forecast_text(double volume);

/// The volume that forecast_text writes for it. Worked: 5437 -> 5400, 50 -> 100, 12000 -> 9900.
[[nodiscard]] int rounded_volume(double volume);

struct ForecastReading {
  std::optional<int> volume = {};  ///< vehicles an hour; empty if malformed
  std::string fault = {};          ///< what is wrong, if malformed: "\"light\" for 5400 vehicles"
};
/// One space may stand before the text or be missing there; nothing else is forgiven.
[[nodiscard]] ForecastReading read_forecast(std::string_view text);

/// How far off a forecast is, in vehicles: |volume - measured|, or `penalty` if it is malformed.
[[nodiscard]] double forecast_error(const ForecastReading& forecast, int measured, double penalty);

/// Every word that prompts and forecasts are made of, as they stand in the text (" heavy" with its
/// space), for making a vocabulary. Digits, "," and ":" are not among them.
[[nodiscard]] std::vector<std::string> forecast_words();

}  // namespace candor::navigation
