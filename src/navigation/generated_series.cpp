// Made-up traffic: shapes and sizes are round numbers of our own, of the order of a four-lane road.
#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "candor/base/random.h"
#include "candor/navigation/traffic_series.h"

namespace candor::navigation {
namespace {

constexpr int first_year = 2021;
constexpr int years = 2;
constexpr int highest_volume = 7300;

// Vehicles by hour of the day.
constexpr std::array<double, 24> working_day{500,  350,  300,  350,  800,  2400, 4600, 5600,
                                             5300, 4600, 4300, 4500, 4700, 4800, 5100, 5600,
                                             6000, 5500, 4100, 3000, 2600, 2400, 1800, 1000};
constexpr std::array<double, 24> free_day{1000, 700,  500,  400,  450,  700,  1100, 1600,
                                          2300, 3100, 3800, 4200, 4400, 4400, 4400, 4300,
                                          4300, 4200, 3700, 3000, 2700, 2400, 1900, 1300};

// Month and day of holidays, the same every year.
constexpr std::array<std::pair<int, int>, 6> holidays{
    {{1, 1}, {5, 31}, {7, 4}, {9, 6}, {11, 25}, {12, 25}}};

bool is_holiday(const CalendarHour& date) {
  return std::find(holidays.begin(), holidays.end(), std::pair(date.month, date.day)) !=
         holidays.end();
}

// A triangle wave, since the C library's cos differs in last bits between machines: 1 in the middle
// of July, -1 in the middle of January.
double summer(const CalendarHour& date) {
  const double month = date.month + date.day / 31.0;
  return 1.0 - std::abs(month - 7.5) / 3.0;
}

// What carries over from one hour to the next.
struct State {
  double level = 0.0;  // of the day, as a share of the volume
  double drift = 0.0;  // of the hour
  double cold = 0.0;   // degrees below or above the season
  Weather weather = Weather::clear;
};

Weather next_weather(const State& state, double celsius, RandomStream& random) {
  if (random.bernoulli(0.75)) return state.weather;
  const double u = random.uniform();
  if (u < 0.35) return Weather::clear;
  if (u < 0.72) return Weather::clouds;
  if (u < 0.80) return Weather::mist;
  if (celsius < 0.0) return Weather::snow;
  if (u < 0.86) return Weather::drizzle;
  return u < 0.97 ? Weather::rain : Weather::storm;
}

double slowed_by(Weather weather) {
  constexpr std::array<double, 7> share{1.0, 1.0, 0.98, 0.97, 0.93, 0.88, 0.85};
  return share[static_cast<std::size_t>(weather)];
}

void move_on(State& state, const CalendarHour& date, RandomStream& random) {
  if (date.hour == 0) state.level = 0.6 * state.level + 0.05 * random.normal();
  state.drift = 0.6 * state.drift + 0.04 * random.normal();
  state.cold = 0.98 * state.cold + random.normal();
}

Hour make_hour(Stamp stamp, State& state, RandomStream& random) {
  const CalendarHour date = calendar_of(stamp);
  move_on(state, date, random);
  Hour hour;
  hour.stamp = stamp;
  hour.holiday = is_holiday(date);
  const double warmest = 15.0 - std::abs(date.hour - 15) / 2.0;
  hour.celsius = 16.0 * summer(date) + warmest - 7.0 + state.cold;
  hour.weather = state.weather = next_weather(state, *hour.celsius, random);
  hour.rain_mm = hour.weather == Weather::rain || hour.weather == Weather::storm ? 1.0 : 0.0;
  hour.snow_mm = hour.weather == Weather::snow ? 0.5 : 0.0;
  hour.clouds_percent = hour.weather == Weather::clear ? 0.0 : 75.0;
  const bool free = hour.holiday || weekday_of(stamp) >= 5;
  const double usual = (free ? free_day : working_day)[static_cast<std::size_t>(date.hour)];
  const double volume = usual * (1.0 + 0.05 * summer(date)) * slowed_by(hour.weather) *
                        (hour.holiday ? 0.8 : 1.0) * (1.0 + state.level + state.drift);
  hour.volume = std::clamp(static_cast<int>(std::lround(volume)), 0, highest_volume);
  return hour;
}

}  // namespace

TrafficSeries generated_series(std::uint64_t seed) {
  RandomStream random(seed);
  State state;
  std::vector<Hour> hours;
  const Stamp end = stamp_of({first_year + years, 1, 1, 0});
  for (Stamp stamp = stamp_of({first_year, 1, 1, 0}); stamp < end; ++stamp)
    hours.push_back(make_hour(stamp, state, random));
  return {"generated traffic, seed " + std::to_string(seed) + " (not real data)", true,
          std::move(hours)};
}

}  // namespace candor::navigation
