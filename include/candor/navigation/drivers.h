// candor/navigation/drivers.h
// Simulated drivers who judge two forecasts for an hour. What they know is real: volumes that were
// measured in neighbouring hours. What they want is made up, and said.
//
// Knowledge. A driver expects the volume of hour t to be normal with mean m and spread s:
//   m = what its sight shows + noise * a standard normal drawn for (driver, slot);
//   s^2 = noise^2 + the mean square error of that sight over the warm-up period.
// So an honest driver is calibrated as far as a normal law can be. Sights (volume at t-k hours:
// v_k):
//   trend        v_1 + v_168 - v_169: the hour before, moved as the clock moved it a week ago
//   last_week    v_168
//   two_weeks    (v_168 + v_336) / 2
//   yesterday    v_24
//   hour_before  v_1
//   habit        the mean volume of that weekday and hour in the warm-up period
// Where a needed hour has no record, the next simpler sight is taken, in the order trend ->
// two_weeks -> last_week -> habit; hour_before and yesterday -> habit; the spread is then that
// sight's.
//
// Belief. With forecasts a and b, A is nearer to the volume V iff V lies on a's side of their
// middle:
//   P(A better) = Phi(((a+b)/2 - m) / s) if a < b, one minus that if a > b, 1/2 if equal.
// A malformed forecast loses to one that is not; two malformed ones are even. (Derived.)
// Worked: m = 5000, s = 500, a = 5400, b = 4000: middle 4700, P = 1 - Phi(-.6) = .7257.
//
// Motives.
//   honest       reports its belief
//   wants_full   the heavier forecast is better, with certainty: residents who want through traffic
//                to be sent elsewhere
//   wants_empty  the lighter one is
//   contrarian   1 - belief
//   copies       whatever the crowd's first driver of motive wants_full reports (a ring)
//   guesses      a number drawn evenly from [0,1]
// On a malformed forecast against a well-formed one, wants_full and wants_empty tell the truth: it
// says nothing of how full the road is.
//
// The composition of a crowd is our choice, not a finding about drivers. mixed_crowd() is one in
// which a bare majority lies and the best few know well; honest_crowd() has the same people and no
// lies.
//
// Thread safety: const methods from any thread. Every draw is a function of (seed, driver).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "candor/base/result.h"
#include "candor/navigation/forecast.h"
#include "candor/navigation/traffic_series.h"

namespace candor::navigation {

enum class Sight : std::uint8_t { trend, last_week, two_weeks, yesterday, hour_before, habit };
enum class Motive : std::uint8_t { honest, wants_full, wants_empty, contrarian, copies, guesses };

[[nodiscard]] std::string_view name_of(Motive motive);

/// `count` drivers of one kind, named kind-1, kind-2, ...
struct DriverKind {
  std::string kind;
  std::size_t count = 1;
  Sight sight = Sight::habit;
  double noise = 0.0;  ///< vehicles an hour, >= 0
  Motive motive = Motive::honest;
};

using CrowdPlan = std::vector<DriverKind>;

/// 30 drivers, 16 of whom lie; see drivers.cpp's table, which describe() prints.
[[nodiscard]] CrowdPlan mixed_crowd();
/// The same drivers with every motive honest, guessers still guessing.
[[nodiscard]] CrowdPlan honest_crowd();
/// One line a kind, for people: "9 ring: copies, sees habit, noise 900".
[[nodiscard]] std::vector<std::string> describe(const CrowdPlan& plan);

/// A normal law of an hour's volume.
struct Expectation {
  double mean = 0.0;
  double spread = 1.0;  ///< > 0
};

/// P(A better) as above.
[[nodiscard]] double belief(const Expectation& expectation, const ForecastReading& a,
                            const ForecastReading& b);

/// 1 if A was nearer to the measured volume, 0 if B, 1/2 if they were equally far; malformed loses.
[[nodiscard]] double truth(int measured, const ForecastReading& a, const ForecastReading& b);

/// The standard normal distribution function, from the C library's erfc.
[[nodiscard]] double normal_below(double z);

class Drivers {
 public:
  /// Measures each sight's error over the warm-up period. Keeps a pointer to the series.
  /// Errors: invalid_argument for an empty crowd, copies without a driver of motive wants_full, two
  /// drivers of one name; out_of_range for a noise that is negative or not finite; not_found for a
  /// warm-up period in which an hour of the week never occurs.
  static Result<Drivers> create(const TrafficSeries& series, const Split& split, CrowdPlan plan);

  [[nodiscard]] const std::vector<std::string>& names() const { return names_; }
  [[nodiscard]] const DriverKind& kind_of(std::size_t driver) const { return plan_[kind_[driver]]; }

  /// What the driver expects of the hour. seed: the slot's.
  [[nodiscard]] Expectation expectation(std::size_t driver, const Hour& hour,
                                        std::uint64_t seed) const;
  /// What the driver says: P(A better), in [0,1].
  [[nodiscard]] double report(std::size_t driver, const Hour& hour, const ForecastReading& a,
                              const ForecastReading& b, std::uint64_t seed) const;
  /// Root of the mean square error of a sight over the warm-up period, vehicles an hour.
  [[nodiscard]] double spread_of(Sight sight) const {
    return spread_[static_cast<std::size_t>(sight)];
  }

 private:
  Drivers(const TrafficSeries& series, CrowdPlan plan) : series_(&series), plan_(std::move(plan)) {}
  [[nodiscard]] Status check_plan() const;
  [[nodiscard]] Status check_crowd() const;
  void name_drivers();
  Status measure_habit(const Split& split);
  void measure_spreads(const Split& split);
  struct Seen {
    double volume = 0.0;
    Sight sight = Sight::habit;
  };
  [[nodiscard]] Seen see(Sight sight, Stamp stamp) const;
  [[nodiscard]] std::optional<double> look(Sight sight, Stamp stamp) const;
  [[nodiscard]] std::optional<double> volume_at(Stamp stamp) const;

  static constexpr std::size_t none = static_cast<std::size_t>(-1);

  const TrafficSeries* series_;
  CrowdPlan plan_;
  std::vector<std::string> names_;
  std::vector<std::size_t> kind_;   // [drivers] place in plan_
  std::size_t leader_ = 0;          // whom the ring copies
  std::vector<double> habit_;       // [168] mean volume by weekday and hour
  std::array<double, 6> spread_{};  // by sight
};

}  // namespace candor::navigation
