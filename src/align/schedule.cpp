#include "candor/align/schedule.h"

#include <array>
#include <cassert>

#include "align/option_check.h"

namespace candor::align {
namespace {

constexpr double pi = 3.14159265358979323846;
constexpr std::array<std::string_view, 3> names = {"constant", "linear", "cosine"};

// cos(pi x) for x in [0, 1/2]: Taylor's series, whose first term left out is below 1e-17.
double quarter_cosine(double x) {
  const double square = pi * x * pi * x;
  double value = 1.0;
  for (int k = 22; k >= 2; k -= 2) value = 1.0 - value * square / (k * (k - 1));
  return value;
}

double half_cosine(double x) {
  return x <= 0.5 ? quarter_cosine(x) : -quarter_cosine(1.0 - x);
}

}  // namespace

std::string_view name_of(Schedule::Kind kind) {
  return names[static_cast<std::size_t>(kind)];
}

Result<Schedule::Kind> schedule_kind_of(std::string_view name) {
  for (std::size_t i = 0; i < names.size(); ++i)
    if (names[i] == name) return static_cast<Schedule::Kind>(i);
  return unknown_name("schedule", name, names);
}

double rate_share(const Schedule& schedule, std::uint64_t step, std::uint64_t total) {
  assert(step < total);
  const std::uint64_t warmup = schedule.warmup_steps;
  if (step < warmup) return static_cast<double>(step + 1) / static_cast<double>(warmup);
  const double x = static_cast<double>(step - warmup) / static_cast<double>(total - warmup);
  switch (schedule.kind) {
    case Schedule::Kind::constant:
      return 1.0;
    case Schedule::Kind::linear:
      return 1.0 - (1.0 - schedule.final_share) * x;
    case Schedule::Kind::cosine:
      return schedule.final_share + (1.0 - schedule.final_share) * (1.0 + half_cosine(x)) / 2.0;
  }
  return 1.0;
}

}  // namespace candor::align
