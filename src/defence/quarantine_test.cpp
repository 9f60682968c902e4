// A false accusation costs an honest worker nothing, and a suspect's reports reach no label.
#include "candor/defence/quarantine.h"

#include <gtest/gtest.h>

#include <functional>

#include "candor/base/random.h"

namespace candor::defence {
namespace {

using Row = std::vector<double>;

TEST(Quarantine, HoldsPayAndSetsTheShareAsideAsByHand) {
  Quarantine quarantine;
  const std::vector<WorkerId> worker{{0}, {1}, {2}};
  Row out(3);
  quarantine.label_share(worker, Row{.5, .3, .2}, out);
  EXPECT_EQ(out, (Row{.5, .3, .2}));
  EXPECT_EQ(quarantine.pay({0}, 520), 520);

  quarantine.suspect({0});
  quarantine.label_share(worker, Row{.5, .3, .2}, out);
  EXPECT_EQ(out[0], 0.0);
  EXPECT_NEAR(out[1], .6, 1e-15);
  EXPECT_NEAR(out[2], .4, 1e-15);
  EXPECT_EQ(quarantine.pay({0}, 100), 0);
  quarantine.suspect({0});  // again: nothing is lost
  EXPECT_EQ(quarantine.pay({0}, 20), 0);
  EXPECT_EQ(quarantine.held_micro({0}), 120);
  EXPECT_EQ(quarantine.clear({0}), 120);
  EXPECT_EQ(quarantine.clear({0}), 0);
  EXPECT_EQ(quarantine.pay({0}, 7), 7);
}

TEST(Quarantine, ReturnsHeldPayOnceWhenASuspicionIsConfirmed) {
  Quarantine quarantine;
  quarantine.suspect({3});
  quarantine.pay({3}, 50);
  EXPECT_EQ(quarantine.confirm({3}), 50);
  EXPECT_TRUE(quarantine.is_suspected({3}));
  EXPECT_EQ(quarantine.pay({3}, 5), 0);
  EXPECT_EQ(quarantine.clear({3}), 5);
  EXPECT_EQ(quarantine.confirm({4}), 0);
}

TEST(Quarantine, LeavesSharesOfASlotThatOnlySuspectsAnswered) {
  Quarantine quarantine;
  quarantine.suspect({0});
  quarantine.suspect({1});
  Row out(2);
  quarantine.label_share(std::vector<WorkerId>{{0}, {1}}, Row{.7, .3}, out);
  EXPECT_EQ(out, (Row{.7, .3}));
  Row three(3);
  quarantine.label_share(std::vector<WorkerId>{{0}, {2}, {3}}, Row{1, 0, 0}, three);
  EXPECT_EQ(three, (Row{0, .5, .5}));  // those left have no weight
  const Quarantine::Kept kept =
      quarantine.keep({2, std::vector<WorkerId>{{0}, {2}}, Row{.9, .1, .4, .6}, Row{.8, .2}});
  EXPECT_EQ(kept.worker, (std::vector<WorkerId>{{2}}));
  EXPECT_EQ(kept.report, (Row{.4, .6}));
  EXPECT_EQ(kept.share, (Row{1}));
}

// A random campaign: absences, late outcomes, slots that expire. `before(t)` is called before slot
// t. `changed`: what worker 1 reports instead; its loss, and so its weight, is then another.
void play(event::Fold& fold, std::uint64_t seed, const std::function<void(std::uint32_t)>& before,
          double changed = -1.0) {
  RandomStream random(seed);
  const auto apply = [&fold](const event::Event& event) {
    const Status status = fold.apply(event);
    ASSERT_TRUE(status.ok()) << status.error().message();
  };
  event::CampaignOpened opened{"c", {"A", "B"}, {}};
  opened.spec.weighted_score.step_size = .2;
  opened.spec.slot_budget_micro = 1'000'003;
  apply(opened);
  for (std::uint32_t i = 0; i < 6; ++i) apply(event::WorkerJoined{{i}, "w"});
  std::vector<SlotId> open;
  for (std::uint32_t t = 0; t < 120; ++t) {
    before(t);
    apply(event::SlotOpened{{t}, "s"});
    for (std::uint32_t i = 0; i < 6; ++i) {
      const double report = i == 1 && changed >= 0 ? changed : random.uniform();
      if (i == 1 && changed >= 0) (void)random.uniform();
      if (random.bernoulli(.7) || i == 0)
        apply(event::ReportSubmitted{{t}, {i}, {report, 1 - report}});
    }
    apply(event::SlotPooled{{t}, random.uniform()});
    open.push_back({t});
    if (random.bernoulli(.3)) continue;
    const std::size_t k = random.below(open.size());
    const SlotId slot = open[k];
    open.erase(open.begin() + static_cast<std::ptrdiff_t>(k));
    const bool a = random.bernoulli(.6);
    if (random.bernoulli(.2)) {
      apply(event::SlotExpired{slot});
      continue;
    }
    apply(event::OutcomeRevealed{slot, a ? Row{1, 0} : Row{0, 1}});
    apply(event::SlotSettled{slot});
  }
}

TEST(QuarantineWatch, OfAFalselyAccusedWorkerWhoIsClearedLeavesNoTrace) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    QuarantineWatch calm;
    event::Fold undisturbed(&calm);
    play(undisturbed, seed, [](std::uint32_t) {});

    QuarantineWatch watch;
    event::Fold fold(&watch);
    RandomStream random(seed, 1);
    play(fold, seed, [&](std::uint32_t) {  // accused and cleared at random, again and again
      const WorkerId worker{static_cast<std::uint32_t>(random.below(6))};
      random.bernoulli(.6) ? watch.suspect(worker) : watch.clear(worker);
      for (std::uint32_t i = 0; i < 6; ++i)
        ASSERT_EQ(watch.paid_out_micro({i}) + watch.quarantine().held_micro({i}),
                  i < fold.balances_micro().size() ? fold.balances_micro()[i] : 0);
    });
    for (std::uint32_t i = 0; i < 6; ++i) watch.clear({i});

    EXPECT_EQ(fold.mechanism()->weight_rule().weights(),
              undisturbed.mechanism()->weight_rule().weights());
    EXPECT_EQ(fold.check(), undisturbed.check());
    for (std::uint32_t i = 0; i < 6; ++i) {
      EXPECT_EQ(watch.paid_out_micro({i}), calm.paid_out_micro({i}));
      EXPECT_EQ(watch.paid_out_micro({i}), undisturbed.balances_micro()[i]);
      EXPECT_GT(watch.paid_out_micro({i}), 0);
    }
    for (std::uint32_t t = 0; t < 120; ++t) EXPECT_EQ(watch.label({t}), calm.label({t}));
  }
}

// What a suspect reports moves its own weight, and so the others' shares; but no label directly:
// the shares among the others are as they are without it.
TEST(QuarantineWatch, LetsNoReportOfASuspectIntoALabel) {
  QuarantineWatch low;
  QuarantineWatch high;
  low.suspect({1});
  high.suspect({1});
  event::Fold fold_low(&low);
  event::Fold fold_high(&high);
  play(fold_low, 5, [](std::uint32_t) {}, .0);
  play(fold_high, 5, [](std::uint32_t) {}, 1.0);
  EXPECT_EQ(low.label({0}), high.label({0}));
  EXPECT_NE(fold_low.mechanism()->weight_rule().weights()[1],
            fold_high.mechanism()->weight_rule().weights()[1]);
  low.clear({1});
  high.clear({1});
  EXPECT_NE(low.label({0}), high.label({0}));
  EXPECT_TRUE(low.label({5000}).empty());
}

}  // namespace
}  // namespace candor::defence
