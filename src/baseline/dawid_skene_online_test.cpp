#include "candor/baseline/dawid_skene_online.h"

#include <gtest/gtest.h>

#include "baseline/dawid_skene_oracle.h"

namespace candor::baseline {
namespace {

template <class Method>
Row pool(const Method& method, const std::vector<Row>& slot) {
  const auto [ids, rows] = DenseCrowd::flat(slot);
  Row label(method.answers());
  method.pool(ids, rows, label);
  return label;
}

template <class Method>
void observe(Method& method, const std::vector<Row>& slot) {
  const auto [ids, rows] = DenseCrowd::flat(slot);
  method.observe(ids, rows);
}

void expect_near(const Row& got, const Row& expected, double tolerance) {
  ASSERT_EQ(got.size(), expected.size());
  for (std::size_t i = 0; i < got.size(); ++i) EXPECT_NEAR(got[i], expected[i], tolerance) << i;
}

TEST(StepwiseDawidSkene, HeaderExample) {
  StepwiseDawidSkene method(2);
  expect_near(pool(method, {{1, 0}, {1, 0}}), {1, 0}, 0.0);
  observe(method, {{1, 0}, {1, 0}});
  Row prior(2);
  method.prior(prior);
  expect_near(prior, {2. / 3, 1. / 3}, 1e-15);
  Row table(4);
  method.confusion({0}, table);
  expect_near(table, {3. / 4, 1. / 4, 1. / 3, 2. / 3}, 1e-15);
  expect_near(pool(method, {{1, 0}}), {9. / 11, 2. / 11}, 1e-15);
}

TEST(StepwiseDawidSkene, NewcomersHaveTheSmoothingsTable) {
  StepwiseDawidSkene method(3);
  Row table(9);
  method.confusion({7}, table);
  expect_near(table, {2. / 3, 1. / 6, 1. / 6, 1. / 6, 2. / 3, 1. / 6, 1. / 6, 1. / 6, 2. / 3},
              1e-15);
  observe(method, {{.5, .5, 0}});
  // A newcomer's label against an even split of the first two answers by one slot's counts.
  const Row label = pool(method, {{}, {}, {0, 0, 1}});
  const double share0 = 1.5 / 4 / 6, share2 = 1. / 4 * 2 / 3;
  expect_near(label,
              {share0 / (2 * share0 + share2), share0 / (2 * share0 + share2),
               share2 / (2 * share0 + share2)},
              1e-15);
}

TEST(StepwiseDawidSkene, NoReportsGiveThePriorAndTeachNothing) {
  StepwiseDawidSkene method(2);
  expect_near(pool(method, {}), {.5, .5}, 0.0);
  observe(method, {});
  EXPECT_EQ(method.slots(), 1U);
  expect_near(pool(method, {}), {.5, .5}, 1e-15);
}

// Counts kept in dense arrays, tables made anew for every slot, std::log.
class StepwiseOracle {
 public:
  StepwiseOracle(std::size_t answers, std::size_t workers)
      : k_(answers), prior_(answers, 1.0), n_(workers, std::vector<Row>(answers, Row(answers))) {
    for (auto& table : n_)
      for (std::size_t a = 0; a < k_; ++a)
        for (std::size_t b = 0; b < k_; ++b)
          table[a][b] = a == b ? 2.0 : 1.0 / static_cast<double>(k_ - 1);
  }

  Row step(const std::vector<Row>& slot) {
    Row label(k_, 0.0);
    for (std::size_t a = 0; a < k_; ++a) label[a] = first_ ? mean(slot, a) : joint(slot, a);
    double total = 0.0;
    for (const double p : label) total += p;
    for (double& p : label) p /= total;
    first_ = false;
    add(slot, label);
    return label;
  }

 private:
  static double mean(const std::vector<Row>& slot, std::size_t a) {
    double total = 0.0;
    for (const Row& row : slot) total += row.empty() ? 0.0 : row[a];
    return total;
  }

  [[nodiscard]] double joint(const std::vector<Row>& slot, std::size_t a) const {
    double score = std::log(prior_[a]);
    for (std::size_t w = 0; w < slot.size(); ++w) {
      double total = 0.0;
      for (const double n : n_[w][a]) total += n;
      for (std::size_t b = 0; b < slot[w].size(); ++b)
        score += slot[w][b] * std::log(n_[w][a][b] / total);
    }
    return std::exp(score);
  }

  void add(const std::vector<Row>& slot, const Row& label) {
    for (std::size_t a = 0; a < k_; ++a) {
      prior_[a] += label[a];
      for (std::size_t w = 0; w < slot.size(); ++w)
        for (std::size_t b = 0; b < slot[w].size(); ++b) n_[w][a][b] += label[a] * slot[w][b];
    }
  }

  std::size_t k_;
  bool first_ = true;
  Row prior_;
  std::vector<std::vector<Row>> n_;
};

TEST(StepwiseDawidSkene, EqualsTheOracle) {
  for (const std::size_t answers : {2U, 3U, 5U})
    for (const double soft : {0.0, 0.5}) {
      const DenseCrowd crowd =
          random_crowd({.answers = answers, .present = 0.8, .soft = soft, .seed = 17 + answers});
      StepwiseDawidSkene fast(answers);
      StepwiseOracle slow(answers, crowd.workers);
      for (const auto& slot : crowd.reports) {
        expect_near(pool(fast, slot), slow.step(slot), 1e-9);
        observe(fast, slot);
      }
    }
}

// Right after a run with enough iterations the tables are those of the batch method with the same
// smoothing, where both climb to the same maximum.
TEST(OnlineDawidSkene, AgreesWithTheBatchMethodAfterARun) {
  for (const auto model : {ConfusionModel::full, ConfusionModel::one_coin}) {
    const DenseCrowd crowd = random_crowd({.workers = 6, .slots = 125, .present = 1.0, .seed = 4});
    OnlineDawidSkene online(
        2, {.model = model, .every_slot_until = 125, .iterations = 400, .tolerance = 0.0});
    for (const auto& slot : crowd.reports) observe(online, slot);
    const auto batch =
        dawid_skene(
            crowd.table(),
            {.model = model, .iterations = 4000, .tolerance = 0.0, .smoothing = {2.0, 1.0, 1.0}})
            .value();
    for (std::uint32_t w = 0; w < 6; ++w) {
      Row table(4);
      online.confusion({w}, table);
      expect_near(table, Row(batch.confusion.begin() + w * 4, batch.confusion.begin() + w * 4 + 4),
                  1e-5);
    }
  }
}

TEST(OnlineDawidSkene, RunsOnScheduleWithGeometricCost) {
  OnlineDawidSkene method(2);
  std::size_t visited = 0;
  std::vector<std::size_t> sizes;
  for (std::size_t t = 1; t <= 1000; ++t) {
    const std::size_t before = method.runs();
    observe(method, {{1, 0}, {0, 1}});
    if (method.runs() == before) continue;
    sizes.push_back(t);
    visited += t;
  }
  ASSERT_GT(sizes.size(), 13U);
  EXPECT_EQ(std::vector(sizes.begin(), sizes.begin() + 13),
            (std::vector<std::size_t>{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 13, 17, 22}));
  EXPECT_LE(visited, 5 * 1000U);
}

template <class Method>
double mean_loss(const DenseCrowd& crowd, Method method) {
  double loss = 0.0;
  for (std::size_t s = 0; s < crowd.reports.size(); ++s) {
    const Row label = pool(method, crowd.reports[s]);
    for (std::size_t a = 0; a < crowd.answers; ++a) {
      const double miss = label[a] - (a == crowd.truth[s] ? 1.0 : 0.0);
      loss += miss * miss / 2.0;
    }
    observe(method, crowd.reports[s]);
  }
  return loss / static_cast<double>(crowd.reports.size());
}

TEST(OnlineDawidSkene, LearnsWhomToFollowInAnHonestCrowd) {
  const DenseCrowd crowd =
      random_crowd({.answers = 3, .workers = 10, .slots = 1500, .present = 0.7, .seed = 21});
  double votes = 0.0;
  for (std::size_t s = 0; s < crowd.reports.size(); ++s)
    votes += mean_loss({3, 10, {crowd.reports[s]}, {crowd.truth[s]}}, StepwiseDawidSkene(3));
  votes /= static_cast<double>(crowd.reports.size());  // the first slot's label is the mean report
  EXPECT_LT(mean_loss(crowd, OnlineDawidSkene(3)), 0.7 * votes);
  EXPECT_LT(mean_loss(crowd, StepwiseDawidSkene(3)), 0.7 * votes);
}

TEST(OnlineDawidSkene, FollowsTwoCopiesOfACoinAgainstAPerfectWorker) {
  RandomStream random(6);
  DenseCrowd crowd{2, 3, {}, {}};
  for (std::size_t s = 0; s < 1500; ++s) {
    crowd.truth.push_back(random.below(2));
    const Row coin = label_row(2, random.below(2));
    crowd.reports.push_back({label_row(2, crowd.truth[s]), coin, coin});
  }
  const OnlineDawidSkeneOptions one_coin{.model = ConfusionModel::one_coin};
  EXPECT_NEAR(mean_loss(crowd, OnlineDawidSkene(2, one_coin)), 0.5, 0.05);
  EXPECT_NEAR(mean_loss(crowd, StepwiseDawidSkene(2, one_coin)), 0.5, 0.05);
}

TEST(OnlineDawidSkene, SameBitsForAnyNumberOfThreads) {
  const DenseCrowd crowd = random_crowd({.workers = 600, .slots = 300, .present = 0.02, .seed = 8});
  OnlineDawidSkene one(2, {.threads = 1});
  OnlineDawidSkene four(2, {.threads = 4});
  for (const auto& slot : crowd.reports) {
    EXPECT_EQ(pool(one, slot), pool(four, slot));
    observe(one, slot);
    observe(four, slot);
  }
}

TEST(OnlineDawidSkene, RefusesSenselessOptions) {
  const auto field = [](const OnlineDawidSkeneOptions& options) {
    const Status status = check(options);
    return status.ok() ? std::string("none") : status.error().field;
  };
  EXPECT_EQ(field({}), "none");
  EXPECT_EQ(field({.smoothing = {0.0, 1.0, 1.0}}), "smoothing.right");
  EXPECT_EQ(field({.smoothing = {2.0, 0.0, 1.0}}), "smoothing.wrong");
  EXPECT_EQ(field({.smoothing = {2.0, 1.0, 0.0}}), "smoothing.answer");
  EXPECT_EQ(field({.growth = 1.0}), "growth");
  EXPECT_EQ(field({.iterations = 0}), "iterations");
  EXPECT_EQ(field({.tolerance = -1.0}), "tolerance");
}

}  // namespace
}  // namespace candor::baseline
