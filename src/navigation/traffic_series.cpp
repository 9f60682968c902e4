#include "candor/navigation/traffic_series.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <filesystem>
#include <utility>

namespace candor::navigation {
namespace {

constexpr double warm_up_share = 0.34;
constexpr double campaign_share = 0.83;

bool is_earlier(const Hour& hour, Stamp stamp) {
  return hour.stamp < stamp;
}

[[maybe_unused]] bool are_rising(const std::vector<Hour>& hours) {
  return std::adjacent_find(hours.begin(), hours.end(), [](const Hour& a, const Hour& b) {
           return a.stamp >= b.stamp;
         }) == hours.end();
}

Stamp next_month(Stamp stamp) {
  CalendarHour date = calendar_of(stamp);
  date.day = 1;
  date.hour = 0;
  date.year += date.month / 12;
  date.month = date.month % 12 + 1;
  return stamp_of(date);
}

// The first start of a month with at least this share of all hours before it.
Stamp month_after(const TrafficSeries& series, double share) {
  const auto& hours = series.hours();
  if (hours.empty()) return 0;
  const auto place = static_cast<std::size_t>(share * static_cast<double>(hours.size()));
  return next_month(hours[place].stamp);
}

}  // namespace

std::string_view name_of(Weather weather) {
  constexpr std::array<std::string_view, 7> names{"clear", "clouds", "mist", "drizzle",
                                                  "rain",  "storm",  "snow"};
  return names[static_cast<std::size_t>(weather)];
}

TrafficSeries::TrafficSeries(std::string source, bool generated, std::vector<Hour> hours,
                             Cleaning cleaning)
    : source_(std::move(source)),
      generated_(generated),
      hours_(std::move(hours)),
      cleaning_(cleaning) {
  assert(are_rising(hours_));
}

const Hour* TrafficSeries::find(Stamp stamp) const {
  const auto found = std::lower_bound(hours_.begin(), hours_.end(), stamp, is_earlier);
  return found != hours_.end() && found->stamp == stamp ? &*found : nullptr;
}

Result<TrafficSeries> read_or_generate(const std::string& path, std::uint64_t seed) {
  std::error_code ignored;
  if (path.empty() || !std::filesystem::exists(path, ignored)) return generated_series(seed);
  return read_traffic(path);
}

Split split_of(const TrafficSeries& series) {
  return {month_after(series, warm_up_share), month_after(series, campaign_share)};
}

std::vector<std::size_t> hours_between(const TrafficSeries& series, Stamp begin, Stamp end) {
  const auto& hours = series.hours();
  const auto first = std::lower_bound(hours.begin(), hours.end(), begin, is_earlier);
  std::vector<std::size_t> places;
  for (auto hour = first; hour != hours.end() && hour->stamp < end; ++hour)
    places.push_back(static_cast<std::size_t>(hour - hours.begin()));
  return places;
}

}  // namespace candor::navigation
