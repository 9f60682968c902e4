#include <array>

#include "candor/navigation/traffic_series.h"

namespace candor::navigation {
namespace {

constexpr std::int64_t hours_a_day = 24;
constexpr std::int64_t days_an_era = 146097;        // 400 years
constexpr std::int64_t epoch_in_era_days = 719468;  // from 0000-03-01 to 1970-01-01

std::int64_t floor_divide(std::int64_t a, std::int64_t b) {
  return a / b - static_cast<std::int64_t>(a % b < 0);
}

// Years begin in March here, so that a leap day is a year's last.
std::int64_t day_number(const CalendarHour& date) {
  const std::int64_t year = date.year - static_cast<std::int64_t>(date.month <= 2);
  const std::int64_t era = floor_divide(year, 400);
  const std::int64_t year_of_era = year - era * 400;
  const std::int64_t month = (date.month + 9) % 12;
  const std::int64_t day_of_year = (153 * month + 2) / 5 + date.day - 1;
  const std::int64_t day_of_era =
      year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * days_an_era + day_of_era - epoch_in_era_days;
}

// Two digits at a place of the text; -1 if they are none.
int two_digits(std::string_view text, std::size_t place) {
  const int tens = text[place] - '0';
  const int ones = text[place + 1] - '0';
  return tens < 0 || tens > 9 || ones < 0 || ones > 9 ? -1 : tens * 10 + ones;
}

bool has_form(std::string_view text) {
  constexpr std::string_view form = "....-..-.. ..:00:00";
  if (text.size() != form.size()) return false;
  for (std::size_t i = 0; i < form.size(); ++i)
    if (form[i] != '.' && text[i] != form[i]) return false;
  return true;
}

void append_digits(std::string& text, int number, int digits) {
  const std::string plain = std::to_string(number);
  for (int i = static_cast<int>(plain.size()); i < digits; ++i) text += '0';
  text += plain;
}

}  // namespace

Stamp stamp_of(const CalendarHour& hour) {
  return day_number(hour) * hours_a_day + hour.hour;
}

CalendarHour calendar_of(Stamp stamp) {
  const std::int64_t day = floor_divide(stamp, hours_a_day);
  const std::int64_t shifted = day + epoch_in_era_days;
  const std::int64_t era = floor_divide(shifted, days_an_era);
  const std::int64_t day_of_era = shifted - era * days_an_era;
  const std::int64_t year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const std::int64_t day_of_year =
      day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t month = (5 * day_of_year + 2) / 153;
  CalendarHour hour;
  hour.day = static_cast<int>(day_of_year - (153 * month + 2) / 5 + 1);
  hour.month = static_cast<int>(month < 10 ? month + 3 : month - 9);
  hour.year = static_cast<int>(year_of_era + era * 400) + (hour.month <= 2 ? 1 : 0);
  hour.hour = static_cast<int>(stamp - day * hours_a_day);
  return hour;
}

int weekday_of(Stamp stamp) {
  const std::int64_t days = floor_divide(stamp, hours_a_day) + 3;  // day 0 was a Thursday
  return static_cast<int>(days - floor_divide(days, 7) * 7);
}

std::string text_of(Stamp stamp) {
  const CalendarHour hour = calendar_of(stamp);
  std::string text;
  append_digits(text, hour.year, 4);
  append_digits(text += '-', hour.month, 2);
  append_digits(text += '-', hour.day, 2);
  append_digits(text += ' ', hour.hour, 2);
  return text += ":00:00";
}

std::optional<Stamp> parse_stamp(std::string_view text) {
  if (!has_form(text)) return std::nullopt;
  const int century = two_digits(text, 0);
  const int year = two_digits(text, 2);
  const CalendarHour hour{century * 100 + year, two_digits(text, 5), two_digits(text, 8),
                          two_digits(text, 11)};
  if (century < 0 || year < 0 || hour.month < 1 || hour.month > 12 || hour.day < 1 ||
      hour.hour < 0 || hour.hour > 23)
    return std::nullopt;
  const Stamp stamp = stamp_of(hour);
  if (calendar_of(stamp) != hour) return std::nullopt;  // the 31st of a shorter month
  return stamp;
}

}  // namespace candor::navigation
