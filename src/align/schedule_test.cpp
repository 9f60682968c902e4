#include "candor/align/schedule.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace candor::align {
namespace {

std::vector<double> curve(const Schedule& schedule, std::uint64_t total) {
  std::vector<double> shares;
  for (std::uint64_t step = 0; step < total; ++step)
    shares.push_back(rate_share(schedule, step, total));
  return shares;
}

TEST(Schedule, the_worked_example) {
  EXPECT_EQ(curve({.kind = Schedule::Kind::linear, .warmup_steps = 2}, 6),
            (std::vector<double>{0.5, 1, 1, 0.75, 0.5, 0.25}));
}

TEST(Schedule, constant_stays_and_linear_ends_at_its_final_share) {
  EXPECT_EQ(curve({.warmup_steps = 4}, 6), (std::vector<double>{0.25, 0.5, 0.75, 1, 1, 1}));
  EXPECT_EQ(curve({.kind = Schedule::Kind::linear, .final_share = 0.5}, 4),
            (std::vector<double>{1, 0.875, 0.75, 0.625}));
}

TEST(Schedule, cosine_is_that_of_the_c_library) {
  const Schedule schedule{.kind = Schedule::Kind::cosine, .warmup_steps = 3, .final_share = 0.1};
  for (std::uint64_t step = 3; step < 200; ++step) {
    const double x = static_cast<double>(step - 3) / 197;
    EXPECT_NEAR(rate_share(schedule, step, 200), 0.1 + 0.9 * (1 + std::cos(M_PI * x)) / 2, 2e-16);
  }
}

TEST(Schedule, a_run_that_is_all_warm_up) {
  EXPECT_EQ(curve({.kind = Schedule::Kind::cosine, .warmup_steps = 8}, 2),
            (std::vector<double>{0.125, 0.25}));
}

TEST(Schedule, names_come_back_and_unknown_ones_are_refused_with_the_list) {
  for (const auto kind : {Schedule::Kind::constant, Schedule::Kind::linear, Schedule::Kind::cosine})
    EXPECT_EQ(schedule_kind_of(name_of(kind)).value(), kind);
  EXPECT_NE(schedule_kind_of("step").error().message().find("cosine"), std::string::npos);
}

}  // namespace
}  // namespace candor::align
