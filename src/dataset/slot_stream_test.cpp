#include "candor/dataset/slot_stream.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "candor/base/random.h"
#include "candor/base/text.h"
#include "dataset/stream_oracle.h"
#include "dataset/test_files.h"

namespace candor::dataset {
namespace {

struct Streamed {
  std::vector<OracleSlot> slots;
  std::vector<std::vector<double>> outcomes;
  std::vector<std::vector<double>> reports;  // all K columns
  StreamSummary summary;
  int passes = 1;  // of stream_slots
};

// The loop that callers write.
Result<Streamed> stream(const std::vector<std::string>& paths, const ReadOptions& options) {
  CANDOR_TRY(Survey seen, survey(paths, options));
  for (int passes = 1;; ++passes) {
    Streamed all;
    const std::size_t answers = seen.answers.size();
    const auto visit = [&](const SlotRecord& record) -> Status {
      OracleSlot slot{std::string(seen.slots[record.slot.index()]), {}, {}};
      for (const WorkerId worker : record.workers)
        slot.workers.emplace_back(seen.workers[worker.index()]);
      for (std::size_t i = 0; i < record.workers.size(); ++i)
        slot.reports.push_back(record.reports[i * answers]);
      all.slots.push_back(std::move(slot));
      all.outcomes.emplace_back(record.outcome.begin(), record.outcome.end());
      all.reports.emplace_back(record.reports.begin(), record.reports.end());
      return {};
    };
    CANDOR_TRY(all.summary, stream_slots(paths, options, seen, visit));
    all.passes = passes;
    if (!all.summary.replanned) return all;
    if (passes == 2) return Error{ErrorCode::corrupt, "replanned twice"};
  }
}

std::vector<std::string> names_of(const Streamed& all) {
  std::vector<std::string> names;
  for (const OracleSlot& slot : all.slots) names.push_back(slot.slot);
  return names;
}

using Names = std::vector<std::string>;

TEST(SlotStream, SlotsSettleWithTheirLastReport) {
  const TestFolder folder;
  const auto all = stream({folder.write("t.csv",
                                        "task_id,worker_id,label,truth\n"
                                        "t0,ann,10,\n"
                                        "t1,ann,9,9\n"
                                        "t0,bob,9,10\n"
                                        "t2,bob,9,\n")},
                          {});
  ASSERT_TRUE(all.ok()) << all.error().message();
  EXPECT_EQ(names_of(*all), (Names{"t1", "t0", "t2"}));
  EXPECT_EQ(all->slots[1].workers, (Names{"ann", "bob"}));
  EXPECT_EQ(all->reports[1], (std::vector<double>{0, 1, 1, 0}));
  EXPECT_EQ(all->outcomes[1], (std::vector<double>{0, 1}));
  EXPECT_TRUE(all->outcomes[2].empty());
  EXPECT_EQ(all->passes, 1);
  EXPECT_EQ(all->summary.kept, 4U);
}

TEST(SlotStream, ASlotThatEndsInADuplicateSettlesBefore) {
  const TestFolder folder;
  const std::string path = folder.write("t.csv",
                                        "task_id,worker_id,label\n"
                                        "t0,ann,x\n"
                                        "t1,ann,y\n"
                                        "t0,ann,y\n");
  const auto all = stream({path}, {});
  ASSERT_TRUE(all.ok()) << all.error().message();
  EXPECT_EQ(names_of(*all), (Names{"t0", "t1"}));
  EXPECT_EQ(all->passes, 2);
  EXPECT_EQ(all->reports[0], (std::vector<double>{1, 0})) << "the first report is kept";
  EXPECT_EQ(all->summary.duplicates, 1U);
  ASSERT_EQ(all->summary.first_duplicates.size(), 1U);
  EXPECT_EQ(all->summary.first_duplicates[0].file, path);
  EXPECT_EQ(all->summary.first_duplicates[0].row, 4U);
}

TEST(SlotStream, ADuplicateInTheMiddleNeedsNoSecondTry) {
  const TestFolder folder;
  const auto all = stream({folder.write("t.csv",
                                        "task_id,worker_id,label\n"
                                        "t0,ann,x\nt0,ann,y\nt0,bob,y\n")},
                          {});
  EXPECT_EQ(all->passes, 1);
  EXPECT_EQ(all->summary.duplicates, 1U);
  EXPECT_EQ(all->slots[0].workers, (Names{"ann", "bob"}));
}

TEST(SlotStream, ExchangedPairsReportOnTheSameItem) {
  const TestFolder folder;
  const auto all = stream({folder.write("t.csv",
                                        "worker,left,right,label\n"
                                        "w,cat,dog,cat\nv,dog,cat,cat\nu,dog,cat,tie\n")},
                          {});
  ASSERT_TRUE(all.ok()) << all.error().message();
  EXPECT_EQ(all->reports[0], (std::vector<double>{1, 0, 1, 0, .5, .5}));
}

TEST(SlotStream, TimeOrdersRowsAndShuffleOrdersSlots) {
  const TestFolder folder;
  const std::string path = folder.write("t.csv",
                                        "task_id,time,worker_id,label\n"
                                        "t0,5,ann,x\nt1,3,ann,y\nt0,-1e1,ann,y\nt2,4,bob,x\n");
  ReadOptions options;
  options.order.mode = Order::Mode::time;
  const auto all = stream({path}, options);
  ASSERT_TRUE(all.ok()) << all.error().message();
  EXPECT_EQ(names_of(*all), (Names{"t0", "t1", "t2"}));
  EXPECT_EQ(all->reports[0], (std::vector<double>{0, 1})) << "the first by time is kept";
}

TEST(SlotStream, TimesMustBeNumbers) {
  const TestFolder folder;
  ReadOptions options;
  options.order.mode = Order::Mode::time;
  for (const char* bad : {"", "noon", "nan", "inf"}) {
    const std::string path =
        folder.write("t.csv", std::string("task,time,worker,label\nt,1,w,x\nt,") + bad + ",v,y\n");
    expect_message(stream({path}, options),
                   {path + ":3:", "field \"time\"", "a number", "--order file"});
    options.order.mode = Order::Mode::file;
    EXPECT_TRUE(stream({path}, options).ok()) << "other orders do not look at it";
    options.order.mode = Order::Mode::time;
  }
}

TEST(SlotStream, AVisitorsErrorEndsTheStream) {
  const TestFolder folder;
  const std::vector<std::string> paths{
      folder.write("t.csv", "task,worker,label\nt,w,x\nu,w,y\nv,w,y\n")};
  for (const Order::Mode mode : {Order::Mode::file, Order::Mode::shuffle}) {
    ReadOptions options;
    options.order.mode = mode;
    auto seen = survey(paths, options);
    ASSERT_TRUE(seen.ok());
    int visits = 0;
    const auto result = stream_slots(paths, options, *seen, [&](const SlotRecord&) -> Status {
      return ++visits == 2 ? Status{Error{ErrorCode::io, "enough"}} : Status{};
    });
    expect_message(result, {"enough"});
    EXPECT_EQ(visits, 2);
  }
}

TEST(SlotStream, AFileThatChangedBetweenThePassesIsNoticed) {
  const TestFolder folder;
  const std::string text = "task,worker,label\nt,w,x\nu,w,y\n";
  for (const std::string& other :
       {text + "u,v,x\n", text + "t,w2,x\n", text + "t2,w,x\n",
        std::string("task,worker,label\nt,w,x\n"), std::string("task,worker,label\nt,w,x\nu,w,z\n"),
        std::string("task,worker,label\nt,w,x\n\n\nu,w,y\n")}) {
    for (const Order::Mode mode : {Order::Mode::file, Order::Mode::shuffle}) {
      const ReadOptions options{.order = {mode, 1}};
      const std::vector<std::string> paths{folder.write("t.csv", text)};
      auto seen = survey(paths, options);
      ASSERT_TRUE(seen.ok());
      (void)folder.write("t.csv", other);
      const auto result =
          stream_slots(paths, options, *seen, [](const SlotRecord&) -> Status { return {}; });
      if (mode == Order::Mode::shuffle && other.find("\n\n") != std::string::npos) continue;
      expect_message(result, {"t.csv", "stays the same"});
    }
  }
}

struct Table {
  std::vector<OracleRow> rows;
  std::string text;
};

// Few workers and slots, so that duplicates abound; several rows with one time.
Table random_table(std::uint64_t seed, std::size_t rows, std::size_t slots, std::size_t workers) {
  RandomStream random(seed, 9);
  Table table{{}, "event_id,time,worker_id,probability\n"};
  for (std::size_t i = 0; i < rows; ++i) {
    OracleRow row{"s" + std::to_string(random.below(slots)),
                  "w" + std::to_string(random.below(workers)), random.uniform(),
                  static_cast<double>(random.below(rows / 2 + 1)) - 3.0};
    table.text += row.slot + "," + number_text(row.time) + "," + row.worker + "," +
                  number_text(row.report) + "\n";
    table.rows.push_back(std::move(row));
  }
  return table;
}

void expect_equal_streams(const Table& table, const std::vector<std::string>& paths,
                          const Order& order, std::uint64_t seed) {
  const auto all = stream(paths, {.order = order});
  ASSERT_TRUE(all.ok()) << all.error().message();
  const OracleStream expected = oracle_stream(table.rows, order);
  EXPECT_EQ(all->slots, expected.slots) << "seed " << seed << ", order " << text_of(order);
  EXPECT_EQ(all->summary.duplicates, expected.duplicates.size());
  EXPECT_EQ(all->summary.kept + all->summary.duplicates, table.rows.size());
  EXPECT_EQ(all->summary.rows, table.rows.size());
  EXPECT_EQ(all->summary.slots, expected.slots.size());
  const std::size_t listed = std::min<std::size_t>(100, expected.duplicates.size());
  ASSERT_EQ(all->summary.first_duplicates.size(), listed);
  for (std::size_t i = 0; i < listed; ++i) {
    const OracleRow& row = table.rows[expected.duplicates[i]];
    const Duplicate& found = all->summary.first_duplicates[i];
    EXPECT_EQ(found.row, expected.duplicates[i] + 2);
    EXPECT_FALSE(row.slot.empty());
  }
}

TEST(SlotStream, EqualsTheOracleOnRandomTables) {
  const TestFolder folder;
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    RandomStream random(seed, 10);
    const Table table =
        random_table(seed, 1 + random.below(400), 1 + random.below(40), 1 + random.below(30));
    const std::vector<std::string> paths{
        folder.write("t", seed % 2 == 0 ? table.text : gzipped(table.text))};
    for (const Order& order :
         {Order{}, Order{Order::Mode::time, 0}, Order{Order::Mode::shuffle, seed}})
      expect_equal_streams(table, paths, order, seed);
  }
}

TEST(SlotStream, EqualsTheOracleOnLongSlots) {
  const TestFolder folder;
  const Table table = random_table(7, 6000, 3, 1500);
  const std::vector<std::string> paths{folder.write("t.csv", table.text)};
  for (const Order& order : {Order{}, Order{Order::Mode::time, 0}, Order{Order::Mode::shuffle, 3}})
    expect_equal_streams(table, paths, order, 7);
}

// Real tables, where they are at hand: counts that their descriptions state.
TEST(SlotStream, RealTablesHaveTheStatedCounts) {
  const char* folder = std::getenv("CANDOR_DATA");
  const std::string root = folder != nullptr ? folder : "../shared/data";
  if (!std::filesystem::exists(root + "/fact_eval/labels.csv.gz"))
    GTEST_SKIP() << "no real data at " << root << " (set CANDOR_DATA)";
  const auto facts = stream({root + "/fact_eval/labels.csv.gz"}, {});
  ASSERT_TRUE(facts.ok()) << facts.error().message();
  EXPECT_EQ(facts->summary.rows, 216'725U);
  EXPECT_EQ(facts->summary.duplicates, 1'810U);
  EXPECT_EQ(facts->summary.slots, 42'624U);
  const auto votes = stream({root + "/mt_bench_human/pairwise.csv.gz"}, {});
  ASSERT_TRUE(votes.ok()) << votes.error().message();
  EXPECT_EQ(votes->summary.rows, 3'355U);
  EXPECT_EQ(votes->summary.duplicates, 1U);
  EXPECT_EQ(votes->summary.slots, 1'814U);
}

}  // namespace
}  // namespace candor::dataset
