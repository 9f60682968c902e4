#include "candor/baseline/report_table.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "candor/base/random.h"

namespace candor::baseline {
namespace {

template <class T>
std::vector<T> copy(std::span<const T> values) {
  return {values.begin(), values.end()};
}

std::vector<WorkerId> ids(std::initializer_list<std::uint32_t> values) {
  std::vector<WorkerId> result;
  for (const std::uint32_t value : values) result.push_back({value});
  return result;
}

TEST(ReportTable, HeaderExample) {
  ReportTable table(2);
  table.add_slot(ids({0, 3}), std::vector{1., 0., .4, .6});
  EXPECT_EQ(copy(table.slot(0).codes), (std::vector<std::uint32_t>{0, 2}));
  EXPECT_EQ(copy(table.palette_row(2)), (std::vector{.4, .6}));
  EXPECT_EQ(table.workers(), 4U);
  const WorkerReports view = by_worker(table);
  EXPECT_EQ(view.begin, (std::vector<std::uint64_t>{0, 1, 1, 1, 2}));
  EXPECT_EQ(view.slots, (std::vector<std::uint32_t>{0, 0}));
  EXPECT_EQ(view.codes, (std::vector<std::uint32_t>{0, 2}));
}

TEST(ReportTable, EqualRowsShareACode) {
  ReportTable table(3);
  table.add_slot(ids({0, 1}), std::vector{.2, .3, .5, 0., 1., 0.});
  EXPECT_FALSE(table.only_labels());
  table.add_slot(ids({2, 0}), std::vector{0., -0., 1., .2, .3, .5});
  EXPECT_EQ(copy(table.codes()), (std::vector<std::uint32_t>{3, 1, 2, 3}));
  EXPECT_EQ(table.palette_size(), 4U);
}

TEST(ReportTable, LabelsAndRowsGiveTheSameTable) {
  ReportTable rows(3);
  ReportTable labels(3);
  rows.add_slot(ids({4, 2}), std::vector{0., 0., 1., 1., 0., 0.});
  labels.add_labels(ids({4, 2}), std::vector<std::uint32_t>{2, 0});
  EXPECT_EQ(copy(rows.codes()), copy(labels.codes()));
  EXPECT_EQ(copy(rows.worker_ids()), copy(labels.worker_ids()));
  EXPECT_TRUE(rows.only_labels());
}

TEST(ReportTable, EmptyTableEmptySlotAndReservedWorkers) {
  ReportTable table(2);
  EXPECT_EQ(table.slots(), 0U);
  EXPECT_EQ(by_worker(table).begin, (std::vector<std::uint64_t>{0}));
  table.reserve_workers(3);
  table.add_slot({}, {});
  EXPECT_EQ(table.slots(), 1U);
  EXPECT_TRUE(table.slot(0).codes.empty());
  EXPECT_EQ(by_worker(table).begin, (std::vector<std::uint64_t>{0, 0, 0, 0}));
}

// Many distinct rows: every report reads back as it was given, through both views.
TEST(ReportTable, ReadsBackWhatWasAdded) {
  RandomStream random(7);
  ReportTable table(2);
  std::vector<std::vector<double>> given;
  for (std::size_t slot = 0; slot < 500; ++slot) {
    const auto order = shuffled_order(20, random);
    std::vector<WorkerId> workers;
    std::vector<double> rows;
    for (std::size_t i = 0; i < random.below(20); ++i) {
      const double p = std::floor(random.uniform() * 3000.0) / 2999.0;
      workers.push_back({order[i]});
      rows.insert(rows.end(), {p, 1.0 - p});
    }
    table.add_slot(workers, rows);
    given.push_back(rows);
  }
  EXPECT_LE(table.palette_size(), 3000U);
  for (std::size_t slot = 0; slot < 500; ++slot) {
    std::vector<double> read;
    for (const std::uint32_t code : table.slot(slot).codes)
      for (const double p : table.palette_row(code)) read.push_back(p);
    EXPECT_EQ(read, given[slot]);
  }
  const WorkerReports view = by_worker(table);
  for (std::size_t w = 0; w < table.workers(); ++w) {
    for (std::size_t i = view.begin[w]; i < view.begin[w + 1]; ++i) {
      if (i > view.begin[w]) {
        EXPECT_LT(view.slots[i - 1], view.slots[i]);
      }
      const SlotReports slot = table.slot(view.slots[i]);
      const auto at = std::ranges::find(slot.workers, WorkerId{static_cast<std::uint32_t>(w)});
      ASSERT_NE(at, slot.workers.end());
      EXPECT_EQ(slot.codes[static_cast<std::size_t>(at - slot.workers.begin())], view.codes[i]);
    }
  }
}

}  // namespace
}  // namespace candor::baseline
