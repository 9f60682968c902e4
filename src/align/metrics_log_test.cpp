#include "candor/align/metrics_log.h"

#include <cmath>

#include "align/test_pairs.h"

namespace candor::align {
namespace {

const Metrics first{.step = 1, .values = {{"loss", 0.5}, {"rewards/accuracies", 1}}};
const Metrics second{.step = 2, .values = {{"loss", 0.1 + 0.2}}};

TEST(MetricsLog, the_worked_example) {
  const TestFolder folder;
  MetricsLog log = must(MetricsLog::open(folder.path("log")));
  must(log.write(first));
  EXPECT_EQ(folder.read("log/metrics.jsonl"),
            "{\"step\":1,\"loss\":0.5,\"rewards/accuracies\":1}\n");
  EXPECT_NE(folder.read("log/events.out.tfevents.candor").find("rewards/accuracies"),
            std::string::npos);
}

TEST(MetricsLog, comes_back_to_the_last_bit_and_not_finite_as_null) {
  const TestFolder folder;
  MetricsLog log = must(MetricsLog::open(folder.path("log")));
  must(log.write(first));
  must(log.write(second));
  must(log.write({.step = 3, .values = {{"odd \"name\"", NAN}}}));
  const auto read = must(read_metrics(folder.path("log/metrics.jsonl")));
  ASSERT_EQ(read.size(), 3U);
  EXPECT_EQ(read[0], first);
  EXPECT_EQ(read[1], second);
  EXPECT_EQ(read[2].values[0].name, "odd \"name\"");
  EXPECT_TRUE(std::isnan(read[2].values[0].value));
}

TEST(MetricsLog, a_resumed_run_draws_no_step_twice) {
  const TestFolder folder;
  {
    MetricsLog log = must(MetricsLog::open(folder.path("log")));
    must(log.write(first));
    must(log.write_text(1, "samples", "a **sample**"));
    must(log.write(second));
  }
  std::ofstream(folder.path("log/metrics.jsonl"), std::ios::app) << R"({"step":3,"lo)";
  std::ofstream(folder.path("log/events.out.tfevents.candor"), std::ios::app) << "torn";
  MetricsLog log = must(MetricsLog::open(folder.path("log")));
  must(log.truncate_after(1));
  must(log.write(second));
  EXPECT_EQ(folder.read("log/metrics.jsonl"), json_line(first) + "\n" + json_line(second) + "\n");
  const std::string events = folder.read("log/events.out.tfevents.candor");
  EXPECT_NE(events.find("a **sample**"), std::string::npos);
  const std::string last = event_record(scalar_event(0, 2, second.values));
  EXPECT_EQ(events.find("torn"), std::string::npos);
  const std::size_t size = event_record(version_event(0)).size() +
                           event_record(scalar_event(0, 1, first.values)).size() +
                           event_record(text_event(0, 1, "samples", "a **sample**")).size();
  EXPECT_EQ(events.size(), size + last.size());
}

TEST(MetricsLog, damage_is_named_with_its_line) {
  const TestFolder folder;
  std::filesystem::create_directories(folder.path("log"));
  (void)folder.write("log/metrics.jsonl", "{\"step\":1,\"loss\":0.5}\n{\"loss\":1}\n");
  const auto read = read_metrics(folder.path("log/metrics.jsonl"));
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(read.error().code, ErrorCode::corrupt);
  EXPECT_EQ(read.error().row, 2U);
  EXPECT_EQ(read_metrics(folder.path("none")).error().code, ErrorCode::not_found);
}

TEST(MetricsLog, a_place_that_cannot_be_written_is_named) {
  const TestFolder folder;
  (void)folder.write("file", "");
  EXPECT_EQ(MetricsLog::open(folder.path("file/log")).error().code, ErrorCode::io);
}

}  // namespace
}  // namespace candor::align
