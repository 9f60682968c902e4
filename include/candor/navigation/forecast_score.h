// candor/navigation/forecast_score.h
// How good a model's forecasts are, hour by hour.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "candor/navigation/forecast.h"
#include "candor/policy/policy.h"
#include "candor/tokenizer/tokenizer.h"

namespace candor::navigation {

/// The longest forecast has 13 tokens with the vocabulary of forecast_tokenizer.h; what is not over
/// by then is malformed.
inline constexpr std::size_t longest_forecast = 20;

struct ForecastScore {
  double error = 0.0;                    ///< mean forecast_error, vehicles an hour
  double malformed = 0.0;                ///< share of the forecasts
  std::vector<std::string> text;         ///< [hours] as written
  std::vector<ForecastReading> reading;  ///< [hours]
};

/// Greedy forecasts (the likeliest token each time) for these hours, scored against what was
/// measured. hours: at least one, none null (asserted). penalty: of a malformed forecast.
/// Errors: the model's and the tokenizer's; invalid_argument for a tokenizer without an end token.
Result<ForecastScore> score_forecasts(policy::Policy& policy, const tokenizer::Tokenizer& tokenizer,
                                      std::span<const Hour* const> hours, double penalty);

/// Share of hours for which the first forecasts are nearer to what was measured, ties one half.
[[nodiscard]] double win_rate(const ForecastScore& first, const ForecastScore& second,
                              std::span<const Hour* const> hours);

/// `count` hours of places (all, if there are fewer), spread evenly over them: the one at place
/// floor(i n / count) for each i.
[[nodiscard]] std::vector<const Hour*> spread_hours(const TrafficSeries& series,
                                                    std::span<const std::size_t> places,
                                                    std::size_t count);

}  // namespace candor::navigation
