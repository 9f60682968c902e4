#include "candor/pooling/hedged_pool.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "candor/base/random.h"
#include "candor/learning/exponential_weights.h"
#include "candor/pooling/bayes_pool.h"
#include "candor/pooling/rule_pool.h"
#include "candor/pooling/simple_pools.h"
#include "candor/scoring/loss_rule.h"
#include "candor/scoring/probability.h"

namespace candor::pooling {
namespace {

using Row = std::vector<double>;

// Hedges over average, majority, exponential weights and Bayes (three temperatures).
struct Hedge {
  std::vector<WorkerId> worker;
  RulePool* exponential = nullptr;
  std::unique_ptr<HedgedPool> pool;
  std::size_t answers;

  Hedge(std::size_t workers, std::size_t k) : worker(workers), answers(k) {
    for (std::size_t j = 0; j < workers; ++j) worker[j].value = static_cast<std::uint32_t>(j);
    auto rule_pool =
        std::make_unique<RulePool>(std::move(learning::ExponentialWeights::create()).value());
    exponential = rule_pool.get();
    std::vector<std::unique_ptr<LabelPool>> pools;
    pools.push_back(std::make_unique<SimplePool>("average", average_pool));
    pools.push_back(std::make_unique<SimplePool>("majority", majority_pool));
    pools.push_back(std::move(rule_pool));
    pools.push_back(std::make_unique<BayesPool>(k, BayesOptions{}));
    pool = std::make_unique<HedgedPool>(std::move(pools));
    pool->admit(worker, 1.0);
  }
  [[nodiscard]] Row labels(const Row& report) const {
    const Row share(worker.size(), 1.0 / static_cast<double>(worker.size()));
    Row label(pool->names().size() * answers);
    pool->pool({answers, worker, report, share}, label);
    return label;
  }
  void learn(const Row& report, const Row& label, const Row& outcome) const {
    const Row share(worker.size(), 1.0 / static_cast<double>(worker.size()));
    pool->learn({answers, worker, report, share}, label, outcome);
  }
};

Row certain(std::size_t answers, std::size_t k) {
  Row row(answers, 0.0);
  row[k] = 1.0;
  return row;
}

TEST(HedgedPool, NamesItselfFirstThenItsMembersInOrder) {
  const Hedge hedge(3, 2);
  EXPECT_EQ(hedge.pool->names(),
            (std::vector<std::string>{"hedged", "average", "majority", "exponential", "bayes",
                                      "bayes-0.5", "bayes-0.25"}));
  EXPECT_EQ(hedge.pool->member_weights().size(), 6U);
}

TEST(HedgedPool, PassesNewcomersOnToItsMembers) {
  const Hedge hedge(3, 2);
  EXPECT_EQ(hedge.exponential->rule().workers(), 3U);
  hedge.pool->admit(std::vector<WorkerId>{{3}}, .1);
  EXPECT_NEAR(hedge.exponential->rule().weights()[3], .1, 1e-15);
}

TEST(HedgedPool, MatchesHandWorkedFirstSlot) {
  std::vector<std::unique_ptr<LabelPool>> pools;
  pools.push_back(std::make_unique<SimplePool>("average", average_pool));
  pools.push_back(std::make_unique<SimplePool>("median", median_pool));
  HedgedPool pool(std::move(pools));
  const std::vector<WorkerId> worker{{0}, {1}, {2}};
  const Row report{1, 0, .2, .8, .2, .8};
  const Row share(3, 1.0 / 3.0);
  const SlotView slot{2, worker, report, share};
  Row label(6);
  pool.pool(slot, label);
  EXPECT_NEAR(label[2], 7.0 / 15.0, 1e-15);
  EXPECT_NEAR(label[4], .2, 1e-15);
  const auto general = [](double first, double second) {  // the generalised loss
    return -.5 * std::log(.5 * std::exp(-2 * first) + .5 * std::exp(-2 * second));
  };
  const double at_a = general(64.0 / 225.0, .64);
  const double at_b = general(49.0 / 225.0, .04);
  EXPECT_NEAR(label[0], .5 * (1 + at_b - at_a), 1e-14);
  pool.learn(slot, label, Row{0, 1});  // losses .2178 and .04
  EXPECT_NEAR(pool.member_weights()[1] / pool.member_weights()[0],
              std::exp(2 * (49.0 / 225.0 - .04)), 1e-13);
}

// Plays a crowd, keeps the total loss of every label, and checks the bound after each slot.
struct Totals {
  Row lost;

  void add(const Row& label, const Row& outcome) {
    const std::size_t answers = outcome.size();
    lost.resize(label.size() / answers, 0.0);
    for (std::size_t l = 0; l < lost.size(); ++l)
      lost[l] += scoring::quadratic_loss(std::span(label).subspan(l * answers, answers), outcome);
    const double best = *std::min_element(lost.begin() + 1, lost.end());
    ASSERT_LE(lost[0], best + mixing_cost(lost.size() - 1) + 1e-9);
  }
  // The outcome after which "hedged" is furthest behind the member that leads.
  [[nodiscard]] Row worst_outcome(const Row& label, std::size_t answers) const {
    const std::size_t leader =
        lost.empty() ? 1
                     : static_cast<std::size_t>(std::min_element(lost.begin() + 1, lost.end()) -
                                                lost.begin());
    Row worst = certain(answers, 0);
    double widest = -2.0;
    for (std::size_t k = 0; k < answers; ++k) {
      const Row outcome = certain(answers, k);
      const double gap =
          scoring::quadratic_loss(std::span(label).first(answers), outcome) -
          scoring::quadratic_loss(std::span(label).subspan(leader * answers, answers), outcome);
      if (gap > widest) worst = outcome;
      widest = std::max(widest, gap);
    }
    return worst;
  }
};

Row random_reports(RandomStream& random, std::size_t workers, std::size_t answers) {
  Row report;
  for (std::size_t j = 0; j < workers; ++j) {
    Row row(answers);
    if (random.bernoulli(.4)) {
      row = certain(answers, random.below(answers));
    } else {
      for (double& value : row) value = random.uniform();
      const double total = std::accumulate(row.begin(), row.end(), 0.0);
      for (double& value : row) value /= total;
    }
    report.insert(report.end(), row.begin(), row.end());
  }
  return report;
}

TEST(HedgedPool, IsNeverFurtherBehindAMemberThanTheMixingCost) {
  for (const std::size_t answers : {2U, 3U}) {
    for (const bool hostile : {false, true}) {
      RandomStream random(1, answers);
      const Hedge hedge(5, answers);
      Totals totals;
      for (int slot = 0; slot < 400; ++slot) {
        const Row report = random_reports(random, 5, answers);
        const Row label = hedge.labels(report);
        for (std::size_t l = 0; l < label.size(); l += answers)
          ASSERT_TRUE(
              scoring::check_probabilities(std::span(label).subspan(l, answers), "label").ok());
        const Row outcome = hostile ? totals.worst_outcome(label, answers)
                                    : certain(answers, random.below(answers));
        totals.add(label, outcome);
        hedge.learn(report, label, outcome);
      }
    }
  }
}

TEST(HedgedPool, FindsThePoolThatSuitsTheCrowd) {
  RandomStream random(2);
  const Hedge hedge(5, 2);
  Totals totals;
  for (int slot = 0; slot < 300; ++slot) {  // worker 0 is always wrong, the rest guess
    const std::size_t truth = random.below(2);
    Row report = random_reports(random, 5, 2);
    report[0] = truth == 0 ? 0.0 : 1.0;
    report[1] = 1 - report[0];
    const Row label = hedge.labels(report);
    totals.add(label, certain(2, truth));
    hedge.learn(report, label, certain(2, truth));
  }
  const Row weight = hedge.pool->member_weights();
  EXPECT_GT(weight[3], .99);  // bayes
  EXPECT_LT(totals.lost[0], .2 * totals.lost[1]);
}

TEST(HedgedPool, LearnsLateOutcomesFromTheLabelsOfThatTime) {
  const Hedge hedge(2, 2);
  const Row report{1, 0, .6, .4};
  const Row old_labels = hedge.labels(report);
  for (int slot = 0; slot < 5; ++slot) hedge.learn(report, hedge.labels(report), Row{1, 0});
  const Row before = hedge.pool->member_weights();
  hedge.learn(report, old_labels, Row{0, 1});
  const Row after = hedge.pool->member_weights();
  const double gap = scoring::quadratic_loss(std::span(old_labels).subspan(2, 2), Row{0, 1}) -
                     scoring::quadratic_loss(std::span(old_labels).subspan(4, 2), Row{0, 1});
  EXPECT_NEAR(after[1] / after[0], before[1] / before[0] * std::exp(2 * gap), 1e-9);
}

}  // namespace
}  // namespace candor::pooling
