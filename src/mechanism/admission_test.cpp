#include "candor/mechanism/admission.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace candor::mechanism {
namespace {

void join(Admission& admission, std::uint32_t first, std::uint32_t count) {
  for (std::uint32_t i = first; i < first + count; ++i) admission.join({i});
}

// The cohorts that are due before each of the next `slots` slots, empty ones left out.
std::vector<Admission::Cohort> cohorts(Admission& admission, int slots) {
  std::vector<Admission::Cohort> found;
  for (int slot = 0; slot < slots; ++slot) {
    Admission::Cohort cohort = admission.due();
    if (!cohort.workers.empty()) found.push_back(std::move(cohort));
  }
  return found;
}

TEST(Admission, FoundersShareEverything) {
  Admission admission({.mass = .05, .period = 10});
  join(admission, 0, 7);
  const Admission::Cohort founders = admission.due();
  EXPECT_EQ(founders.workers.size(), 7U);
  EXPECT_EQ(founders.mass, 1.0);
  EXPECT_TRUE(cohorts(admission, 100).empty());  // nobody else came
}

TEST(Admission, NewcomersWaitForTheEndOfThePeriodAndComeAsOneCohort) {
  Admission admission({.mass = .05, .period = 10});
  join(admission, 0, 5);
  EXPECT_EQ(admission.due().workers.size(), 5U);  // slot 0
  join(admission, 5, 1);
  EXPECT_TRUE(cohorts(admission, 4).empty());  // slots 1 to 4
  join(admission, 6, 2);
  EXPECT_TRUE(cohorts(admission, 5).empty());  // slots 5 to 9
  const Admission::Cohort cohort = admission.due();
  EXPECT_EQ(cohort.workers, (std::vector<WorkerId>{{5}, {6}, {7}}));
  EXPECT_EQ(cohort.mass, .05);
}

TEST(Admission, ACohortGetsTheSameMassWhateverItsSize) {
  for (const std::uint32_t identities : {1U, 100U, 10'000U}) {
    Admission admission({.mass = .05, .period = 1});
    join(admission, 0, 10);
    ASSERT_EQ(admission.due().mass, 1.0);
    join(admission, 10, identities);
    EXPECT_EQ(admission.due().mass, .05);
  }
}

TEST(Admission, TheFirstCohortHasAllTheMassWhereThereAreNoFounders) {
  Admission admission({.mass = .05, .period = 3});
  EXPECT_TRUE(admission.due().workers.empty());
  join(admission, 0, 2);
  EXPECT_TRUE(cohorts(admission, 2).empty());
  EXPECT_EQ(admission.due().mass, 1.0);
}

TEST(Admission, RefusesOptionsThatMakeNoSense) {
  for (const double mass : {0.0, 1.0, -.1, 2.0, std::nan("")}) {
    const Status status = Admission::check({.mass = mass, .period = 10});
    ASSERT_FALSE(status.ok()) << mass;
    EXPECT_EQ(status.error().code, ErrorCode::out_of_range);
    EXPECT_EQ(status.error().field, "newcomer mass");
  }
  const Status status = Admission::check({.mass = .05, .period = 0});
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().field, "newcomer period");
  EXPECT_TRUE(Admission::check({}).ok());
}

}  // namespace
}  // namespace candor::mechanism
