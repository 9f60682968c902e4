#include "candor/pooling/simple_pools.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <vector>

#include "candor/base/random.h"
#include "candor/scoring/probability.h"

namespace candor::pooling {
namespace {

using Row = std::vector<double>;

struct Slot {
  std::size_t answers = 2;
  std::vector<WorkerId> worker;
  Row report;
  Row share;

  [[nodiscard]] SlotView view() const { return {answers, worker, report, share}; }
};

Slot slot_of(std::vector<Row> reports, Row share = {}) {
  Slot slot;
  slot.answers = reports.front().size();
  for (std::size_t j = 0; j < reports.size(); ++j) {
    slot.worker.push_back({static_cast<std::uint32_t>(j)});
    slot.report.insert(slot.report.end(), reports[j].begin(), reports[j].end());
  }
  slot.share = share.empty() ? Row(reports.size(), 1.0 / static_cast<double>(reports.size()))
                             : std::move(share);
  return slot;
}

// Two answers, by the probability of the first.
Slot slot_of(const Row& p, Row share = {}) {
  std::vector<Row> reports;
  for (const double value : p) reports.push_back({value, 1 - value});
  return slot_of(std::move(reports), std::move(share));
}

Row label_of(SimplePool::Function pool, const Slot& slot) {
  Row label(slot.answers);
  pool(slot.view(), label);
  return label;
}

Row random_row(RandomStream& random, std::size_t n) {
  Row row(n);
  for (double& value : row) value = random.uniform() < .2 ? 0.0 : random.uniform();
  row[random.below(n)] += .1;
  const double total = std::accumulate(row.begin(), row.end(), 0.0);
  for (double& value : row) value /= total;
  return row;
}

Slot random_slot(RandomStream& random, std::size_t workers, std::size_t answers) {
  std::vector<Row> reports(workers);
  for (Row& row : reports) row = random_row(random, answers);
  return slot_of(std::move(reports), random_row(random, workers));
}

Slot shuffled(const Slot& slot, RandomStream& random) {
  Slot other{slot.answers, {}, {}, {}};
  for (const std::uint32_t j : shuffled_order(slot.worker.size(), random)) {
    const auto row = slot.view().row(j);
    other.worker.push_back(slot.worker[j]);
    other.report.insert(other.report.end(), row.begin(), row.end());
    other.share.push_back(slot.share[j]);
  }
  return other;
}

TEST(LinearPool, MatchesHandWorkedShares) {
  EXPECT_NEAR(label_of(linear_pool, slot_of(Row{.8, .4}, {.75, .25}))[0], .7, 1e-15);
}

TEST(LogPool, MatchesHandWorkedOdds) {
  EXPECT_NEAR(label_of(log_pool, slot_of(Row{.8, .5}, {.5, .5}))[0], 2.0 / 3.0, 1e-15);
}

TEST(LogPool, LetsNoCertainReportVetoAnAnswer) {
  EXPECT_NEAR(label_of(log_pool, slot_of(Row{1.0}))[0], .999, 1e-15);
  const Row three = label_of(log_pool, slot_of(std::vector<Row>{{0, 1, 0}}));
  EXPECT_NEAR(three[1], .999 / 1.001, 1e-15);
  EXPECT_NEAR(three[0], .001 / 1.001, 1e-15);
}

TEST(AveragePool, MatchesHandWorkedMean) {
  EXPECT_NEAR(label_of(average_pool, slot_of(Row{1, .2, .2}))[0], 7.0 / 15.0, 1e-15);
}

TEST(MedianPool, MatchesHandWorkedMedians) {
  EXPECT_NEAR(label_of(median_pool, slot_of(Row{1, .2, .2}))[0], .2, 1e-15);
  EXPECT_NEAR(label_of(median_pool, slot_of(Row{.9, .1, .6, .3}))[0], .45,
              1e-15);  // even: midpoint
  const Row three = label_of(median_pool, slot_of({{.6, .3, .1}, {.2, .7, .1}, {.4, .1, .5}}));
  EXPECT_NEAR(three[0], .4 / .8, 1e-15);  // medians .4, .3, .1
  EXPECT_NEAR(three[1], .3 / .8, 1e-15);
  EXPECT_NEAR(three[2], .1 / .8, 1e-15);
}

TEST(MedianPool, IsUniformWhereAllMediansAreZero) {
  EXPECT_EQ(label_of(median_pool, slot_of({{1, 0, 0}, {0, 1, 0}, {0, 0, 1}})), Row(3, 1.0 / 3.0));
}

TEST(TrimmedPool, MatchesHandWorkedTrimming) {
  EXPECT_NEAR(label_of(trimmed_pool, slot_of(Row{0, .4, .5, .6, 1}))[0], .5, 1e-15);
  EXPECT_NEAR(label_of(trimmed_pool, slot_of(Row{0, .4, .5, .6}))[0], .375,
              1e-15);  // too few: mean
  EXPECT_NEAR(label_of(trimmed_pool, slot_of(Row{0, 0, .1, .2, .3, .4, .5, .6, 1, 1}))[0], .35,
              1e-15);  // two at each end
}

TEST(TrimmedPool, IsUniformWhereNothingIsLeft) {
  const std::vector<Row> one_each{
      {1, 0, 0, 0, 0}, {0, 1, 0, 0, 0}, {0, 0, 1, 0, 0}, {0, 0, 0, 1, 0}, {0, 0, 0, 0, 1}};
  EXPECT_EQ(label_of(trimmed_pool, slot_of(one_each)), Row(5, .2));
}

TEST(MajorityPool, MatchesHandWorkedVotes) {
  EXPECT_EQ(label_of(majority_pool, slot_of(Row{.9, .6, .1})), (Row{1, 0}));
  EXPECT_EQ(label_of(majority_pool, slot_of(Row{.9, .1})), (Row{.5, .5}));
  EXPECT_EQ(label_of(majority_pool, slot_of(Row{.5, .1})), (Row{0, 1}));  // .5 votes against 1.5
}

TEST(MajorityPool, SplitsItsMassOverTiedAnswersOnly) {
  const Slot slot = slot_of({{.5, .3, .2}, {.1, .8, .1}, {.6, .4, 0}, {0, 1, 0}, {0, 0, 1}});
  EXPECT_EQ(label_of(majority_pool, slot), (Row{.5, .5, 0}));
}

const std::vector<std::pair<std::string, SimplePool::Function>> every_pool{
    {"linear", linear_pool}, {"log", log_pool},         {"average", average_pool},
    {"median", median_pool}, {"trimmed", trimmed_pool}, {"majority", majority_pool}};

TEST(SimplePools, GiveProbabilityRows) {
  RandomStream random(1);
  for (const auto& [name, pool] : every_pool) {
    for (int trial = 0; trial < 500; ++trial) {
      const Slot slot = random_slot(random, 1 + random.below(12), 2 + random.below(4));
      const Status checked = scoring::check_probabilities(label_of(pool, slot), name);
      ASSERT_TRUE(checked.ok()) << checked.error().message();
    }
  }
}

TEST(SimplePools, DoNotMindTheOrderOfWorkers) {
  RandomStream random(2);
  for (const auto& [name, pool] : every_pool) {
    const bool exact = name == "median" || name == "trimmed";
    for (int trial = 0; trial < 200; ++trial) {
      const Slot slot = random_slot(random, 1 + random.below(12), 2 + random.below(4));
      const Row one = label_of(pool, slot);
      const Row other = label_of(pool, shuffled(slot, random));
      for (std::size_t k = 0; k < one.size(); ++k)
        ASSERT_NEAR(one[k], other[k], exact ? 0.0 : 1e-14) << name;
    }
  }
}

TEST(SimplePools, GiveASingleWorkersReportBack) {
  RandomStream random(3);
  for (const auto& [name, pool] : every_pool) {
    if (name == "majority") continue;
    for (int trial = 0; trial < 100; ++trial) {
      std::vector<Row> reports{random_row(random, 3)};
      for (double& value : reports[0]) value = .01 + .97 * value;  // inside the log pool's floor
      const Slot slot = slot_of(reports);
      const Row label = label_of(pool, slot);
      for (std::size_t k = 0; k < 3; ++k) ASSERT_NEAR(label[k], reports[0][k], 1e-14) << name;
    }
  }
}

TEST(SimplePools, KeepAgreementAsItIs) {
  for (const auto& [name, pool] : every_pool) {
    const Row label = label_of(pool, slot_of(Row(7, .7)));
    EXPECT_NEAR(label[0], name == "majority" ? 1.0 : .7, 1e-14) << name;
  }
}

TEST(SimplePool, CarriesItsNameAndFunction) {
  SimplePool pool("average", average_pool);
  Row label(2);
  pool.pool(slot_of(Row{1, 0}).view(), label);
  EXPECT_EQ(label, (Row{.5, .5}));
  EXPECT_EQ(pool.names(), std::vector<std::string>{"average"});
}

}  // namespace
}  // namespace candor::pooling
