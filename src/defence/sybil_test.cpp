// What a person gains by many accounts: nothing by the admission of cohorts, a crowd's majority by
// giving each account the same first weight.
#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "candor/base/random.h"
#include "candor/learning/weighted_score.h"
#include "candor/mechanism/admission.h"
#include "candor/payment/budget.h"

namespace candor::defence {
namespace {

constexpr std::uint32_t honest = 8;

enum class Welcome : std::uint8_t { cohort, equal_weight };

struct Ending {
  std::vector<double> honest_weight;
  double owner_weight = 0.0;
  double owner_pay = 0.0;  // in budgets of one slot
  std::int64_t owner_paid_micro = 0;
  double owner_first_weight = 0.0;
};

// 8 founders; after 20 slots an owner joins with some accounts, which all report what one would
// have.
class Campaign {
 public:
  Campaign(std::uint32_t accounts, Welcome welcome, std::uint64_t seed)
      : accounts_(accounts), welcome_(welcome), random_(seed) {
    rule_ = std::move(learning::WeightedScore::create({.step_size = .3})).value();
    for (std::uint32_t i = 0; i < honest; ++i) admission_.join({i});
  }

  Ending run() {
    for (int t = 0; t < 200; ++t) {
      if (t == 20) join();
      admit();
      play_slot(t);
    }
    const std::vector<double> weight = rule_->weights();
    ending_.honest_weight.assign(weight.begin(), weight.begin() + honest);
    ending_.owner_weight = std::accumulate(weight.begin() + honest, weight.end(), 0.0);
    return ending_;
  }

 private:
  void join() {
    std::vector<WorkerId> cohort;
    for (std::uint32_t i = honest; i < honest + accounts_; ++i) cohort.push_back({i});
    if (welcome_ == Welcome::cohort) {
      for (const WorkerId worker : cohort) admission_.join(worker);
      return;
    }
    rule_->admit(cohort, static_cast<double>(accounts_) / (honest + accounts_));
    note_first_weight();
  }
  void admit() {
    const mechanism::Admission::Cohort cohort = admission_.due();
    if (cohort.workers.empty()) return;
    rule_->admit(cohort.workers, cohort.mass);
    if (cohort.workers[0].value >= honest) note_first_weight();
  }
  void note_first_weight() {
    const std::vector<double> weight = rule_->weights();
    ending_.owner_first_weight = std::accumulate(weight.begin() + honest, weight.end(), 0.0);
  }
  void play_slot(int t) {
    std::vector<WorkerId> worker;
    std::vector<double> loss;
    for (std::uint32_t i = 0; i < honest; ++i) {
      const double own = .5 * random_.uniform();
      if (!random_.bernoulli(.8)) continue;
      worker.push_back({i});
      loss.push_back(own);
    }
    const double owner_loss = .6 * random_.uniform();
    if (t >= 25 && random_.bernoulli(.7)) {
      worker.insert(worker.end(), accounts_, WorkerId{});
      for (std::uint32_t a = 0; a < accounts_; ++a)
        worker[worker.size() - accounts_ + a] = {honest + a};
      loss.insert(loss.end(), accounts_, owner_loss);
    }
    settle(worker, loss);
  }
  void settle(const std::vector<WorkerId>& worker, const std::vector<double>& loss) {
    if (worker.empty()) return;
    std::vector<double> wager(worker.size());
    rule_->wager(worker, wager);
    rule_->settle(worker, wager, loss);
    std::vector<double> share(worker.size());
    rule_->share(worker, share);
    const auto paid = payment::divide_budget(1'000'000, share);
    for (std::size_t j = 0; j < worker.size(); ++j) {
      if (worker[j].value < honest) continue;
      ending_.owner_pay += share[j];
      ending_.owner_paid_micro += paid[j];
    }
  }

  std::uint32_t accounts_;
  Welcome welcome_;
  RandomStream random_;
  mechanism::Admission admission_{{.mass = .05, .period = 25}};
  std::unique_ptr<learning::WeightedScore> rule_;
  Ending ending_;
};

TEST(Sybil, AHundredAccountsOfOneCohortWeighAndEarnWhatOneDoes) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const Ending one = Campaign(1, Welcome::cohort, seed).run();
    EXPECT_NEAR(one.owner_first_weight, .05, 1e-12);
    for (const std::uint32_t accounts : {2U, 7U, 100U}) {
      const Ending many = Campaign(accounts, Welcome::cohort, seed).run();
      EXPECT_NEAR(many.owner_first_weight, .05, 1e-12);
      EXPECT_NEAR(many.owner_weight, one.owner_weight, 1e-12);
      EXPECT_NEAR(many.owner_pay, one.owner_pay, 1e-9);
      for (std::uint32_t i = 0; i < honest; ++i)
        EXPECT_NEAR(many.honest_weight[i], one.honest_weight[i], 1e-12);
      // In whole units rounding can give or take less than one an account and slot.
      EXPECT_LE(std::abs(many.owner_paid_micro - one.owner_paid_micro), 175 * accounts);
    }
  }
}

TEST(Sybil, EqualFirstWeightsWouldHandTheCrowdToWhoeverHasMostAccounts) {
  for (const std::uint32_t accounts : {1U, 8U, 92U}) {
    const Ending ending = Campaign(accounts, Welcome::equal_weight, 3).run();
    EXPECT_NEAR(ending.owner_first_weight, accounts / (8.0 + accounts), 1e-12);
  }
  const Ending one = Campaign(1, Welcome::equal_weight, 3).run();
  const Ending many = Campaign(92, Welcome::equal_weight, 3).run();
  EXPECT_GT(many.owner_weight, 3 * one.owner_weight);
  EXPECT_GT(many.owner_pay, 3 * one.owner_pay);
}

// The limit of the promise: what is fixed is the cohort's mass. Within a cohort accounts are
// counted, so whoever comes in at the same time as many accounts shares with all of them; and so it
// is among founders, whose mass is everything.
TEST(Sybil, CrowdsOutOnlyTheNewcomersOfItsOwnCohort) {
  for (const std::uint32_t accounts : {1U, 9U, 99U}) {
    mechanism::Admission admission({.mass = .05, .period = 1});
    admission.join({0});
    ASSERT_EQ(admission.due().mass, 1.0);
    for (std::uint32_t i = 1; i <= 1 + accounts; ++i) admission.join({i});
    const mechanism::Admission::Cohort cohort = admission.due();
    auto rule = std::move(learning::WeightedScore::create({})).value();
    rule->admit(std::vector<WorkerId>{{0}}, 1.0);
    rule->admit(cohort.workers, cohort.mass);
    EXPECT_NEAR(rule->weight({0}), .95, 1e-12);  // whoever was there notices nothing
    EXPECT_NEAR(rule->weight({1}), .05 / (1.0 + accounts), 1e-12);  // the honest newcomer does
  }
}

// Accounts that were given equal mass by their history cannot gain by acting apart either: the
// sum of their weights moves by the sum of their stakes times their losses, as one account's would.
TEST(Sybil, SplittingAnAccountAndReportingTheSameChangesNobodysWeight) {
  RandomStream random(11);
  for (int trial = 0; trial < 200; ++trial) {
    const double whole = .05 + .4 * random.uniform();
    const double part = random.uniform();
    const auto rule_with = [&](std::vector<double> owner) {
      auto rule = std::move(learning::WeightedScore::create({.step_size = .5})).value();
      rule->admit(std::vector<WorkerId>{{0}, {1}}, 1.0);
      double taken = 0.0;
      for (std::uint32_t k = 0; k < owner.size(); ++k) {
        const std::vector<WorkerId> one{{2 + k}};
        rule->admit(one, owner[k] / (1.0 - whole + (taken += owner[k])));
      }
      return rule;
    };
    auto single = rule_with({whole});
    auto split = rule_with({part * whole, (1 - part) * whole});
    for (int t = 0; t < 30; ++t) {
      const double a = random.uniform();
      const double b = random.uniform();
      const double own = random.uniform();
      const std::vector<WorkerId> three{{0}, {1}, {2}};
      const std::vector<WorkerId> four{{0}, {1}, {2}, {3}};
      std::vector<double> wager3(3);
      std::vector<double> wager4(4);
      single->wager(three, wager3);
      split->wager(four, wager4);
      single->settle(three, wager3, std::vector<double>{a, b, own});
      split->settle(four, wager4, std::vector<double>{a, b, own, own});
    }
    EXPECT_NEAR(single->weight({2}), split->weight({2}) + split->weight({3}), 1e-12);
    EXPECT_NEAR(single->weight({0}), split->weight({0}), 1e-12);
  }
}

}  // namespace
}  // namespace candor::defence
