#include "candor/navigation/traffic_series.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>

#include "candor/base/random.h"

namespace candor::navigation {
namespace {

const std::string header =
    "holiday,temp,rain_1h,snow_1h,clouds_all,weather_main,weather_description,date_time,"
    "traffic_volume\n";

Result<TrafficSeries> parse(const std::string& rows) {
  return parse_traffic("t.csv", header + rows);
}

std::string failure(const std::string& rows) {
  const auto series = parse(rows);
  return series.ok() ? "no error" : series.error().message();
}

TEST(Calendar, WorkedExamples) {
  EXPECT_EQ(stamp_of({1970, 1, 1, 0}), 0);
  EXPECT_EQ(stamp_of({1970, 1, 2, 3}), 27);
  EXPECT_EQ(stamp_of({2012, 10, 2, 9}), 374769);
  EXPECT_EQ(weekday_of(0), 3);
  EXPECT_EQ(weekday_of(stamp_of({2018, 9, 30, 23})), 6);
  EXPECT_EQ(weekday_of(stamp_of({2024, 2, 29, 0})), 3);
  EXPECT_EQ(text_of(374769), "2012-10-02 09:00:00");
}

// An hour after an hour, by counting on the fingers: days of months, leap years.
TEST(Calendar, CountsLikeACalendarOnTheWall) {
  constexpr int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  CalendarHour date{1899, 12, 31, 22};
  Stamp stamp = stamp_of(date);
  int weekday = weekday_of(stamp);
  for (; date.year < 2105; ++stamp) {
    ASSERT_EQ(calendar_of(stamp), date) << text_of(stamp);
    ASSERT_EQ(stamp_of(date), stamp);
    ASSERT_EQ(weekday_of(stamp), weekday);
    if (++date.hour < 24) continue;
    date.hour = 0;
    weekday = (weekday + 1) % 7;
    const bool leap = date.year % 4 == 0 && (date.year % 100 != 0 || date.year % 400 == 0);
    const int length = days[date.month - 1] + (date.month == 2 && leap ? 1 : 0);
    if (++date.day <= length) continue;
    date.day = 1;
    if (++date.month <= 12) continue;
    date.month = 1;
    ++date.year;
  }
}

TEST(Calendar, TextsThatAreNoHour) {
  EXPECT_EQ(parse_stamp("2012-10-02 09:00:00"), 374769);
  for (const char* text : {"", "2012-10-02", "2012-10-02 09:30:00", "2012-10-02 24:00:00",
                           "2012-02-30 01:00:00", "2013-02-29 01:00:00", "2012-13-01 01:00:00",
                           "2012-00-01 01:00:00", "2012-01-00 01:00:00", "2012-10-02T09:00:00",
                           "2012-10-02 09:00:00 ", "20x2-10-02 09:00:00", "2012-10-02 -1:00:00"})
    EXPECT_EQ(parse_stamp(text), std::nullopt) << text;
  EXPECT_EQ(parse_stamp("2016-02-29 00:00:00"), stamp_of({2016, 2, 29, 0}));
}

TEST(ReadTraffic, MergesRowsOfAnHourAndSpreadsTheHoliday) {
  const auto series = parse(
      "Labor Day,288.15,0.0,0.0,40,Clouds,few clouds,2016-09-05 00:00:00,900\n"
      "None,287.15,1.5,0.0,75,Rain,light rain,2016-09-05 01:00:00,700\n"
      "None,287.15,0.5,0.0,75,Thunderstorm,thunderstorm,2016-09-05 01:00:00,700\n"
      "None,287.15,0.0,0.0,75,Mist,mist,2016-09-05 01:00:00,700\n"
      "None,280.15,0.0,0.0,1,Clear,sky is clear,2016-09-06 00:00:00,500\n");
  ASSERT_TRUE(series.ok()) << series.error().message();
  ASSERT_EQ(series->hours().size(), 3U);
  const Hour& second = series->hours()[1];
  EXPECT_EQ(second.weather, Weather::storm);
  EXPECT_EQ(second.rain_mm, 1.5);
  EXPECT_EQ(second.volume, 700);
  EXPECT_NEAR(*second.celsius, 14.0, 1e-9);
  EXPECT_TRUE(second.holiday);
  EXPECT_FALSE(series->hours()[2].holiday);
  EXPECT_EQ(series->cleaning().rows, 5U);
  EXPECT_EQ(series->cleaning().merged, 2U);
  EXPECT_EQ(series->cleaning().holiday_days, 1U);
  EXPECT_EQ(series->find(stamp_of({2016, 9, 6, 0})), &series->hours()[2]);
  EXPECT_EQ(series->find(stamp_of({2016, 9, 6, 1})), nullptr);
  EXPECT_FALSE(series->generated());
}

TEST(ReadTraffic, ImpossibleMeasurementsAreMissing) {
  const auto series = parse(
      "None,0.0,9831.3,0.0,0,Clear,x,2016-01-01 00:00:00,1\n"
      "None,280.0,3.0,400,0,Clear,x,2016-01-01 01:00:00,2\n");
  ASSERT_TRUE(series.ok());
  EXPECT_EQ(series->hours()[0].celsius, std::nullopt);
  EXPECT_EQ(series->hours()[0].rain_mm, std::nullopt);
  EXPECT_EQ(series->hours()[1].rain_mm, 3.0);
  EXPECT_EQ(series->hours()[1].snow_mm, std::nullopt);
  EXPECT_EQ(series->cleaning().bad_celsius, 1U);
  EXPECT_EQ(series->cleaning().bad_rain, 2U);
}

TEST(ReadTraffic, ColumnsInAnyOrderAndExtraOnes) {
  const auto series = parse_traffic(
      "t.csv",
      "traffic_volume,date_time,note,weather_main,clouds_all,snow_1h,rain_1h,temp,holiday\n"
      "123,2016-01-01 00:00:00,hello,Snow,90,0.5,0,270,None\n");
  ASSERT_TRUE(series.ok()) << series.error().message();
  EXPECT_EQ(series->hours()[0].volume, 123);
  EXPECT_EQ(series->hours()[0].weather, Weather::snow);
}

TEST(ReadTraffic, ErrorsNameFileRowAndField) {
  const std::string good = "None,280,0,0,0,Clear,x,2016-01-01 05:00:00,10\n";
  EXPECT_EQ(failure(good + "None,280,0,0,0,Clear,x,2016-01-01 05:00:00,11\n"),
            "t.csv:3: field \"traffic_volume\": found 11; expected 10, as another row of this hour "
            "has it; correct the row, or drop it");
  EXPECT_EQ(failure(good + "None,280,0,0,0,Clear,x,2016-01-01 04:00:00,11\n"),
            "t.csv:3: field \"date_time\": found 2016-01-01 04:00:00; expected a time not before "
            "the row above, 2016-01-01 05:00:00; sort the rows by time");
  const auto names = [&](const std::string& row, const std::string& part) {
    EXPECT_NE(failure(row).find(part), std::string::npos) << failure(row);
  };
  names("None,warm,0,0,0,Clear,x,2016-01-01 05:00:00,10\n", "t.csv:2: field \"temp\": found warm");
  names("None,280,nan,0,0,Clear,x,2016-01-01 05:00:00,10\n", "field \"rain_1h\": found nan");
  names("None,280,0,-1,0,Clear,x,2016-01-01 05:00:00,10\n", "field \"snow_1h\": found -1");
  names("None,280,0,0,0,Frogs,x,2016-01-01 05:00:00,10\n", "found Frogs; expected one of Clear, ");
  names("None,280,0,0,0,Clear,x,2016-02-30 05:00:00,10\n", "found 2016-02-30 05:00:00");
  names("None,280,0,0,0,Clear,x,2016-01-01 05:00:00,10.5\n", "found 10.5; expected a whole number");
  names("None,280,0,0,0,Clear,x,2016-01-01 05:00:00,-1\n", "found -1; expected a whole number");
  names("", "no rows");
  EXPECT_NE(parse_traffic("t.csv", "a,b\n1,2\n").error().message().find("field \"holiday\""),
            std::string::npos);
  EXPECT_EQ(read_traffic("no/such/file.csv").error().code, ErrorCode::not_found);
}

TEST(GeneratedSeries, LooksLikeTraffic) {
  const TrafficSeries series = generated_series(7);
  EXPECT_TRUE(series.generated());
  EXPECT_NE(series.source().find("not real data"), std::string::npos);
  ASSERT_EQ(series.hours().size(), 730U * 24U);
  double rush = 0.0, night = 0.0, sunday = 0.0, holiday = 0.0;
  std::array<int, 4> count{};
  for (const Hour& hour : series.hours()) {
    const int clock = calendar_of(hour.stamp).hour;
    const int weekday = weekday_of(hour.stamp);
    const auto add = [&](double& to, std::size_t i) { to += hour.volume, ++count[i]; };
    if (clock == 16 && weekday < 5 && !hour.holiday) add(rush, 0);
    if (clock == 3) add(night, 1);
    if (clock == 7 && weekday == 6) add(sunday, 2);
    if (clock == 16 && hour.holiday) add(holiday, 3);
  }
  EXPECT_GT(rush / count[0], 5000.0);
  EXPECT_LT(night / count[1], 600.0);
  EXPECT_LT(sunday / count[2], 2000.0);
  EXPECT_LT(holiday / count[3], 4500.0);
  EXPECT_EQ(count[3], 12);
}

TEST(GeneratedSeries, IsAFunctionOfItsSeed) {
  const auto volumes = [](std::uint64_t seed) {
    std::vector<int> all;
    const TrafficSeries series = generated_series(seed);
    for (const Hour& hour : series.hours()) all.push_back(hour.volume);
    return all;
  };
  EXPECT_EQ(volumes(3), volumes(3));
  EXPECT_NE(volumes(3), volumes(4));
}

TEST(SplitOf, CutsAtMonthsAndCoversEverything) {
  const TrafficSeries series = generated_series(1);
  const Split split = split_of(series);
  EXPECT_EQ(text_of(split.campaign_begins), "2021-10-01 00:00:00");
  EXPECT_EQ(text_of(split.evaluation_begins), "2022-09-01 00:00:00");
  const Stamp end = series.hours().back().stamp + 1;
  const auto warm_up = hours_between(series, 0, split.campaign_begins);
  const auto campaign = hours_between(series, split.campaign_begins, split.evaluation_begins);
  const auto evaluation = hours_between(series, split.evaluation_begins, end);
  EXPECT_EQ(warm_up.size() + campaign.size() + evaluation.size(), series.hours().size());
  EXPECT_EQ(campaign.front(), warm_up.size());
  EXPECT_EQ(evaluation.back(), series.hours().size() - 1);
}

TEST(RealTraffic, CountsOfThePublishedTable) {
  const char* folder = std::getenv("CANDOR_DATA");
  const std::string path = std::string(folder != nullptr ? folder : "../shared/data") +
                           "/metro-traffic/Metro_Interstate_Traffic_Volume.csv.gz";
  if (!std::filesystem::exists(path)) GTEST_SKIP() << "no table " << path << "; set CANDOR_DATA";
  const auto series = read_or_generate(path, 1);
  ASSERT_TRUE(series.ok()) << series.error().message();
  EXPECT_FALSE(series->generated());
  EXPECT_EQ(series->cleaning().rows, 48204U);
  EXPECT_EQ(series->hours().size(), 40575U);
  EXPECT_EQ(series->cleaning().merged, 48204U - 40575U);
  EXPECT_EQ(series->cleaning().bad_celsius, 10U);
  EXPECT_EQ(series->cleaning().bad_rain, 1U);
  EXPECT_EQ(series->hours().front().volume, 5545);
  EXPECT_EQ(text_of(series->hours().front().stamp), "2012-10-02 09:00:00");
  EXPECT_EQ(text_of(series->hours().back().stamp), "2018-09-30 23:00:00");
  EXPECT_TRUE(series->find(stamp_of({2017, 12, 25, 17}))->holiday);
  const Split split = split_of(*series);
  EXPECT_EQ(text_of(split.campaign_begins), "2014-09-01 00:00:00");
  EXPECT_EQ(text_of(split.evaluation_begins), "2018-01-01 00:00:00");
}

TEST(ReadOrGenerate, SaysWhichItWas) {
  const auto series = read_or_generate("no/such/table.csv.gz", 5);
  ASSERT_TRUE(series.ok());
  EXPECT_TRUE(series->generated());
}

}  // namespace
}  // namespace candor::navigation
