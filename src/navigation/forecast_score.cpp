#include "candor/navigation/forecast_score.h"

#include <cassert>
#include <utility>

#include "candor/navigation/drivers.h"

namespace candor::navigation {
namespace {

Result<std::vector<policy::Sequence>> write_forecasts(policy::Policy& policy,
                                                      const tokenizer::Tokenizer& tokenizer,
                                                      std::span<const Hour* const> hours) {
  const auto end = tokenizer.end();
  if (!end)
    return Error{ErrorCode::invalid_argument, "no end token"}
        .in_field("tokenizer")
        .expecting("a token that ends a forecast")
        .way("use the tokenizer that write_forecast_tokenizer makes");
  std::vector<std::vector<policy::Token>> prompts;
  for (const Hour* hour : hours) prompts.push_back(tokenizer.encode(prompt_text(*hour)));
  policy::GenerateOptions greedy;
  greedy.max_tokens = longest_forecast;
  greedy.temperature = 0.0;
  greedy.stop = {*end};
  return policy.generate(prompts, greedy, 0);
}

}  // namespace

Result<ForecastScore> score_forecasts(policy::Policy& policy, const tokenizer::Tokenizer& tokenizer,
                                      std::span<const Hour* const> hours, double penalty) {
  assert(!hours.empty());
  CANDOR_TRY(const auto written, write_forecasts(policy, tokenizer, hours));
  ForecastScore score;
  const auto n = static_cast<double>(hours.size());
  for (std::size_t i = 0; i < hours.size(); ++i) {
    CANDOR_TRY(std::string text, tokenizer.decode(written[i].answer()));
    ForecastReading reading = read_forecast(text);
    score.error += forecast_error(reading, hours[i]->volume, penalty) / n;
    if (!reading.volume) score.malformed += 1.0 / n;
    score.text.push_back(std::move(text));
    score.reading.push_back(std::move(reading));
  }
  return score;
}

double win_rate(const ForecastScore& first, const ForecastScore& second,
                std::span<const Hour* const> hours) {
  double wins = 0.0;
  for (std::size_t i = 0; i < hours.size(); ++i)
    wins += truth(hours[i]->volume, first.reading[i], second.reading[i]);
  return wins / static_cast<double>(hours.size());
}

std::vector<const Hour*> spread_hours(const TrafficSeries& series,
                                      std::span<const std::size_t> places, std::size_t count) {
  const std::size_t n = std::min(count, places.size());
  std::vector<const Hour*> hours;
  for (std::size_t i = 0; i < n; ++i)
    hours.push_back(&series.hours()[places[i * places.size() / n]]);
  return hours;
}

}  // namespace candor::navigation
