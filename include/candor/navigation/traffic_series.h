// candor/navigation/traffic_series.h
// Traffic volumes by the hour, with weather and holidays: the world of the navigation experiment.
//
//   CANDOR_TRY(const TrafficSeries series, read_traffic("Metro_Interstate_Traffic_Volume.csv.gz"));
//   const Hour* hour = series.find(stamp_of({2018, 3, 2, 17}));   // null: no record
//   series.hours().front().volume;                                  // 5545, on 2012-10-02 at 9
//
// The table. Columns holiday, temp (kelvin), rain_1h, snow_1h (mm in the hour), clouds_all
// (percent), weather_main, weather_description, date_time ("2012-10-02 09:00:00", local time),
// traffic_volume (vehicles in the hour), in any order; others are ignored; plain, gzip or zstd.
// This is the form of "Metro Interstate Traffic Volume" (J. Hogue, UCI Machine Learning Repository,
// 2019, CC BY 4.0): westbound vehicles on Interstate 94, station 301 of the Minnesota DOT.
//
// What is done to it on the way in, and counted in Cleaning:
//   * an hour with several kinds of weather has several rows: they become one hour with the
//     severest kind (order of Weather), the most rain and snow, and the first row's temperature
//     and clouds; their volumes must agree;
//   * a holiday is named in the first hour of its day alone: every hour of the day gets it;
//   * temperatures outside -70 .. 60 degrees Celsius (the table holds some of 0 kelvin) and more
//     than 305 mm of rain or snow in an hour (it holds one of 9,831; the record of an hour is 305,
//     World Meteorological Organization, Archive of Weather Extremes) are missing values.
//
// Times are local wall-clock hours counted from 1970-01-01 00:00 as if every day had 24 hours. The
// hour skipped in spring is a gap, the one repeated in autumn is one hour.
//
// Thread safety: const methods from any thread. Cost: reading is about 50 ms for 48,204 rows.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "candor/base/result.h"

namespace candor::navigation {

/// Hours since 1970-01-01 00:00, local time.
using Stamp = std::int64_t;

/// A date of the Gregorian calendar and an hour of that day.
struct CalendarHour {
  int year = 1970;
  int month = 1;  ///< 1 .. 12
  int day = 1;    ///< 1 .. the month's days
  int hour = 0;   ///< 0 .. 23
  bool operator==(const CalendarHour&) const = default;
};

/// Requires a date that exists. Worked: {1970, 1, 2, 3} -> 27; {2012, 10, 2, 9} -> 374769.
/// Source: days from the civil calendar as in H. Hinnant, "chrono-compatible low-level date
/// algorithms", 2013.
[[nodiscard]] Stamp stamp_of(const CalendarHour& hour);
[[nodiscard]] CalendarHour calendar_of(Stamp stamp);
/// 0: Monday .. 6: Sunday. Worked: stamp 0 (1970-01-01) -> 3, a Thursday.
[[nodiscard]] int weekday_of(Stamp stamp);
/// "2012-10-02 09:00:00" and back; nothing for a text of another form, a date that does not exist,
/// or minutes and seconds other than 0.
[[nodiscard]] std::string text_of(Stamp stamp);
[[nodiscard]] std::optional<Stamp> parse_stamp(std::string_view text);

/// In order of severity: the last of those seen in an hour is the hour's.
enum class Weather : std::uint8_t { clear, clouds, mist, drizzle, rain, storm, snow };
/// "clear", "clouds", ... as they stand in prompts.
[[nodiscard]] std::string_view name_of(Weather weather);

struct Hour {
  Stamp stamp = 0;
  int volume = 0;  ///< vehicles in the hour, 0 .. 100,000
  Weather weather = Weather::clear;
  bool holiday = false;
  std::optional<double> celsius = {};
  std::optional<double> rain_mm = {};
  std::optional<double> snow_mm = {};
  double clouds_percent = 0.0;
};

/// What reading changed.
struct Cleaning {
  std::size_t rows = 0;         ///< read, without the header
  std::size_t merged = 0;       ///< rows that joined an hour already there
  std::size_t bad_celsius = 0;  ///< rows whose temperature became missing
  std::size_t bad_rain = 0;     ///< rows whose rain or snow became missing
  std::size_t holiday_days = 0;
};

class TrafficSeries {
 public:
  /// hours in rising order of stamps, all different (asserted). source: what a reader of results is
  /// told about where the numbers are from.
  TrafficSeries(std::string source, bool generated, std::vector<Hour> hours,
                Cleaning cleaning = {});

  [[nodiscard]] const std::vector<Hour>& hours() const { return hours_; }
  /// The hour of this stamp; null where there is none. Cost: O(log hours).
  [[nodiscard]] const Hour* find(Stamp stamp) const;
  [[nodiscard]] const std::string& source() const { return source_; }
  [[nodiscard]] bool generated() const { return generated_; }
  [[nodiscard]] const Cleaning& cleaning() const { return cleaning_; }

 private:
  std::string source_;
  bool generated_;
  std::vector<Hour> hours_;
  Cleaning cleaning_;
};

/// Reads a table. Errors: not_found, io, corrupt (compressed data), malformed and out_of_range with
/// file, row and field: a missing column, a number that is none, a date that does not exist, a kind
/// of weather that is not known, rows that go back in time; conflict for rows of one hour that
/// disagree on the volume.
[[nodiscard]] Result<TrafficSeries> read_traffic(const std::string& path);
/// The same over bytes in memory; `name` stands for the path in errors.
[[nodiscard]] Result<TrafficSeries> parse_traffic(const std::string& name, std::string bytes);

/// A made-up series of the same kind, for where no table is at hand: two years without gaps, a
/// working-day curve with two peaks, a weekend curve with one, quieter holidays, rain and snow that
/// slow traffic, seasons, a level that wanders from day to day, and noise from hour to hour.
/// A function of seed alone; source() says that it is made up.
[[nodiscard]] TrafficSeries generated_series(std::uint64_t seed);

/// The table if there is one at `path`, else generated_series(seed). Errors: those of read_traffic,
/// save not_found.
[[nodiscard]] Result<TrafficSeries> read_or_generate(const std::string& path, std::uint64_t seed);

/// Three stretches of time, one after another: the base model reads the first, the campaign asks
/// about the second, and the forecasts for the third, which neither has seen, are what counts.
struct Split {
  Stamp campaign_begins = 0;    ///< the warm-up period is everything before
  Stamp evaluation_begins = 0;  ///< the campaign ends where the evaluation begins
};

/// Cuts at starts of months: the first before which lie at least 34 % of all hours, and the first
/// before which lie at least 83 %. With the table above: 2014-09 (its records go on in 2015-06) and
/// 2018-01.
[[nodiscard]] Split split_of(const TrafficSeries& series);

/// Places in hours() of the hours with begin <= stamp < end, in order.
[[nodiscard]] std::vector<std::size_t> hours_between(const TrafficSeries& series, Stamp begin,
                                                     Stamp end);

}  // namespace candor::navigation
