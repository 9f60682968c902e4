// Any bytes as a traffic table and as a forecast: no crash; hours rise and can be written as prompts;
// a forecast that is taken is one that is written.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "candor/navigation/forecast.h"
#include "candor/navigation/traffic_series.h"

namespace {

using namespace candor::navigation;

void check_forecast(const std::string& text) {
  const ForecastReading read = read_forecast(text);
  if (read.volume.has_value() != read.fault.empty()) std::abort();
  if (!read.volume) return;
  const std::string right = forecast_text(*read.volume);
  if (text != right && text != right.substr(1)) std::abort();
}

void check_series(const TrafficSeries& series) {
  const Hour* last = nullptr;
  for (const Hour& hour : series.hours()) {
    if (last != nullptr && hour.stamp <= last->stamp) std::abort();
    if (hour.volume < 0 || parse_stamp(text_of(hour.stamp)) != hour.stamp) std::abort();
    if (prompt_text(hour).back() != ':' || series.find(hour.stamp) != &hour) std::abort();
    last = &hour;
  }
  const Split split = split_of(series);
  if (split.campaign_begins > split.evaluation_begins) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  check_forecast(bytes);
  if (size > 0) check_forecast(" heavy, about " + bytes);
  const std::string header =
      "holiday,temp,rain_1h,snow_1h,clouds_all,weather_main,date_time,traffic_volume\n";
  for (const std::string& table : {bytes, header + bytes}) {
    const auto series = parse_traffic("fuzz", table);
    if (series.ok()) check_series(*series);
    if (!series.ok() && series.error().message().empty()) std::abort();
  }
  return 0;
}
