#include "candor/navigation/corpus.h"

#include <limits>

#include "candor/base/math.h"
#include "candor/base/random.h"
#include "candor/base/text.h"

namespace candor::navigation {
namespace {

Status check(const CorpusOptions& options) {
  if (!(options.informed >= 0.0 && options.informed <= 1.0))
    return Error{ErrorCode::out_of_range, number_text(options.informed)}
        .in_field("informed")
        .expecting("a share of the forecasts, in [0,1]")
        .way("0.4 leaves much to teach");
  if (!(options.noise >= 0.0 && options.noise <= 2.0))
    return Error{ErrorCode::out_of_range, number_text(options.noise)}
        .in_field("noise")
        .expecting("a number in [0,2], of the logarithm of a volume")
        .way("0.15 is an error of about 15 %");
  return {};
}

}  // namespace

Result<std::vector<CorpusText>> warm_up_corpus(const TrafficSeries& series, const Split& split,
                                               const CorpusOptions& options, std::uint64_t seed) {
  CANDOR_CHECK(check(options));
  const std::vector<std::size_t> places =
      hours_between(series, std::numeric_limits<Stamp>::min(), split.campaign_begins);
  if (places.empty())
    return Error{ErrorCode::not_found, "no hours before the campaign"}
        .in_file(series.source())
        .expecting("a warm-up period")
        .way("give a longer series");
  RandomStream random(seed);
  std::vector<CorpusText> texts;
  for (const std::uint32_t i : shuffled_order(places.size(), random)) {
    if (options.texts != 0 && texts.size() == options.texts) break;
    const Hour& hour = series.hours()[places[i]];
    const bool informed = random.bernoulli(options.informed);
    const double factor = portable_exp(options.noise * random.normal());
    const Hour& other = series.hours()[places[random.below(places.size())]];
    const double volume = informed ? hour.volume * factor : other.volume;
    texts.push_back({prompt_text(hour), forecast_text(volume)});
  }
  return texts;
}

}  // namespace candor::navigation
