// candor/navigation/corpus.h
// What the base model reads before the campaign: forecasts for the hours of the warm-up period,
// good and bad ones mixed, so that it writes well-formed forecasts and is unsure which volume to
// name. That is the state preferences are for: the good answers are among those it gives, not yet
// on top.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "candor/navigation/forecast.h"
#include "candor/navigation/traffic_series.h"

namespace candor::navigation {

struct CorpusOptions {
  /// Share of forecasts that know their hour: measured volume times exp(noise * standard normal).
  /// The others are measured volumes of hours drawn evenly from the warm-up period. In [0,1].
  double informed = 0.3;
  double noise = 0.15;    ///< >= 0
  std::size_t texts = 0;  ///< 0: one for each hour; else so many hours, drawn without repetition
};

struct CorpusText {
  std::string prompt;
  std::string answer;  ///< forecast_text, without an end token
};

/// In an order shuffled by seed. Errors: out_of_range for an option; not_found for a warm-up period
/// without hours.
[[nodiscard]] Result<std::vector<CorpusText>> warm_up_corpus(const TrafficSeries& series,
                                                             const Split& split,
                                                             const CorpusOptions& options,
                                                             std::uint64_t seed);

}  // namespace candor::navigation
