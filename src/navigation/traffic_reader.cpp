#include "navigation/traffic_reader.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "candor/base/text.h"

namespace candor::navigation {
namespace {

constexpr std::array<std::string_view, 8> column_names{"holiday",   "temp",          "rain_1h",
                                                       "snow_1h",   "clouds_all",    "weather_main",
                                                       "date_time", "traffic_volume"};
constexpr double zero_celsius = 273.15;  // kelvin
constexpr double coldest = -70.0;
constexpr double hottest = 60.0;
constexpr double most_water = 305.0;  // mm in an hour
constexpr double most_vehicles = 100'000.0;

struct WeatherWord {
  std::string_view word;
  Weather weather;
};
constexpr std::array<WeatherWord, 11> weather_words{{{"Clear", Weather::clear},
                                                     {"Clouds", Weather::clouds},
                                                     {"Mist", Weather::mist},
                                                     {"Haze", Weather::mist},
                                                     {"Fog", Weather::mist},
                                                     {"Smoke", Weather::mist},
                                                     {"Drizzle", Weather::drizzle},
                                                     {"Rain", Weather::rain},
                                                     {"Squall", Weather::storm},
                                                     {"Thunderstorm", Weather::storm},
                                                     {"Snow", Weather::snow}}};

std::string weather_list() {
  std::string list;
  for (const WeatherWord& known : weather_words)
    list += (list.empty() ? "" : ", ") + std::string(known.word);
  return list;
}

Stamp day_of(Stamp stamp) {
  return (stamp - calendar_of(stamp).hour) / 24;
}

void keep_larger(std::optional<double>& kept, const std::optional<double>& other) {
  if (!kept || (other && *other > *kept)) kept = other;
}

}  // namespace

Error TrafficReader::error(ErrorCode code, Column column) const {
  return Error{code, std::string(field(column))}
      .in_field(column_names[static_cast<std::size_t>(column)])
      .at_row(reader_.file(), reader_.row())
      .way("correct the row, or drop it");
}

Status TrafficReader::find_columns() {
  const auto& header = reader_.header();
  for (std::size_t i = 0; i < column_names.size(); ++i) {
    const auto found = std::find(header.begin(), header.end(), column_names[i]);
    if (found == header.end())
      return Error{ErrorCode::malformed, "no such column"}
          .in_field(column_names[i])
          .at_row(reader_.file(), 1)
          .expecting(
              "columns holiday, temp, rain_1h, snow_1h, clouds_all, weather_main, "
              "date_time, traffic_volume")
          .way("give the table of hourly volumes as published");
    place_[i] = static_cast<std::size_t>(found - header.begin());
  }
  return {};
}

Result<double> TrafficReader::read_number(Column column) const {
  const std::optional<double> number = parse_number(field(column));
  if (!number || !std::isfinite(*number))
    return error(ErrorCode::malformed, column).expecting("a number");
  return *number;
}

Result<Stamp> TrafficReader::read_stamp() const {
  const std::optional<Stamp> stamp = parse_stamp(field(Column::time));
  if (!stamp)
    return error(ErrorCode::malformed, Column::time)
        .expecting("a date and a full hour, as 2012-10-02 09:00:00");
  if (!hours_.empty() && *stamp < hours_.back().stamp)
    return error(ErrorCode::malformed, Column::time)
        .expecting("a time not before the row above, " + text_of(hours_.back().stamp))
        .way("sort the rows by time");
  return *stamp;
}

Result<int> TrafficReader::read_volume() const {
  CANDOR_TRY(const double volume, read_number(Column::volume));
  if (volume < 0.0 || volume > most_vehicles || volume != std::floor(volume))
    return error(ErrorCode::out_of_range, Column::volume)
        .expecting("a whole number of vehicles, 0 to 100000");
  return static_cast<int>(volume);
}

Result<Weather> TrafficReader::read_weather() const {
  for (const WeatherWord& known : weather_words)
    if (known.word == field(Column::weather)) return known.weather;
  return error(ErrorCode::malformed, Column::weather).expecting("one of " + weather_list());
}

Result<std::optional<double>> TrafficReader::read_water(Column column) {
  CANDOR_TRY(const double mm, read_number(column));
  if (mm < 0.0) return error(ErrorCode::out_of_range, column).expecting("at least 0 mm");
  if (mm <= most_water) return std::optional(mm);
  ++cleaning_.bad_rain;
  return std::optional<double>();
}

Result<Hour> TrafficReader::read_hour() {
  Hour hour;
  CANDOR_TRY(hour.stamp, read_stamp());
  CANDOR_TRY(hour.volume, read_volume());
  CANDOR_TRY(hour.weather, read_weather());
  CANDOR_TRY(hour.clouds_percent, read_number(Column::clouds));
  CANDOR_TRY(hour.rain_mm, read_water(Column::rain));
  CANDOR_TRY(hour.snow_mm, read_water(Column::snow));
  CANDOR_TRY(const double kelvin, read_number(Column::temp));
  const double celsius = kelvin - zero_celsius;
  if (celsius >= coldest && celsius <= hottest)
    hour.celsius = celsius;
  else
    ++cleaning_.bad_celsius;
  const std::string_view holiday = field(Column::holiday);
  if (!holiday.empty() && holiday != "None") holiday_.insert(day_of(hour.stamp));
  return hour;
}

Status TrafficReader::merge(const Hour& row) {
  Hour& hour = hours_.back();
  if (row.volume != hour.volume)
    return error(ErrorCode::conflict, Column::volume)
        .expecting(std::to_string(hour.volume) + ", as another row of this hour has it");
  hour.weather = std::max(hour.weather, row.weather);
  keep_larger(hour.rain_mm, row.rain_mm);
  keep_larger(hour.snow_mm, row.snow_mm);
  if (!hour.celsius) hour.celsius = row.celsius;
  ++cleaning_.merged;
  return {};
}

Status TrafficReader::take_row() {
  ++cleaning_.rows;
  CANDOR_TRY(const Hour row, read_hour());
  if (!hours_.empty() && hours_.back().stamp == row.stamp) return merge(row);
  hours_.push_back(row);
  return {};
}

void TrafficReader::spread_holidays() {
  cleaning_.holiday_days = holiday_.size();
  for (Hour& hour : hours_) hour.holiday = holiday_.contains(day_of(hour.stamp));
}

Result<TrafficSeries> TrafficReader::read() {
  CANDOR_CHECK(find_columns());
  for (;;) {
    CANDOR_TRY(const bool more, reader_.next());
    if (!more) break;
    CANDOR_CHECK(take_row());
  }
  if (hours_.empty())
    return Error{ErrorCode::malformed, "no rows"}
        .in_file(reader_.file())
        .expecting("one row for each hour")
        .way("give the whole table");
  spread_holidays();
  return TrafficSeries(reader_.file(), false, std::move(hours_), cleaning_);
}

namespace {

Result<TrafficSeries> read_source(dataset::ByteSource source) {
  CANDOR_TRY(dataset::Window window, dataset::Window::open(std::move(source)));
  CANDOR_TRY(dataset::CsvReader reader, dataset::CsvReader::open(std::move(window)));
  return TrafficReader(std::move(reader)).read();
}

}  // namespace

Result<TrafficSeries> read_traffic(const std::string& path) {
  CANDOR_TRY(dataset::ByteSource source, dataset::ByteSource::open(path));
  return read_source(std::move(source));
}

Result<TrafficSeries> parse_traffic(const std::string& name, std::string bytes) {
  CANDOR_TRY(dataset::ByteSource source, dataset::ByteSource::from_memory(name, std::move(bytes)));
  return read_source(std::move(source));
}

}  // namespace candor::navigation
