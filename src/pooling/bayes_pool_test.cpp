#include "candor/pooling/bayes_pool.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <vector>

#include "candor/base/random.h"
#include "candor/scoring/probability.h"
#include "pooling/bayes_oracle.h"

namespace candor::pooling {
namespace {

using Row = std::vector<double>;
using Reports = std::vector<BayesOracle::Report>;
using Tables = BayesOptions::Tables;

// A slot's reports as the pool wants them.
struct Slot {
  std::size_t answers;
  std::vector<WorkerId> worker;
  Row report;
  Row share;

  Slot(std::size_t k, const Reports& reports) : answers(k) {
    for (const auto& [id, row] : reports) {
      worker.push_back({static_cast<std::uint32_t>(id)});
      report.insert(report.end(), row.begin(), row.end());
      share.push_back(1.0 / static_cast<double>(reports.size()));
    }
  }
  [[nodiscard]] SlotView view() const { return {answers, worker, report, share}; }
};

BayesOptions only_tau_one(Tables tables = Tables::own_prior, std::size_t ties = 0) {
  BayesOptions options;
  options.tables = tables;
  options.ties = ties;
  options.temperatures = {1.0};
  return options;
}

// Pools, then learns at once.
Row play(BayesPool& pool, const Reports& reports, const Row& outcome) {
  const Slot slot(outcome.size(), reports);
  Row label(outcome.size() * pool.names().size());
  pool.pool(slot.view(), label);
  pool.learn(slot.view(), label, outcome);
  return label;
}

Row label_of(BayesPool& pool, std::size_t answers, const Reports& reports) {
  Row label(answers * pool.names().size());
  pool.pool(Slot(answers, reports).view(), label);
  return label;
}

Row certain(std::size_t answers, std::size_t k) {
  Row row(answers, 0.0);
  row[k] = 1.0;
  return row;
}

TEST(BayesPool, MatchesHandWorkedTwoSlots) {
  BayesPool pool(2, only_tau_one());
  // P(says A | A) = 2/3, P(says A | B) = 1/3, prior 1 : 1.
  EXPECT_NEAR(play(pool, {{0, {1, 0}}}, {1, 0})[0], 2.0 / 3.0, 1e-15);
  // Now P(says A | A) = 3/4, P(says A | B) = 1/3, prior 2 : 1, so 3/2 : 1/3.
  EXPECT_NEAR(label_of(pool, 2, {{0, {1, 0}}})[0], 9.0 / 11.0, 1e-15);
  const Row table = pool.table_of({0});
  EXPECT_NEAR(table[0], .75, 1e-15);
  EXPECT_NEAR(table[2], 1.0 / 3.0, 1e-15);
}

TEST(BayesPool, TemperaturesScaleTheEvidence) {
  BayesPool pool(2, {});
  EXPECT_EQ(pool.names(), (std::vector<std::string>{"bayes", "bayes-0.5", "bayes-0.25"}));
  const Row label = label_of(pool, 2, {{0, {1, 0}}});
  EXPECT_NEAR(label[0], 2.0 / 3.0, 1e-15);
  EXPECT_NEAR(label[2] / label[3], std::sqrt(2.0), 1e-14);
  EXPECT_NEAR(label[4] / label[5], std::pow(2.0, .25), 1e-14);
}

TEST(BayesPool, TurnsRoundAWorkerWhoIsAlwaysWrong) {
  BayesPool pool(2, only_tau_one());
  for (std::size_t slot = 0; slot < 50; ++slot)
    play(pool, {{0, certain(2, slot % 2)}}, certain(2, 1 - slot % 2));
  EXPECT_LT(label_of(pool, 2, {{0, {1, 0}}})[0], .1);
  EXPECT_GT(label_of(pool, 2, {{0, {0, 1}}})[0], .9);
}

TEST(BayesPool, LearnsWhatATieMeans) {
  BayesPool ties_apart(2, only_tau_one(Tables::own_prior, 1));
  BayesPool ties_split(2, only_tau_one());
  for (BayesPool* pool : {&ties_apart, &ties_split}) {
    for (std::size_t slot = 0; slot < 60; ++slot) {
      // The worker says "even" where it is even, and is otherwise right.
      const Row outcome = slot % 3 == 2 ? Row{.5, .5} : certain(2, slot % 3);
      play(*pool, {{0, outcome}, {1, outcome}}, outcome);
    }
  }
  const Reports even{{0, {.5, .5}}, {1, {.5, .5}}};
  const Reports torn{{0, {1, 0}}, {1, {.5, .5}}};
  EXPECT_NEAR(label_of(ties_apart, 2, even)[0], .5, 1e-3);
  EXPECT_NEAR(label_of(ties_split, 2, even)[0], .5, 1e-12);
  // A certain report beside a tie: either a half or A; told apart, it stays in between.
  EXPECT_NEAR(label_of(ties_apart, 2, torn)[0], .75, .02);
  EXPECT_GT(label_of(ties_split, 2, torn)[0], .8);
}

Row random_row(RandomStream& random, std::size_t answers) {
  const std::uint64_t kind = random.below(4);
  if (kind < 2) return certain(answers, random.below(answers));
  if (kind == 2) {  // a tie of two
    Row row(answers, 0.0);
    const std::size_t first = random.below(answers);
    row[first] = row[(first + 1) % answers] = .5;
    return row;
  }
  Row row(answers);
  for (double& value : row) value = random.uniform();
  const double total = std::accumulate(row.begin(), row.end(), 0.0);
  for (double& value : row) value /= total;
  return row;
}

// Random slots; outcomes come late and out of order, some never.
void compare_with_oracle(std::size_t answers, const BayesOptions& options, std::uint64_t seed) {
  RandomStream random(seed, answers);
  BayesPool pool(answers, options);
  BayesOracle oracle(answers, options);
  std::vector<Reports> open;
  for (int step = 0; step < 24; ++step) {
    Reports reports;
    for (std::size_t worker = 0; worker < 4; ++worker)
      if (random.bernoulli(.6)) reports.push_back({worker, random_row(random, answers)});
    if (reports.empty()) continue;
    const Row got = label_of(pool, answers, reports);
    const Row want = oracle.pool(reports, options.temperatures.front());
    for (std::size_t k = 0; k < answers; ++k)
      ASSERT_NEAR(got[k], want[k], 1e-12) << options.name << " step " << step;
    ASSERT_TRUE(scoring::check_probabilities(std::span(got).first(answers), "label").ok());
    open.push_back(std::move(reports));
    if (open.size() < 3) continue;
    std::swap(open[random.below(open.size())], open.back());
    const Row outcome = random_row(random, answers);
    pool.learn(Slot(answers, open.back()).view(), {}, outcome);
    oracle.learn(open.back(), outcome);
    open.pop_back();
  }
}

TEST(BayesPool, EqualsASlowOracleInEveryMode) {
  for (const Tables tables : {Tables::own_prior, Tables::shrunk, Tables::crowd}) {
    for (const std::size_t ties : {0U, 1U, 2U}) {
      for (const std::size_t answers : {2U, 3U}) {
        for (const double tau : {1.0, .25}) {
          BayesOptions options = only_tau_one(tables, ties);
          options.temperatures = {tau, .5};
          compare_with_oracle(answers, options, 7 * ties + static_cast<std::size_t>(tables));
        }
      }
    }
  }
}

TEST(BayesPool, DoesNotMindTheOrderInWhichOutcomesCome) {
  for (const Tables tables : {Tables::own_prior, Tables::crowd}) {
    RandomStream random(9);
    std::vector<Reports> slots;
    std::vector<Row> outcomes;
    for (int slot = 0; slot < 40; ++slot) {
      slots.push_back({{0, certain(3, random.below(3))}, {1, certain(3, random.below(3))}});
      outcomes.push_back(certain(3, random.below(3)));
    }
    BayesPool in_order(3, only_tau_one(tables));
    BayesPool shuffled(3, only_tau_one(tables));
    for (std::size_t t = 0; t < 40; ++t) in_order.learn(Slot(3, slots[t]).view(), {}, outcomes[t]);
    for (const std::uint32_t t : shuffled_order(40, random))
      shuffled.learn(Slot(3, slots[t]).view(), {}, outcomes[t]);
    EXPECT_EQ(in_order.table_of({0}), shuffled.table_of({0}));
    EXPECT_EQ(label_of(in_order, 3, slots[0]), label_of(shuffled, 3, slots[0]));
  }
}

TEST(BayesPool, GivesNewcomersTheCrowdsTableWhereItShrinks) {
  BayesPool shrunk(2, only_tau_one(Tables::shrunk));
  BayesPool own(2, only_tau_one());
  for (BayesPool* pool : {&shrunk, &own})
    for (std::size_t slot = 0; slot < 200; ++slot)
      play(*pool, {{0, certain(2, slot % 2)}, {1, certain(2, slot % 2)}}, certain(2, slot % 2));
  EXPECT_GT(shrunk.table_of({7})[0], .98);  // the crowd is always right
  EXPECT_NEAR(own.table_of({7})[0], 2.0 / 3.0, 1e-15);
  EXPECT_GT(label_of(shrunk, 2, {{7, {1, 0}}})[0], .98);
  EXPECT_NEAR(label_of(own, 2, {{7, {1, 0}}})[0], 2.0 / 3.0, 1e-12);
}

TEST(BayesPool, TablesAreProbabilityRows) {
  BayesPool pool(3, only_tau_one(Tables::own_prior, 1));
  RandomStream random(10);
  for (int slot = 0; slot < 50; ++slot)
    play(pool, {{0, random_row(random, 3)}}, random_row(random, 3));
  const Row table = pool.table_of({0});
  ASSERT_EQ(table.size(), 16U);
  for (std::size_t a = 0; a < 4; ++a)
    EXPECT_NEAR(std::accumulate(table.begin() + static_cast<std::ptrdiff_t>(4 * a),
                                table.begin() + static_cast<std::ptrdiff_t>(4 * a + 4), 0.0),
                1.0, 1e-14);
}

}  // namespace
}  // namespace candor::pooling
