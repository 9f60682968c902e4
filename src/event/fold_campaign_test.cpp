// What a campaign comes to: weights, labels, payments and checksums.
#include <gtest/gtest.h>

#include <map>
#include <numeric>
#include <utility>

#include "candor/base/random.h"
#include "candor/event/fold.h"

namespace candor::event {
namespace {

using Row = std::vector<double>;

CampaignOpened campaign(double step_size, std::string label = "weighted-score") {
  CampaignOpened opened{"test", {"A", "B"}, {}};
  opened.spec.weighted_score.step_size = step_size;
  opened.spec.label = std::move(label);
  return opened;
}

// A fold that is driven by method calls; every event must be accepted.
class Driver {
 public:
  Driver(const CampaignOpened& opened, std::uint32_t workers, FoldObserver* observer = nullptr)
      : fold_(observer) {
    apply(opened);
    for (std::uint32_t i = 0; i < workers; ++i) apply(WorkerJoined{WorkerId{i}, "w"});
  }
  void apply(const Event& event) {
    const Status status = fold_.apply(event);
    ASSERT_TRUE(status.ok()) << status.error().message();
  }
  /// Opens the next slot, takes P(A) of workers 0, 1, ... and pools.
  SlotId pool(const Row& reports) {
    const SlotId slot{static_cast<std::uint32_t>(fold_.slot_names().size())};
    apply(SlotOpened{slot, "t"});
    for (std::uint32_t i = 0; i < reports.size(); ++i)
      apply(ReportSubmitted{slot, WorkerId{i}, {reports[i], 1.0 - reports[i]}});
    apply(SlotPooled{slot, 0.5});
    return slot;
  }
  void settle(SlotId slot, double outcome) {
    apply(OutcomeRevealed{slot, {outcome, 1.0 - outcome}});
    apply(SlotSettled{slot});
  }
  void play(const Row& reports, double outcome) { settle(pool(reports), outcome); }
  void expire(SlotId slot) { apply(SlotExpired{slot}); }

  [[nodiscard]] const Fold& fold() const { return fold_; }
  [[nodiscard]] Row weights() const { return fold_.mechanism()->weight_rule().weights(); }

 private:
  Fold fold_;
};

class Listener final : public FoldObserver {
 public:
  void on_pooled(SlotId slot, const mechanism::PooledSlot& pooled) override {
    labels.push_back(pooled.label);
    ++times_pooled[slot];
  }
  void on_settled(SlotId slot, const mechanism::PooledSlot& pooled, std::span<const double> outcome,
                  const mechanism::Settlement& settlement) override {
    settled_labels[slot] = pooled.label;
    outcomes[slot] = Row(outcome.begin(), outcome.end());
    losses.push_back(settlement.loss);
    paid.push_back(settlement.paid_micro);
  }

  std::vector<Row> labels;
  std::map<SlotId, int> times_pooled;
  std::map<SlotId, Row> settled_labels;
  std::map<SlotId, Row> outcomes;
  std::vector<Row> losses;
  std::vector<std::vector<std::int64_t>> paid;
};

// Two workers, two slots, step size 1/4, a budget of 1000 a slot, by hand:
//   slot 0  reports .8 .4, weights .5 .5: label .6; A was right: losses .04 .36, mean .2;
//           weights .5 + .125 (.2 - .04) = .52 and .48; paid 520 and 480
//   slot 1  reports .6 .5: label .52*.6 + .48*.5 = .552; B was right: losses .36 .25,
//           mean .52*.36 + .48*.25 = .3072; weights .52 + .13 (.3072 - .36) = .513136 and .486864;
//           paid 513.136 and 486.864: 513 and 487
TEST(Fold, GivesTheWeightsLabelsAndPaymentsOfTheHandWorkedCampaign) {
  CampaignOpened opened = campaign(0.25);
  opened.spec.slot_budget_micro = 1000;
  Listener listener;
  Driver driver(opened, 2, &listener);
  driver.play({.8, .4}, 1);
  EXPECT_NEAR(listener.labels[0][0], .6, 1e-15);
  EXPECT_NEAR(driver.weights()[0], .52, 1e-15);
  EXPECT_NEAR(driver.weights()[1], .48, 1e-15);
  driver.play({.6, .5}, 0);
  EXPECT_NEAR(listener.labels[1][0], .552, 1e-15);
  EXPECT_NEAR(listener.losses[1][0], .36, 1e-15);
  EXPECT_NEAR(driver.weights()[0], .513136, 1e-15);
  EXPECT_NEAR(driver.weights()[1], .486864, 1e-15);
  EXPECT_EQ(listener.paid, (std::vector<std::vector<std::int64_t>>{{520, 480}, {513, 487}}));
  EXPECT_EQ(driver.fold().balances_micro(), (std::vector<std::int64_t>{1033, 967}));
}

// The checksum is on disk in every ledger: this campaign's may never change.
TEST(Fold, KeepsTheChecksumOfTheHandWorkedCampaign) {
  Driver driver(campaign(0.25), 2);
  driver.play({.8, .4}, 1);
  driver.play({.6, .5}, 0);
  EXPECT_EQ(driver.fold().check(), 0x4e39eb6bb24a5c21U);
  driver.apply(CampaignClosed{});
  EXPECT_EQ(driver.fold().check(), 0x5b0b6255d59af24dU);
}

// Reports 1, .5 and 0 make every number here exact in binary. With three slots open at once all
// stakes are 1/8, so the weight of worker 0 ends at 1/2 + 1/16 sum (loss_1 - loss_0), in any order.
TEST(Fold, SettlesLateOutcomesInAnyOrderByTheStakesOfTheirSlots) {
  const std::vector<Row> reports{{1, .5}, {.5, 0}, {0, 1}};
  const Row outcomes{1, 0, 1};
  const double expected = 0.5 + ((.25 - 0) + (0 - .25) + (0 - 1)) / 16.0;
  for (const auto& order :
       std::vector<std::vector<std::uint32_t>>{{0, 1, 2}, {2, 1, 0}, {1, 2, 0}, {2, 0, 1}}) {
    Driver driver(campaign(0.25), 2);
    for (const Row& row : reports) driver.pool(row);
    EXPECT_EQ(driver.weights(), (Row{.5, .5}));
    for (const std::uint32_t slot : order) driver.settle(SlotId{slot}, outcomes[slot]);
    EXPECT_EQ(driver.weights(), (Row{expected, 1.0 - expected}));
  }
}

TEST(Fold, KeepsTheLabelThatWasFormedBeforeALateOutcome) {
  Listener listener;
  Driver driver(campaign(0.5), 2, &listener);
  const SlotId late = driver.pool({.9, .2});
  for (int i = 0; i < 20; ++i) driver.play({1, 0}, 1);
  driver.settle(late, 0);
  EXPECT_EQ(listener.settled_labels[late], listener.labels[0]);
  EXPECT_NEAR(listener.labels[0][0], .55, 1e-15);
}

// At step size 1 an open slot holds the whole weight of its workers: the next slot has no stakes.
TEST(Fold, GivesStakesBackWhenASlotExpires) {
  Driver open(campaign(1.0), 2);
  Driver expired(campaign(1.0), 2);
  open.pool({.9, .1});
  expired.expire(expired.pool({.9, .1}));
  open.play({1, .5}, 1);
  expired.play({1, .5}, 1);
  EXPECT_EQ(open.weights(), (Row{.5, .5}));
  EXPECT_EQ(expired.weights(), (Row{.5625, .4375}));  // .5 + .5 (.125 - 0)
}

TEST(Fold, LearnsNothingFromAnExpiredSlot) {
  Driver driver(campaign(0.25), 2);
  driver.expire(driver.pool({1, 0}));
  EXPECT_EQ(driver.weights(), (Row{.5, .5}));
  EXPECT_EQ(driver.fold().settled_slots(), 0U);
  EXPECT_EQ(driver.fold().check(), Driver(campaign(0.25), 2).fold().check());
}

TEST(Fold, ShowsEveryLabelOnceAndEveryOutcomeAsItCame) {
  Listener listener;
  Driver driver(campaign(0.25, "hedged"), 3, &listener);
  RandomStream random(5);
  std::map<SlotId, Row> outcomes;
  std::vector<SlotId> open;
  for (int i = 0; i < 200; ++i) {
    open.push_back(driver.pool({random.uniform(), random.uniform(), random.uniform()}));
    if (i % 3 != 2) continue;
    const std::size_t k = random.below(open.size());
    const SlotId slot = open[k];
    open.erase(open.begin() + static_cast<std::ptrdiff_t>(k));
    const double outcome = i % 2 == 0 ? 1.0 : random.uniform();
    outcomes[slot] = {outcome, 1.0 - outcome};
    driver.settle(slot, outcome);
  }
  EXPECT_EQ(listener.times_pooled.size(), 200U);
  for (const auto& [slot, times] : listener.times_pooled) EXPECT_EQ(times, 1) << slot.value;
  EXPECT_EQ(listener.outcomes, outcomes);
  for (const auto& [slot, label] : listener.settled_labels)
    EXPECT_EQ(label, listener.labels[slot.index()]);
}

// A random campaign of everything at once: absences, late outcomes, expiries, newcomers, payments.
struct Ending {
  std::uint64_t check = 0;
  Row weights;
  std::vector<std::int64_t> balances;
  std::size_t settled = 0;
};

Ending random_campaign(std::uint64_t seed, mechanism::MechanismSpec spec) {
  CampaignOpened opened{"random", {"A", "B", "C"}, std::move(spec)};
  Driver driver(opened, 4);
  RandomStream random(seed);
  std::vector<SlotId> open;
  for (std::uint32_t s = 0; s < 300; ++s) {
    const std::size_t workers = driver.fold().worker_names().size();
    if (s % 60 == 10)
      driver.apply(WorkerJoined{WorkerId{static_cast<std::uint32_t>(workers)}, "new"});
    const SlotId slot{s};
    driver.apply(SlotOpened{slot, "t"});
    for (const std::uint32_t i : shuffled_order(workers, random)) {
      if (i != s % workers && random.bernoulli(.4)) continue;
      const double a = random.uniform();
      const double b = random.uniform() * (1.0 - a);
      driver.apply(ReportSubmitted{slot, WorkerId{i}, {a, b, 1.0 - a - b}});
    }
    driver.apply(SlotPooled{slot, random.uniform()});
    open.push_back(slot);
    while (open.size() > 5) {
      const std::size_t k = random.below(open.size());
      if (random.bernoulli(.2)) {
        driver.expire(open[k]);
      } else {
        driver.apply(
            OutcomeRevealed{open[k], random.bernoulli(.5) ? Row{0, 1, 0} : Row{.5, 0, .5}});
        driver.apply(SlotSettled{open[k]});
      }
      open.erase(open.begin() + static_cast<std::ptrdiff_t>(k));
    }
  }
  driver.apply(CampaignClosed{});
  return {driver.fold().check(), driver.weights(), driver.fold().balances_micro(),
          driver.fold().settled_slots()};
}

mechanism::MechanismSpec paying_spec() {
  mechanism::MechanismSpec spec;
  spec.slot_budget_micro = 1'000'003;
  spec.admission.period = 20;
  return spec;
}

TEST(Fold, GivesTheSameBitsForTheSameEvents) {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    const Ending one = random_campaign(seed, paying_spec());
    const Ending two = random_campaign(seed, paying_spec());
    EXPECT_EQ(one.check, two.check);
    EXPECT_EQ(one.weights, two.weights);
    EXPECT_NE(one.check, random_campaign(seed + 100, paying_spec()).check);
  }
}

TEST(Fold, PaysExactlyTheBudgetForEverySettledSlot) {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    const Ending end = random_campaign(seed, paying_spec());
    const auto total = std::accumulate(end.balances.begin(), end.balances.end(), std::int64_t{0});
    EXPECT_EQ(total, 1'000'003 * static_cast<std::int64_t>(end.settled));
    EXPECT_GT(end.settled, 200U);
    for (const std::int64_t balance : end.balances) EXPECT_GE(balance, 0);
  }
}

TEST(Fold, KeepsWeightsAProbabilityUnderEveryRule) {
  for (const std::string rule : {"weighted-score", "exponential", "follow-the-best"}) {
    mechanism::MechanismSpec spec = paying_spec();
    spec.weight_rule = rule;
    spec.weighted_score = {.step_size = 1.0, .share = 0.02, .doubling = true};
    const Ending end = random_campaign(7, spec);
    EXPECT_NEAR(std::accumulate(end.weights.begin(), end.weights.end(), 0.0), 1.0, 1e-12) << rule;
    for (const double weight : end.weights) EXPECT_GE(weight, 0.0) << rule;
  }
}

TEST(Fold, DrawsTheReportOfOneWorkerByWeight) {
  CampaignOpened opened = campaign(0.25, "hedged");
  opened.spec.output = mechanism::Output::drawn;
  Listener listener;
  Driver driver(opened, 2, &listener);  // weights .5 .5: draws below .5 are worker 0
  for (const double draw : {0.0, 0.49, 0.5, 0.99}) {
    const SlotId slot{static_cast<std::uint32_t>(driver.fold().slot_names().size())};
    driver.apply(SlotOpened{slot, "t"});
    driver.apply(ReportSubmitted{slot, WorkerId{0}, {.75, .25}});
    driver.apply(ReportSubmitted{slot, WorkerId{1}, {.125, .875}});
    driver.apply(SlotPooled{slot, draw});
  }
  EXPECT_EQ(listener.labels,
            (std::vector<Row>{{.75, .25}, {.75, .25}, {.125, .875}, {.125, .875}}));
}

}  // namespace
}  // namespace candor::event
