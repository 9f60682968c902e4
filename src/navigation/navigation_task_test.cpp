#include "candor/navigation/navigation_task.h"

#include <gtest/gtest.h>

#include <set>

namespace candor::navigation {
namespace {

class NavigationTaskTest : public ::testing::Test {
 protected:
  NavigationTaskTest()
      : series_(generated_series(1)),
        split_(split_of(series_)),
        drivers_(Drivers::create(series_, split_, mixed_crowd()).value()) {}
  std::unique_ptr<NavigationTask> task(std::uint64_t seed) {
    return NavigationTask::create(series_, split_, drivers_, seed).value();
  }
  static campaign::Question question(const NavigationTask& task, std::size_t index, int a, int b) {
    return {"slot", index, task.prompt(index), {forecast_text(a), forecast_text(b)}};
  }
  TrafficSeries series_;
  Split split_;
  Drivers drivers_;
};

TEST_F(NavigationTaskTest, PromptsAreTheCampaignPeriodShuffled) {
  const auto one = task(1);
  const auto two = task(2);
  std::set<Stamp> seen;
  std::size_t same = 0;
  for (std::size_t i = 0; i < one->prompts(); ++i) {
    const Hour& hour = one->hour(i);
    EXPECT_GE(hour.stamp, split_.campaign_begins);
    EXPECT_LT(hour.stamp, split_.evaluation_begins);
    EXPECT_EQ(one->prompt(i), prompt_text(hour));
    seen.insert(hour.stamp);
    if (two->hour(i).stamp == hour.stamp) ++same;
  }
  EXPECT_EQ(seen.size(), one->prompts());
  EXPECT_EQ(static_cast<Stamp>(seen.size()), split_.evaluation_begins - split_.campaign_begins);
  EXPECT_LT(same, 20U);
  EXPECT_EQ(task(1)->hour(17).stamp, one->hour(17).stamp);
}

TEST_F(NavigationTaskTest, OutcomeIsWhoWasNearerAndTurnsAround) {
  const auto t = task(1);
  const int volume = rounded_volume(t->hour(0).volume);
  EXPECT_EQ(t->outcome(question(*t, 0, volume, volume + 300)).value(), 1.0);
  EXPECT_EQ(t->outcome(question(*t, 0, volume + 300, volume)).value(), 0.0);
  EXPECT_EQ(t->outcome(question(*t, 0, volume, volume)).value(), 0.5);
  campaign::Question broken = question(*t, 0, volume, 9900);
  broken.answer[0] = "who knows";
  EXPECT_EQ(t->outcome(broken).value(), 0.0);
}

TEST_F(NavigationTaskTest, EveryoneReportsOrThoseAskedTheSame) {
  const auto t = task(1);
  const auto about = question(*t, 3, 4000, 5000);
  const auto all = t->reports(about, {}, 9).value().value();
  ASSERT_EQ(all.size(), t->workers().size());
  const std::vector<WorkerId> asked{WorkerId{20}, WorkerId{0}, WorkerId{13}};
  const auto some = t->reports(about, asked, 9).value().value();
  ASSERT_EQ(some.size(), 3U);
  for (std::size_t i = 0; i < asked.size(); ++i) {
    EXPECT_EQ(some[i].worker, asked[i]);
    EXPECT_EQ(some[i].a_preferred, all[asked[i].index()].a_preferred);
  }
  for (const auto& report : all) {
    EXPECT_GE(report.a_preferred, 0.0);
    EXPECT_LE(report.a_preferred, 1.0);
  }
  EXPECT_EQ(all[0].a_preferred, drivers_.report(0, t->hour(3), {4000, {}}, {5000, {}}, 9));
}

TEST_F(NavigationTaskTest, RefusesWhatDoesNotExist) {
  const auto t = task(1);
  campaign::Question beyond = question(*t, 0, 1000, 2000);
  beyond.prompt_index = t->prompts();
  EXPECT_EQ(t->reports(beyond, {}, 1).error().code, ErrorCode::out_of_range);
  EXPECT_EQ(t->outcome(beyond).error().code, ErrorCode::out_of_range);
  const std::vector<WorkerId> nobody{WorkerId{30}};
  const auto refused = t->reports(question(*t, 0, 1000, 2000), nobody, 1);
  ASSERT_FALSE(refused.ok());
  EXPECT_NE(refused.error().message().find("\"worker\": found 30; expected a number below 30"),
            std::string::npos)
      << refused.error().message();
  EXPECT_EQ(NavigationTask::create(series_, {0, 0}, drivers_, 1).error().code,
            ErrorCode::not_found);
}

}  // namespace
}  // namespace candor::navigation
