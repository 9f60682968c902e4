#include <array>

#include "candor/base/text.h"
#include "candor/navigation/drivers.h"

namespace candor::navigation {
namespace {

constexpr std::array<std::string_view, 6> sight_names{"trend",     "last week",   "two weeks",
                                                      "yesterday", "hour before", "habit"};

}  // namespace

std::string_view name_of(Motive motive) {
  constexpr std::array<std::string_view, 6> names{"honest",     "wants_full", "wants_empty",
                                                  "contrarian", "copies",     "guesses"};
  return names[static_cast<std::size_t>(motive)];
}

CrowdPlan mixed_crowd() {
  return {{"commuter", 3, Sight::trend, 100.0, Motive::honest},
          {"regular", 4, Sight::two_weeks, 300.0, Motive::honest},
          {"occasional", 4, Sight::last_week, 900.0, Motive::honest},
          {"guesser", 3, Sight::habit, 0.0, Motive::guesses},
          {"resident", 5, Sight::yesterday, 300.0, Motive::wants_full},
          {"ring", 8, Sight::habit, 300.0, Motive::copies},
          {"shop", 1, Sight::hour_before, 300.0, Motive::wants_empty},
          {"contrarian", 2, Sight::last_week, 300.0, Motive::contrarian}};
}

CrowdPlan honest_crowd() {
  CrowdPlan plan = mixed_crowd();
  for (DriverKind& kind : plan)
    if (kind.motive != Motive::guesses) kind.motive = Motive::honest;
  return plan;
}

std::vector<std::string> describe(const CrowdPlan& plan) {
  std::vector<std::string> lines;
  for (const DriverKind& kind : plan)
    lines.push_back(std::to_string(kind.count) + " " + kind.kind + ": " +
                    std::string(name_of(kind.motive)) + ", sees " +
                    std::string(sight_names[static_cast<std::size_t>(kind.sight)]) + ", noise " +
                    number_text(kind.noise));
  return lines;
}

}  // namespace candor::navigation
