#include "candor/baseline/glad.h"

#include <gtest/gtest.h>

#include <numbers>
#include <numeric>

#include "baseline/dawid_skene_oracle.h"

namespace candor::baseline {
namespace {

TEST(Glad, HeaderExample) {
  const DenseCrowd crowd{2, 1, {{{0, 1}}}, {}};
  const auto result = glad(crowd.table(), {.iterations = 1}).value();
  const double right = 1 / (1 + std::exp(-std::numbers::e));
  EXPECT_NEAR(result.posterior[0], 1 - right, 1e-12);
  EXPECT_NEAR(result.posterior[1], right, 1e-12);
  EXPECT_NEAR(result.objective[0], std::log(.5) - std::log(2 * std::numbers::pi), 1e-12);
}

// The log posterior density of all alpha and b, straight from the model; parameters: alpha, then b.
double objective(const DenseCrowd& crowd, const Row& parameters) {
  double total = 0.0;
  for (const double p : parameters)
    total -= (p - 1) * (p - 1) / 2 + std::log(2 * std::numbers::pi) / 2;
  const double k = static_cast<double>(crowd.answers);
  for (std::size_t s = 0; s < crowd.reports.size(); ++s) {
    double likelihood = 0.0;
    for (std::size_t a = 0; a < crowd.answers; ++a) {
      double product = 1.0 / k;
      for (std::size_t w = 0; w < crowd.workers; ++w) {
        const double x = parameters[w] * std::exp(parameters[crowd.workers + s]);
        const double sigma = 1 / (1 + std::exp(-x));
        for (std::size_t b = 0; b < crowd.reports[s][w].size(); ++b)
          product *= std::pow(a == b ? sigma : (1 - sigma) / (k - 1), crowd.reports[s][w][b]);
      }
      likelihood += product;
    }
    total += std::log(likelihood);
  }
  return total;
}

// One variable at a time, step lengths shrinking: slow, needs no derivative.
Row pattern_search(const DenseCrowd& crowd) {
  Row x(crowd.workers + crowd.reports.size(), 1.0);
  double best = objective(crowd, x);
  for (double step = 0.25; step > 1e-6;) {
    bool better = false;
    for (double& variable : x)
      for (const double move : {step, -step}) {
        variable += move;
        const double value = objective(crowd, x);
        if (value > best) {
          best = value;
          better = true;
          break;
        }
        variable -= move;
      }
    if (!better) step *= 0.5;
  }
  return x;
}

Row parameters_of(const GladResult& result) {
  Row all = result.ability;
  for (const double ease : result.ease) all.push_back(std::log(ease));
  return all;
}

// Three workers, six slots: EM ends where a direct search of the objective ends.
TEST(Glad, EndsAtTheMaximumADirectSearchFinds) {
  const auto row = [](std::size_t label) { return label_row(2, label); };
  const DenseCrowd labels{2,
                          3,
                          {{row(0), row(0), row(1)},
                           {row(1), row(1), row(1)},
                           {row(1), row(1), row(0)},
                           {row(0), row(1), row(1)},
                           {row(0), row(0), row(0)},
                           {row(1), row(1), row(0)}},
                          {}};
  DenseCrowd soft = labels;
  soft.reports[0][0] = {.8, .2};
  soft.reports[3][2] = {.3, .7};
  soft.reports[5][1].clear();
  for (const DenseCrowd& crowd : {labels, soft}) {
    const auto result = glad(crowd.table(), {.iterations = 5000, .tolerance = 0.0}).value();
    const Row found = parameters_of(result);
    const Row searched = pattern_search(crowd);
    EXPECT_NEAR(objective(crowd, found), objective(crowd, searched), 1e-9);
    for (std::size_t i = 0; i < found.size(); ++i) EXPECT_NEAR(found[i], searched[i], 1e-4) << i;
  }
}

TEST(Glad, ObjectiveNeverFallsAndIsTheModels) {
  for (std::uint64_t seed = 0; seed < 12; ++seed) {
    const DenseCrowd crowd =
        random_crowd({.answers = 2 + seed % 3, .slots = 40, .soft = 0.3, .seed = seed});
    const auto result = glad(crowd.table(), {.iterations = 30, .tolerance = 0.0}).value();
    EXPECT_NEAR(result.objective[0], objective(crowd, Row(crowd.workers + 40, 1.0)), 1e-9);
    EXPECT_GT(result.objective.back(), result.objective.front());
    for (std::size_t i = 1; i < result.objective.size(); ++i)
      ASSERT_GE(result.objective[i], result.objective[i - 1] - 1e-9) << seed << " " << i;
  }
}

TEST(Glad, RanksWorkersAndSlots) {
  RandomStream random(3);
  DenseCrowd crowd{2, 7, {}, {}};  // worker 6 is always wrong; the last 300 slots are guesses
  for (std::size_t s = 0; s < 600; ++s) {
    const std::size_t y = random.below(2);
    crowd.truth.push_back(y);
    auto& slot = crowd.reports.emplace_back();
    for (std::size_t w = 0; w < 6; ++w)
      slot.push_back(label_row(2, random.bernoulli(s < 300 ? .95 : .6) ? y : 1 - y));
    slot.push_back(label_row(2, 1 - y));
  }
  const auto result = glad(crowd.table()).value();
  for (std::size_t w = 0; w < 6; ++w) EXPECT_GT(result.ability[w], result.ability[6]);
  EXPECT_LT(result.ability[6], 0.0);
  const auto middle = result.ease.begin() + 300;
  EXPECT_GT(std::accumulate(result.ease.begin(), middle, 0.0),
            1.3 * std::accumulate(middle, result.ease.end(), 0.0));
}

TEST(Glad, SameBitsForAnyNumberOfThreads) {
  const auto table =
      random_crowd(
          {.answers = 3, .workers = 300, .slots = 4200, .present = 0.01, .soft = 0.2, .seed = 5})
          .table();
  const auto one = glad(table, {.iterations = 2, .threads = 1}).value();
  const auto four = glad(table, {.iterations = 2, .threads = 4}).value();
  EXPECT_EQ(one.posterior, four.posterior);
  EXPECT_EQ(one.ability, four.ability);
  EXPECT_EQ(one.ease, four.ease);
}

TEST(Glad, EmptyTableAndMissingReports) {
  EXPECT_TRUE(glad(ReportTable(2)).value().posterior.empty());
  ReportTable table(4);
  table.reserve_workers(2);
  table.add_slot({}, {});
  table.add_labels(std::vector{WorkerId{0}}, std::vector<std::uint32_t>{2});
  const auto result = glad(table).value();
  for (std::size_t a = 0; a < 4; ++a) EXPECT_NEAR(result.posterior[a], 0.25, 1e-15);
  EXPECT_GT(result.posterior[6], 0.9);
  EXPECT_EQ(result.ability[1], 1.0);
  EXPECT_NEAR(result.ease[0], std::numbers::e, 1e-15);
}

TEST(Glad, ATieStaysATie) {
  const DenseCrowd crowd{2, 2, {{{1, 0}, {0, 1}}, {{0, 1}, {1, 0}}}, {}};
  const auto result = glad(crowd.table()).value();
  for (const double p : result.posterior) EXPECT_NEAR(p, 0.5, 1e-12);
}

TEST(Glad, RefusesSenselessOptions) {
  const ReportTable table(2);
  EXPECT_EQ(glad(table, {.iterations = 0}).error().field, "iterations");
  EXPECT_EQ(glad(table, {.turns = 0}).error().field, "turns");
  EXPECT_EQ(glad(table, {.tolerance = -1.0}).error().field, "tolerance");
}

}  // namespace
}  // namespace candor::baseline
