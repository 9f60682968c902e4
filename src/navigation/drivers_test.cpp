#include "candor/navigation/drivers.h"

#include <gtest/gtest.h>

#include <cmath>

#include "candor/base/random.h"

namespace candor::navigation {
namespace {

ForecastReading says(int volume) {
  return {volume, {}};
}
const ForecastReading malformed{{}, "x"};

class DriversTest : public ::testing::Test {
 protected:
  static Drivers make(CrowdPlan plan) {
    auto drivers = Drivers::create(series(), split_of(series()), std::move(plan));
    EXPECT_TRUE(drivers.ok()) << drivers.error().message();
    return std::move(drivers).value();
  }
  static std::string refusal(CrowdPlan plan) {
    const auto drivers = Drivers::create(series(), split_of(series()), std::move(plan));
    return drivers.ok() ? "taken" : drivers.error().message();
  }
  static const TrafficSeries& series() {
    static const TrafficSeries made = generated_series(1);
    return made;
  }
  static const Hour& hour(std::size_t i) {
    static const auto places = hours_between(series(), split_of(series()).campaign_begins,
                                             split_of(series()).evaluation_begins);
    return series().hours()[places[i % places.size()]];
  }
};

TEST(Belief, WorkedExample) {
  EXPECT_NEAR(belief({5000, 500}, says(5400), says(4000)), 0.7257468822, 1e-9);
  EXPECT_NEAR(belief({5000, 500}, says(4000), says(5400)), 1 - 0.7257468822, 1e-9);
  EXPECT_EQ(belief({5000, 500}, says(5400), says(5400)), 0.5);
  EXPECT_EQ(belief({5000, 500}, malformed, says(0)), 0.0);
  EXPECT_EQ(belief({5000, 500}, says(9900), malformed), 1.0);
  EXPECT_EQ(belief({5000, 500}, malformed, malformed), 0.5);
}

TEST(Truth, WorkedExamples) {
  EXPECT_EQ(truth(5000, says(5400), says(4500)), 1.0);
  EXPECT_EQ(truth(5000, says(5500), says(4600)), 0.0);
  EXPECT_EQ(truth(5000, says(5500), says(4500)), 0.5);
  EXPECT_EQ(truth(5000, malformed, says(0)), 0.0);
  EXPECT_EQ(truth(5000, malformed, malformed), 0.5);
}

TEST(BeliefAndTruth, TurnAroundWhenAAndBAreSwapped) {
  RandomStream random(1);
  const auto any = [&] {
    return random.bernoulli(0.1) ? malformed : says(100 * static_cast<int>(random.below(75)));
  };
  for (int i = 0; i < 1000; ++i) {
    const auto a = any();
    const auto b = any();
    const Expectation about{7000.0 * random.uniform(), 50.0 + 1000.0 * random.uniform()};
    const int measured = static_cast<int>(random.below(7300));
    EXPECT_NEAR(belief(about, a, b) + belief(about, b, a), 1.0, 1e-15);
    EXPECT_EQ(truth(measured, a, b) + truth(measured, b, a), 1.0);
  }
}

// If volumes do come from the law that a driver believes in, its belief is the report with the
// smallest expected quadratic loss; counted by simulation.
TEST(Belief, HasTheBestExpectedScore) {
  RandomStream random(2);
  for (const auto& [a, b] : {std::pair(5200, 4400), std::pair(3000, 5600), std::pair(4700, 4800)}) {
    const Expectation about{4800, 600};
    const double honest = belief(about, says(a), says(b));
    double sum = 0.0;
    constexpr int draws = 40000;
    for (int i = 0; i < draws; ++i) {
      const double volume = about.mean + about.spread * random.normal();
      sum += truth(static_cast<int>(std::lround(volume)), says(a), says(b));
    }
    const double rate = sum / draws;  // the best report, for these draws
    EXPECT_NEAR(rate, honest, 0.012);
    const auto loss = [&](double report) {
      return rate * (1 - report) * (1 - report) + (1 - rate) * report * report;
    };
    EXPECT_LT(loss(honest), loss(honest + 0.05));
    EXPECT_LT(loss(honest), loss(honest - 0.05));
  }
}

TEST_F(DriversTest, EachSightIsTheNeighbouringHoursItNames) {
  const auto mean = [&](Sight sight, const Hour& about) {
    return make({{"x", 1, sight, 0.0, Motive::honest}}).expectation(0, about, 1).mean;
  };
  const Hour& about = hour(1000);
  const auto at = [&](Stamp back) { return double(series().find(about.stamp - back)->volume); };
  EXPECT_EQ(mean(Sight::trend, about), at(1) + at(168) - at(169));
  EXPECT_EQ(mean(Sight::last_week, about), at(168));
  EXPECT_EQ(mean(Sight::two_weeks, about), (at(168) + at(336)) / 2);
  EXPECT_EQ(mean(Sight::yesterday, about), at(24));
  EXPECT_EQ(mean(Sight::hour_before, about), at(1));
  double sum = 0.0;
  int count = 0;
  for (const Hour& other : series().hours()) {
    if (other.stamp >= split_of(series()).campaign_begins) break;
    if ((about.stamp - other.stamp) % 168 != 0) continue;
    sum += other.volume;
    ++count;
  }
  EXPECT_NEAR(mean(Sight::habit, about), sum / count, 1e-9);
}

TEST_F(DriversTest, GapsAreFilledByTheNextSimplerSight) {
  std::vector<Hour> hours = series().hours();
  const Hour about = hours[10000];
  std::erase_if(hours, [&](const Hour& h) { return h.stamp == about.stamp - 1; });
  std::erase_if(hours, [&](const Hour& h) { return h.stamp == about.stamp - 336; });
  std::erase_if(hours, [&](const Hour& h) { return h.stamp == about.stamp - 24; });
  const TrafficSeries gappy("gappy", true, hours);
  const auto drivers = Drivers::create(gappy, split_of(gappy),
                                       {{"t", 1, Sight::trend, 0.0, Motive::honest},
                                        {"y", 1, Sight::yesterday, 0.0, Motive::honest}});
  ASSERT_TRUE(drivers.ok());
  const Expectation trend = drivers->expectation(0, about, 1);  // trend -> two weeks -> last week
  EXPECT_EQ(trend.mean, gappy.find(about.stamp - 168)->volume);
  EXPECT_EQ(trend.spread, drivers->spread_of(Sight::last_week));
  EXPECT_EQ(drivers->expectation(1, about, 1).spread, drivers->spread_of(Sight::habit));
}

TEST_F(DriversTest, SpreadsAreErrorsAndNoiseAddsToThem) {
  const Drivers drivers = make({{"x", 1, Sight::yesterday, 400.0, Motive::honest}});
  double squares = 0.0;
  double count = 0.0;
  for (const Hour& h : series().hours()) {
    if (h.stamp >= split_of(series()).campaign_begins) break;
    const Hour* before = series().find(h.stamp - 24);
    if (before == nullptr) continue;
    squares += std::pow(before->volume - h.volume, 2);
    ++count;
  }
  const double spread = std::sqrt(squares / count);
  EXPECT_NEAR(drivers.spread_of(Sight::yesterday), spread, 1e-6);
  const Expectation first = drivers.expectation(0, hour(5), 1);
  EXPECT_NEAR(first.spread, std::hypot(spread, 400.0), 1e-6);
  EXPECT_NE(first.mean, drivers.expectation(0, hour(5), 2).mean);
}

TEST_F(DriversTest, EachMotiveReportsWhatItSays) {
  const Drivers drivers = make({{"honest", 1, Sight::last_week, 200.0, Motive::honest},
                                {"full", 2, Sight::last_week, 200.0, Motive::wants_full},
                                {"empty", 1, Sight::last_week, 200.0, Motive::wants_empty},
                                {"ring", 3, Sight::last_week, 200.0, Motive::copies},
                                {"guess", 1, Sight::last_week, 200.0, Motive::guesses}});
  const Drivers against = make({{"contrary", 1, Sight::last_week, 200.0, Motive::contrarian}});
  const auto report = [&](std::size_t driver, const auto& a, const auto& b) {
    return drivers.report(driver, hour(3), a, b, 11);
  };
  EXPECT_EQ(report(0, says(3000), says(2000)),
            belief(drivers.expectation(0, hour(3), 11), says(3000), says(2000)));
  EXPECT_EQ(against.report(0, hour(3), says(3000), says(2000), 11),
            1.0 - report(0, says(3000), says(2000)));
  for (const std::size_t full : {1U, 2U, 4U, 5U, 6U}) {
    EXPECT_EQ(report(full, says(3000), says(2000)), 1.0);
    EXPECT_EQ(report(full, says(2000), says(3000)), 0.0);
    EXPECT_EQ(report(full, says(2000), says(2000)), 0.5);
    EXPECT_EQ(report(full, malformed, says(2000)), 0.0);
  }
  EXPECT_EQ(report(3, says(3000), says(2000)), 0.0);
  EXPECT_EQ(report(3, says(2000), malformed), 1.0);
  EXPECT_EQ(drivers.names()[4], "ring-1");
  double sum = 0.0;
  for (std::uint64_t seed = 0; seed < 4000; ++seed)
    sum += drivers.report(7, hour(3), says(3000), says(2000), seed);
  EXPECT_NEAR(sum / 4000, 0.5, 0.02);
}

TEST_F(DriversTest, ReportsAreAFunctionOfTheSeed) {
  const Drivers one = make(mixed_crowd());
  const Drivers two = make(mixed_crowd());
  bool moved = false;
  for (std::size_t driver = 0; driver < one.names().size(); ++driver) {
    const auto says_in = [&](const Drivers& d, std::uint64_t seed) {
      return d.report(driver, hour(9), says(4100), says(4900), seed);
    };
    EXPECT_EQ(says_in(one, 5), says_in(two, 5));
    moved = moved || says_in(one, 5) != says_in(one, 6);
  }
  EXPECT_TRUE(moved);
}

// The kinds are told apart by how well they judge: this is what weights can learn from.
TEST_F(DriversTest, InTheMixedCrowdTheBestKnowAndTheMostLie) {
  const Drivers drivers = make(mixed_crowd());
  EXPECT_EQ(drivers.names().size(), 30U);
  std::vector<double> loss(drivers.names().size(), 0.0);
  RandomStream random(4);
  constexpr int slots = 600;
  double misled = 0.0;
  for (int s = 0; s < slots; ++s) {
    const Hour& about = hour(random.below(1U << 20U));
    const auto a = says(100 * static_cast<int>(random.below(70)));
    const auto b = says(100 * static_cast<int>(random.below(70)));
    double sum = 0.0;
    for (std::size_t d = 0; d < loss.size(); ++d) {
      const double r = drivers.report(d, about, a, b, static_cast<std::uint64_t>(s));
      loss[d] += std::pow(r - truth(about.volume, a, b), 2) / slots;
      sum += r / static_cast<double>(loss.size());
    }
    misled += std::pow(sum - truth(about.volume, a, b), 2) / slots;
  }
  EXPECT_LT(loss[0], 0.03);         // commuter
  EXPECT_LT(loss[0], loss[9] / 2);  // occasional
  EXPECT_GT(loss[15], 0.25);        // resident
  EXPECT_EQ(loss[15], loss[20]);    // and the ring
  EXPECT_GT(misled, 0.15);          // the average
  std::size_t liars = 0;
  for (const DriverKind& kind : mixed_crowd())
    if (kind.motive != Motive::honest && kind.motive != Motive::guesses) liars += kind.count;
  EXPECT_EQ(liars, 16U);
  EXPECT_EQ(describe(mixed_crowd())[5], "8 ring: copies, sees habit, noise 300");
}

TEST_F(DriversTest, HonestCrowdHasNoLiars) {
  for (const DriverKind& kind : honest_crowd())
    EXPECT_TRUE(kind.motive == Motive::honest || kind.motive == Motive::guesses);
  EXPECT_EQ(make(honest_crowd()).names(), make(mixed_crowd()).names());
}

TEST_F(DriversTest, RefusesCrowdsThatMakeNoSense) {
  EXPECT_NE(refusal({}).find("no drivers"), std::string::npos);
  EXPECT_NE(refusal({{"x", 1, Sight::habit, -1.0, Motive::honest}}).find("noise of x"),
            std::string::npos);
  EXPECT_NE(refusal({{"x", 1, Sight::habit, 0.0, Motive::copies}}).find("\"x\" copies nobody"),
            std::string::npos);
  EXPECT_NE(refusal({{"x"}, {"x"}}).find("two drivers of one name"), std::string::npos);
  const std::vector<Hour> few(series().hours().begin(), series().hours().begin() + 100);
  const TrafficSeries brief("brief", true, few);
  EXPECT_EQ(Drivers::create(brief, split_of(brief), mixed_crowd()).error().code,
            ErrorCode::not_found);
}

}  // namespace
}  // namespace candor::navigation
