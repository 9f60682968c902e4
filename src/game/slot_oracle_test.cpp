#include "candor/game/slot_oracle.h"

#include <gtest/gtest.h>

#include <cmath>

#include "candor/base/math.h"
#include "candor/game/game.h"
#include "candor/learning/exponential_weights.h"
#include "candor/learning/weighted_score.h"

namespace candor::game {
namespace {

OpenRuleFactory weighted_score(double step_size) {
  return
      [step_size] { return make_rule(learning::WeightedScore::create({.step_size = step_size})); };
}

OpenRuleFactory hedge(double rate) {
  return [rate] { return make_rule(learning::ExponentialWeights::create(rate)); };
}

// Weights of next slot ~ 1 / (squared error + .01): no memory, improper. Only what the oracle
// needs.
class InverseError final : public learning::OpenRule {
 public:
  [[nodiscard]] std::string_view name() const override { return "inverse-error"; }
  void admit(std::span<const WorkerId> cohort, double mass) override {
    for (double& w : weight_) w *= 1 - mass;
    weight_.insert(weight_.end(), cohort.size(), mass / static_cast<double>(cohort.size()));
  }
  [[nodiscard]] std::size_t workers() const override { return weight_.size(); }
  void share(std::span<const WorkerId>, std::span<double> out) const override {
    std::copy(weight_.begin(), weight_.end(), out.begin());
  }
  [[nodiscard]] std::vector<double> weights() const override { return weight_; }
  [[nodiscard]] std::optional<double> regret_bound(WorkerId, double) const override { return {}; }
  void wager(std::span<const WorkerId>, std::span<double>) override {}
  void settle(std::span<const WorkerId>, std::span<const double>,
              std::span<const double> loss) override {
    for (std::size_t i = 0; i < loss.size(); ++i) weight_[i] = 1 / (loss[i] + .01);
    normalise(weight_);
  }
  void release(std::span<const WorkerId>, std::span<const double>) override {}

 private:
  std::vector<double> weight_;
};

SlotView two(double weight, double belief, double other) {
  return {WorkerId{0}, belief, {weight, 1 - weight}, {0, other}, {0, other}};
}

double best(const OpenRuleFactory& rule, const SlotView& view) {
  return best_report(OpenRuleOracle(view, rule, nullptr), Utility::pure(Motive::next_weight),
                     view.belief);
}

TEST(BestReport, IsTheBeliefUnderWeightedScore) {
  RandomStream random(2);
  for (int i = 0; i < 40; ++i) {
    SlotView view{WorkerId{1}, random.uniform(), {}, {}, {}};
    for (int j = 0; j < 4; ++j) {
      view.weight.push_back(.05 + random.uniform());
      view.if_a.push_back(random.uniform());
      view.if_b.push_back(random.uniform());
    }
    normalise(view.weight);
    const double eta = .05 + .95 * random.uniform();
    EXPECT_EQ(best(weighted_score(eta), view), view.belief);
    EXPECT_EQ(best_report(WeightedScoreOracle(view, eta), Utility::pure(Motive::next_weight),
                          view.belief),
              view.belief);
  }
}

// The published misreports under exponential weights, with their gains.
TEST(BestReport, IsTheKnownLieUnderHedge) {
  struct Case {
    double eta, weight, belief, other, report, gain;
  };
  for (const Case& one :
       {Case{2, .5, .7, .4, .7083, 2.78e-5}, Case{4, .5, .7, .4, .7508, 9.04e-4},
        Case{.5, .5, .7, .4, .7005, 2.79e-8}, Case{8, .2, .6, .1, .9881, 3.35e-3}}) {
    const SlotView view = two(one.weight, one.belief, one.other);
    const double report = best(hedge(one.eta), view);
    EXPECT_NEAR(report, one.report, 1e-4) << one.eta;
    const OpenRuleOracle oracle(view, hedge(one.eta), nullptr);
    EXPECT_NEAR(oracle.prospect(report).next_weight - oracle.prospect(one.belief).next_weight,
                one.gain, .005 * one.gain);
  }
}

TEST(BestReport, IsTheKnownLieUnderInverseErrorWeights) {
  const OpenRuleFactory rule = []() -> Result<std::unique_ptr<learning::OpenRule>> {
    return std::unique_ptr<learning::OpenRule>(std::make_unique<InverseError>());
  };
  const SlotView view = two(.5, .7, .4);
  EXPECT_NEAR(best(rule, view), .978, .001);
  const OpenRuleOracle oracle(view, rule, nullptr);
  EXPECT_NEAR(oracle.prospect(.978).next_weight, .7256, 1e-4);
  EXPECT_NEAR(oracle.prospect(.7).next_weight, .6272, 1e-4);
}

// One slot, weight wanted and the label too: .708, .767 and .967 at eta .5; .833 at .02.
TEST(BestReport, BendsTowardTheWishToSway) {
  const auto bent = [](double eta, double sway, bool drawn) {
    SlotView view = two(.5, .7, .3);
    view.drawn_label = drawn;
    Utility utility = Utility::pure(Motive::next_weight);
    utility.part[static_cast<std::size_t>(Motive::sway)] = sway;
    return best_report(WeightedScoreOracle(view, eta), utility, .7);
  };
  EXPECT_NEAR(bent(.5, .01, false), .708, .0005);
  EXPECT_NEAR(bent(.5, .1, false), .767, .0005);
  EXPECT_NEAR(bent(.5, 1, false), .967, .0005);
  EXPECT_NEAR(bent(.02, .01, false), .833, .0005);
  for (const double sway : {.01, .1, 1.0, 100.0}) EXPECT_EQ(bent(.5, sway, true), .7);
}

TEST(Oracles, AgreeAboutWeightedScore) {
  RandomStream random(7);
  const auto payment = std::move(payment::make_payment_rule("by-weight")).value();
  for (const bool drawn : {false, true}) {
    const SlotView view{WorkerId{2}, .6, {.2, .5, .3}, {.9, .8, 0}, {.3, .1, 0}, drawn};
    const WeightedScoreOracle fast(view, .4);
    const OpenRuleOracle slow(view, weighted_score(.4), payment.get());
    for (int i = 0; i < 20; ++i) {
      const double report = random.uniform();
      EXPECT_NEAR(fast.prospect(report).next_weight, slow.prospect(report).next_weight, 1e-14);
      EXPECT_NEAR(fast.prospect(report).pay, slow.prospect(report).pay, 1e-14);
      EXPECT_NEAR(fast.prospect(report).label_gap, slow.prospect(report).label_gap, 1e-14);
    }
  }
}

// Worked: stakes .2 and .1, claims .6 and .4, losses .04 and .36 under A: pot .044,
// weight .5 - .008 + .0264 = .5184; under B losses .64 and .16: pot .144, .5 - .128 + .0864 =
// .4584.
TEST(AskingRuleOracle, MovesWeightByStakesAndClaims) {
  AskedView view;
  view.belief = .75;
  view.weight = {.5, .2};
  view.share = {.7, .3};
  view.stakes = {{.2, .1}, {.6, .4}, 0.0};
  view.if_a = {0, .4};
  view.if_b = {0, .4};
  const auto payment = std::move(payment::make_payment_rule("per-answer")).value();
  const Prospect prospect = AskingRuleOracle(view, payment.get()).prospect(.8);
  EXPECT_NEAR(prospect.next_weight, .75 * .5184 + .25 * .4584, 1e-15);
  EXPECT_NEAR(prospect.pay, (.75 * .96 + .25 * .36) / 2, 1e-15);
  EXPECT_NEAR(prospect.label_gap, .07 * .07, 1e-15);  // label .68
  EXPECT_EQ(best_report(AskingRuleOracle(view, nullptr), Utility::pure(Motive::next_weight), .75),
            .75);
}

}  // namespace
}  // namespace candor::game
