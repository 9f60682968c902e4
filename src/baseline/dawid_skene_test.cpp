#include "candor/baseline/dawid_skene.h"

#include <gtest/gtest.h>

#include <limits>

#include "baseline/dawid_skene_oracle.h"

namespace candor::baseline {
namespace {

DawidSkeneResult run(const DenseCrowd& crowd, const DawidSkeneOptions& options) {
  auto result = dawid_skene(crowd.table(), options);
  EXPECT_TRUE(result.ok());
  return result.value();
}

TEST(DawidSkene, HeaderExample) {
  const DenseCrowd crowd{2, 2, {{{1, 0}, {1, 0}}, {{0, 1}, {.5, .5}}}, {}};
  const auto result = run(crowd, {.iterations = 1});
  const std::vector expected{1., 0., 1. / 6, 5. / 6};
  for (std::size_t i = 0; i < 4; ++i) EXPECT_NEAR(result.posterior[i], expected[i], 1e-9);
  ASSERT_EQ(result.objective.size(), 1U);
  EXPECT_NEAR(result.objective[0], std::log(.45) + std::log(.225), 1e-8);
  EXPECT_NEAR(result.prior[0], (1 + 1. / 6) / 2, 1e-9);
  // Worker 1's table after the last M-step: it gave answer 0 once, and half of it on slot 1.
  EXPECT_NEAR(result.confusion[4], (1 + 1. / 12) / (1 + 1. / 6), 1e-9);
}

void expect_oracle(const CrowdShape& shape, const DawidSkeneOptions& options) {
  const DenseCrowd crowd = random_crowd(shape);
  const auto fast = run(crowd, options);
  const OracleResult slow = DawidSkeneOracle(crowd, options).run();
  ASSERT_EQ(fast.iterations, options.iterations);
  const std::size_t k = shape.answers;
  for (std::size_t s = 0; s < shape.slots; ++s)
    for (std::size_t a = 0; a < k; ++a)
      ASSERT_NEAR(fast.posterior[s * k + a], slow.posterior[s][a], 1e-9);
  for (std::size_t w = 0; w < shape.workers; ++w)
    for (std::size_t a = 0; a < k; ++a)
      for (std::size_t b = 0; b < k; ++b)
        ASSERT_NEAR(fast.confusion[(w * k + a) * k + b], slow.rates[w][a][b], 1e-9);
  for (std::size_t a = 0; a < k; ++a) ASSERT_NEAR(fast.prior[a], slow.prior[a], 1e-9);
  for (std::size_t i = 0; i < options.iterations; ++i)
    ASSERT_NEAR(fast.objective[i], slow.objective[i], 1e-8);
}

TEST(DawidSkene, EqualsTheOracle) {
  std::uint64_t seed = 0;
  for (const auto model : {ConfusionModel::full, ConfusionModel::one_coin})
    for (const std::size_t answers : {2U, 3U, 5U})
      for (const double soft : {0.0, 0.5})
        for (const bool smooth : {false, true}) {
          SCOPED_TRACE(testing::Message() << "answers " << answers << " soft " << soft << " smooth "
                                          << smooth << " model " << static_cast<int>(model));
          DawidSkeneOptions options{.model = model, .iterations = 6, .tolerance = 0.0};
          if (smooth) options.smoothing = {.right = 2.0, .wrong = 1.0, .answer = 0.5};
          expect_oracle({.answers = answers, .soft = soft, .seed = ++seed}, options);
        }
}

TEST(DawidSkene, ObjectiveNeverFalls) {
  for (std::uint64_t seed = 0; seed < 20; ++seed)
    for (const auto model : {ConfusionModel::full, ConfusionModel::one_coin}) {
      const DenseCrowd crowd = random_crowd({.answers = 2 + seed % 3, .soft = 0.3, .seed = seed});
      DawidSkeneOptions options{.model = model, .iterations = 60, .tolerance = 0.0};
      if (seed % 2 == 1) options.smoothing = {.right = 2.0, .wrong = 1.0, .answer = 1.0};
      const auto result = run(crowd, options);
      ASSERT_GE(result.objective.size(), 2U);
      EXPECT_GT(result.objective.back(), result.objective.front());
      for (std::size_t i = 1; i < result.objective.size(); ++i)
        ASSERT_GE(result.objective[i], result.objective[i - 1] - 1e-8) << seed << " " << i;
    }
}

TEST(DawidSkene, StopsWhenTheGainIsSmall) {
  const DenseCrowd crowd = random_crowd({.slots = 200, .seed = 3});
  const double reports = static_cast<double>(crowd.table().reports());
  const auto result = run(crowd, {.tolerance = 1e-4});
  ASSERT_TRUE(result.converged);
  ASSERT_EQ(result.objective.size(), result.iterations);
  for (std::size_t i = 1; i < result.iterations; ++i) {
    const double gain = (result.objective[i] - result.objective[i - 1]) / reports;
    EXPECT_EQ(gain < 1e-4, i + 1 == result.iterations);
  }
  EXPECT_FALSE(run(crowd, {.iterations = 2, .tolerance = 0.0}).converged);
}

TEST(DawidSkene, SameBitsForAnyNumberOfThreads) {
  for (const std::size_t answers : {2U, 3U}) {
    const auto table = random_crowd({.answers = answers,
                                     .workers = 300,
                                     .slots = 4500,
                                     .present = 0.02,
                                     .soft = answers == 2 ? 0.0 : 0.2,
                                     .seed = 5})
                           .table();
    const auto one = dawid_skene(table, {.iterations = 5, .threads = 1}).value();
    const auto four = dawid_skene(table, {.iterations = 5, .threads = 4}).value();
    EXPECT_EQ(one.posterior, four.posterior);
    EXPECT_EQ(one.confusion, four.confusion);
    EXPECT_EQ(one.objective, four.objective);
  }
}

// A crowd in which most are right is recovered better than by counting votes.
TEST(DawidSkene, BeatsMajorityOnAnHonestCrowd) {
  const DenseCrowd crowd = random_crowd({.workers = 12, .slots = 2000, .seed = 11});
  const auto hits = [&](const std::vector<double>& y) {
    double right = 0.0;
    for (std::size_t s = 0; s < crowd.truth.size(); ++s) {
      const double p = y[s * 2 + crowd.truth[s]];
      right += p > 0.5 ? 1.0 : p == 0.5 ? 0.5 : 0.0;
    }
    return right;
  };
  std::vector<double> votes;
  for (const auto& slot : crowd.reports) {
    Row mean(2, 0.0);
    for (const Row& row : slot)
      for (std::size_t a = 0; a < row.size(); ++a) mean[a] += row[a];
    const double n = mean[0] + mean[1];
    for (const double m : mean) votes.push_back(n > 0.0 ? m / n : 0.5);
  }
  EXPECT_GT(hits(run(crowd, {}).posterior), hits(votes) + 50.0);
}

// Reports of one slot, labels given by worker.
std::vector<Row> labels(std::initializer_list<std::size_t> given) {
  std::vector<Row> slot;
  for (const std::size_t label : given) slot.push_back(label_row(2, label));
  return slot;
}

double loss_of(const DenseCrowd& crowd, const DawidSkeneResult& result) {
  double loss = 0.0;
  for (std::size_t s = 0; s < crowd.truth.size(); ++s) {
    const double miss = 1.0 - result.posterior[s * 2 + crowd.truth[s]];
    loss += miss * miss;
  }
  return loss / static_cast<double>(crowd.truth.size());
}

// Two workers who copy one coin agree with each other always: EM takes them for the experts.
TEST(DawidSkene, FollowsTwoCopiesOfACoinAgainstAPerfectWorker) {
  RandomStream random(1);
  DenseCrowd crowd{2, 3, {}, {}};
  for (std::size_t s = 0; s < 4000; ++s) {
    const std::size_t coin = random.below(2);
    crowd.truth.push_back(random.below(2));
    crowd.reports.push_back(labels({crowd.truth[s], coin, coin}));
  }
  const auto result = run(crowd, {.model = ConfusionModel::one_coin});
  EXPECT_NEAR(result.accuracy[0], 0.5, 0.03);
  EXPECT_GT(result.accuracy[1], 0.99);
  EXPECT_GT(result.accuracy[2], 0.99);
  EXPECT_NEAR(loss_of(crowd, result), 0.5, 0.03);  // a slot; the perfect worker loses 0
  EXPECT_NEAR(loss_of(crowd, run(crowd, {})), 0.5, 0.03);
}

TEST(DawidSkene, FollowsTwoLiarsAgainstAGoodWorker) {
  RandomStream random(2);
  DenseCrowd crowd{2, 3, {}, {}};
  for (std::size_t s = 0; s < 4000; ++s) {
    const std::size_t y = random.below(2);
    const auto with = [&](double right) { return random.bernoulli(right) ? y : 1 - y; };
    crowd.truth.push_back(y);
    crowd.reports.push_back(labels({with(.9), with(.05), with(.05)}));
  }
  const auto result = run(crowd, {.model = ConfusionModel::one_coin});
  EXPECT_NEAR(result.accuracy[0], 0.09, 0.03);
  EXPECT_NEAR(result.accuracy[1], 0.945, 0.02);
  EXPECT_GT(loss_of(crowd, result), 0.93);  // the good worker loses .10
}

TEST(DawidSkene, EmptyTable) {
  const auto result = dawid_skene(ReportTable(3)).value();
  EXPECT_TRUE(result.converged);
  EXPECT_EQ(result.iterations, 0U);
  EXPECT_TRUE(result.posterior.empty());
  EXPECT_EQ(result.prior, (std::vector(3, 1.0 / 3)));
}

TEST(DawidSkene, OneSlotKeepsItsUnanimousLabel) {
  const auto result = run({2, 2, {labels({1, 1})}, {}}, {});
  EXPECT_NEAR(result.posterior[1], 1.0, 1e-9);
}

// Two workers who disagree on everything, each saying each answer once: nothing tells them apart.
TEST(DawidSkene, ATieStaysATie) {
  const auto result = run({2, 2, {labels({0, 1}), labels({1, 0})}, {}}, {});
  EXPECT_EQ(result.posterior, (std::vector{.5, .5, .5, .5}));
}

TEST(DawidSkene, WorkersAndSlotsWithoutReports) {
  DenseCrowd crowd{2, 4, {labels({0, 0}), labels({1, 1}), labels({1, 1}), {}}, {}};
  for (auto& slot : crowd.reports) slot.resize(4);
  crowd.reports[1][2] = {0., 1.};  // worker 2 reports once, worker 3 never
  const auto result = run(crowd, {});
  const std::vector never(result.confusion.begin() + 12, result.confusion.end());
  EXPECT_EQ(never, (std::vector{.5, .5, .5, .5}));
  EXPECT_NEAR(result.confusion[2 * 4 + 3], 1.0, 1e-9);  // once, and right
  EXPECT_NEAR(result.prior[1], 2. / 3, 1e-9);           // the empty slot has no say
  EXPECT_NEAR(result.posterior[7], 2. / 3, 1e-9);
}

// A worker who never used a label: its rate is 0, whatever the truth; smoothing gives it a rate.
TEST(DawidSkene, UnusedLabels) {
  const DenseCrowd crowd{2, 2, {labels({0, 1}), labels({1, 1}), labels({0, 1})}, {}};
  const auto result = run(crowd, {});
  EXPECT_EQ(result.confusion[4], 0.0);
  EXPECT_EQ(result.confusion[5], 1.0);
  for (const double p : result.posterior) EXPECT_TRUE(p >= 0.0 && p <= 1.0);
  const auto half = run(crowd, {.smoothing = {.right = 2.0}});
  EXPECT_GT(half.confusion[4], 0.0);
  for (const double value : half.objective) EXPECT_TRUE(std::isfinite(value));
  EXPECT_GT(run(crowd, {.smoothing = {.wrong = 1.0}}).confusion[4], 0.0);
}

void expect_refused(const DawidSkeneOptions& options, const std::string& field) {
  const auto result = dawid_skene(ReportTable(2), options);
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(result.error().field, field);
}

TEST(DawidSkene, RefusesSenselessOptions) {
  expect_refused({.iterations = 0}, "iterations");
  expect_refused({.tolerance = std::numeric_limits<double>::quiet_NaN()}, "tolerance");
  expect_refused({.floor = 0.0}, "floor");
  expect_refused({.smoothing = {.right = -1.0}}, "smoothing.right");
  expect_refused({.smoothing = {.wrong = -1.0}}, "smoothing.wrong");
  expect_refused({.smoothing = {.answer = -1.0}}, "smoothing.answer");
}

}  // namespace
}  // namespace candor::baseline
