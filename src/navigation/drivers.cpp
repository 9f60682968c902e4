#include "candor/navigation/drivers.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <numbers>
#include <set>
#include <utility>

#include "candor/base/random.h"
#include "candor/base/text.h"

namespace candor::navigation {
namespace {

constexpr Stamp day = 24;
constexpr Stamp week = 168;
constexpr double smallest_spread = 1.0;  // vehicles: where a sight is never wrong

std::size_t hour_of_week(Stamp stamp) {
  return static_cast<std::size_t>(weekday_of(stamp) * 24 + calendar_of(stamp).hour);
}

// What is taken where a sight needs an hour that is not on record.
Sight simpler(Sight sight) {
  if (sight == Sight::trend) return Sight::two_weeks;
  if (sight == Sight::two_weeks) return Sight::last_week;
  return Sight::habit;
}

double claim_heavier(const ForecastReading& a, const ForecastReading& b) {
  if (*a.volume == *b.volume) return 0.5;
  return *a.volume > *b.volume ? 1.0 : 0.0;
}

// What a malformed forecast decides without any knowledge of the hour.
std::optional<double> decided_by_form(const ForecastReading& a, const ForecastReading& b) {
  if (a.volume && b.volume) return std::nullopt;
  if (!a.volume && !b.volume) return 0.5;
  return a.volume ? 1.0 : 0.0;
}

Error bad_plan(std::string found, std::string_view expected) {
  return Error{ErrorCode::invalid_argument, std::move(found)}
      .in_field("crowd")
      .expecting(expected)
      .way("begin with mixed_crowd() and change it");
}

}  // namespace

double normal_below(double z) {
  return 0.5 * std::erfc(-z / std::numbers::sqrt2);
}

double belief(const Expectation& expectation, const ForecastReading& a, const ForecastReading& b) {
  if (const auto decided = decided_by_form(a, b)) return *decided;
  if (*a.volume == *b.volume) return 0.5;
  const double middle = (*a.volume + *b.volume) / 2.0;
  const double below = normal_below((middle - expectation.mean) / expectation.spread);
  return *a.volume < *b.volume ? below : 1.0 - below;
}

double truth(int measured, const ForecastReading& a, const ForecastReading& b) {
  if (const auto decided = decided_by_form(a, b)) return *decided;
  const int error_a = std::abs(*a.volume - measured);
  const int error_b = std::abs(*b.volume - measured);
  if (error_a == error_b) return 0.5;
  return error_a < error_b ? 1.0 : 0.0;
}

Result<Drivers> Drivers::create(const TrafficSeries& series, const Split& split, CrowdPlan plan) {
  Drivers drivers(series, std::move(plan));
  CANDOR_CHECK(drivers.check_plan());
  drivers.name_drivers();
  CANDOR_CHECK(drivers.check_crowd());
  CANDOR_CHECK(drivers.measure_habit(split));
  drivers.measure_spreads(split);
  return drivers;
}

Status Drivers::check_plan() const {
  for (const DriverKind& kind : plan_)
    if (!(kind.noise >= 0.0 && std::isfinite(kind.noise)))
      return Error{ErrorCode::out_of_range, number_text(kind.noise)}
          .in_field("noise of " + kind.kind)
          .expecting("a number of vehicles an hour, at least 0")
          .way("300 is that of somebody who drives there often");
  return {};
}

void Drivers::name_drivers() {
  leader_ = none;
  for (std::size_t k = 0; k < plan_.size(); ++k)
    for (std::size_t i = 1; i <= plan_[k].count; ++i) {
      if (leader_ == none && plan_[k].motive == Motive::wants_full) leader_ = names_.size();
      names_.push_back(plan_[k].kind + "-" + std::to_string(i));
      kind_.push_back(k);
    }
}

Status Drivers::check_crowd() const {
  if (names_.empty()) return bad_plan("no drivers", "at least one driver");
  if (std::set<std::string>(names_.begin(), names_.end()).size() != names_.size())
    return bad_plan("two drivers of one name", "kinds with different names");
  for (const DriverKind& kind : plan_)
    if (kind.motive == Motive::copies && kind.count > 0 && leader_ == none)
      return bad_plan("\"" + kind.kind + "\" copies nobody",
                      "a driver with motive wants_full, whom it copies");
  return {};
}

Status Drivers::measure_habit(const Split& split) {
  std::vector<double> hours(week, 0.0);
  habit_.assign(week, 0.0);
  for (const Hour& hour : series_->hours()) {
    if (hour.stamp >= split.campaign_begins) break;
    habit_[hour_of_week(hour.stamp)] += hour.volume;
    hours[hour_of_week(hour.stamp)] += 1.0;
  }
  for (std::size_t i = 0; i < habit_.size(); ++i) {
    if (hours[i] < 1.0)
      return Error{ErrorCode::not_found, "no record of hour " + std::to_string(i) + " of the week"}
          .in_file(series_->source())
          .expecting("a warm-up period with every hour of the week (from Monday 0h) in it")
          .way("give a longer series");
    habit_[i] /= hours[i];
  }
  return {};
}

// Each sight over the hours for which it needs no simpler one.
void Drivers::measure_spreads(const Split& split) {
  for (std::size_t s = 0; s < spread_.size(); ++s) {
    double squares = 0.0;
    double count = 0.0;
    for (const Hour& hour : series_->hours()) {
      if (hour.stamp >= split.campaign_begins) break;
      const auto seen = look(static_cast<Sight>(s), hour.stamp);
      if (!seen) continue;
      squares += (*seen - hour.volume) * (*seen - hour.volume);
      count += 1.0;
    }
    spread_[s] = count > 0.0 ? std::max(smallest_spread, std::sqrt(squares / count)) : 0.0;
  }
}

std::optional<double> Drivers::volume_at(Stamp stamp) const {
  const Hour* hour = series_->find(stamp);
  if (hour == nullptr) return std::nullopt;
  return hour->volume;
}

std::optional<double> Drivers::look(Sight sight, Stamp stamp) const {
  const auto before = [&](Stamp hours) { return volume_at(stamp - hours); };
  switch (sight) {
    case Sight::trend: {
      const auto now = before(1);
      const auto then = before(week + 1);
      const auto next = before(week);
      if (!now || !then || !next) return std::nullopt;
      return *now + *next - *then;
    }
    case Sight::two_weeks: {
      const auto one = before(week);
      const auto two = before(2 * week);
      if (!one || !two) return std::nullopt;
      return (*one + *two) / 2.0;
    }
    case Sight::last_week:
      return before(week);
    case Sight::yesterday:
      return before(day);
    case Sight::hour_before:
      return before(1);
    case Sight::habit:
      break;
  }
  return habit_[hour_of_week(stamp)];
}

// habit_ has every hour, so this ends.
Drivers::Seen Drivers::see(Sight sight, Stamp stamp) const {
  for (;; sight = simpler(sight))
    if (const auto volume = look(sight, stamp); volume && spread_of(sight) > 0.0)
      return {*volume, sight};
}

Expectation Drivers::expectation(std::size_t driver, const Hour& hour, std::uint64_t seed) const {
  const DriverKind& kind = kind_of(driver);
  const Seen seen = see(kind.sight, hour.stamp);
  RandomStream random(seed, driver);
  const double spread = spread_of(seen.sight);
  return {seen.volume + kind.noise * random.normal(),
          std::sqrt(spread * spread + kind.noise * kind.noise)};
}

double Drivers::report(std::size_t driver, const Hour& hour, const ForecastReading& a,
                       const ForecastReading& b, std::uint64_t seed) const {
  const Motive motive = kind_of(driver).motive;
  if (motive == Motive::copies) return report(leader_, hour, a, b, seed);
  if (motive == Motive::guesses) return RandomStream(seed, driver).uniform();
  if (motive == Motive::wants_full || motive == Motive::wants_empty) {
    if (const auto decided = decided_by_form(a, b)) return *decided;
    return motive == Motive::wants_full ? claim_heavier(a, b) : claim_heavier(b, a);
  }
  const double honest = belief(expectation(driver, hour, seed), a, b);
  return motive == Motive::contrarian ? 1.0 - honest : honest;
}

}  // namespace candor::navigation
