#include "candor/game/strategy.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

namespace candor::game {
namespace {

std::unique_ptr<Strategy> made(const std::string& text) {
  auto spec = StrategySpec::parse(text);
  EXPECT_TRUE(spec.ok()) << spec.error().message();
  return std::move(make_strategy(*spec)).value();
}

Information believing(double probability) {
  Information information;
  information.belief = leaning(probability, true);
  information.workers = 3;
  information.weight = 1.0 / 3;
  return information;
}

double reported(Strategy& strategy, const Information& information) {
  RandomStream random(1);
  return strategy.report(information, random);
}

double reported(const std::string& text, const Information& information) {
  return reported(*made(text), information);
}

TEST(Strategies, DoWhatTheirNamesSay) {
  const Information a = believing(.8);
  const Information b = believing(.3);
  EXPECT_EQ(reported("truthful", a), .8);
  EXPECT_EQ(reported("exaggerating", a), 1.0);
  EXPECT_EQ(reported("exaggerating", b), 0.0);
  EXPECT_NEAR(reported("hedging", a), .65, 1e-15);
  EXPECT_NEAR(reported("hedging(1)", b), .5, 1e-15);
  EXPECT_EQ(reported("always-wrong", a), 0.0);
  EXPECT_EQ(reported("lying", b), 1.0);
  EXPECT_EQ(reported("constant", a), .5);
  EXPECT_EQ(reported("constant(0.2)", a), .2);
  EXPECT_NEAR(reported("side-biased", a), .9, 1e-15);
  EXPECT_NEAR(reported("side-biased(-0.5)", a), .4, 1e-15);
}

TEST(Strategies, FollowTheSignalWhenTheBeliefIsEven) {
  Information even = believing(.5);
  even.belief = leaning(.5, false);
  EXPECT_EQ(reported("exaggerating", even), 0.0);
  EXPECT_EQ(reported("always-wrong", even), 1.0);
}

TEST(Strategies, ChangeOverTimeAsStated) {
  Information late = believing(.8);
  late.slot = 499;
  EXPECT_EQ(reported("sleeper", late), .8);
  late.slot = 500;
  EXPECT_EQ(reported("sleeper", late), 0.0);
  EXPECT_EQ(reported("sleeper(501)", late), .8);
  EXPECT_NEAR(reported("drifter", late), .65, 1e-14);
  EXPECT_NEAR(reported("drifter(250)", late), .575, 1e-14);
}

TEST(Strategies, KnowGoldWhenTheyMeetIt) {
  Information slot = believing(.8);
  EXPECT_EQ(reported("gold-memoriser(0.9)", slot), .9);
  slot.audited = true;
  EXPECT_EQ(reported("gold-memoriser(0.9)", slot), .8);
}

TEST(Strategies, DrawWhatIsRandomFromTheirStream) {
  const auto random_reports = made("random");
  const auto no_show = made("no-show(0.3)");
  RandomStream random(3);
  const Information slot = believing(.8);
  double mean = 0;
  double shows = 0;
  for (int i = 0; i < 4'000; ++i) {
    mean += random_reports->report(slot, random) / 4'000;
    shows += no_show->answers(slot, random) ? 1 : 0;
  }
  EXPECT_NEAR(mean, .5, .02);
  EXPECT_NEAR(shows / 4'000, .3, .03);
  EXPECT_EQ(no_show->report(slot, random), .8);
  EXPECT_TRUE(random_reports->answers(slot, random));
}

TEST(Strategies, FollowTheCrowdTheySee) {
  Information slot = believing(.8);
  EXPECT_EQ(reported("herding", slot), .8);  // nothing to follow yet
  EXPECT_EQ(reported("copying(1)", slot), .8);
  std::vector<PastSlot> past(12, {0, .1, 0});
  for (std::size_t i = 2; i < 12; ++i) past[i].label = .4;
  slot.past = past;
  EXPECT_NEAR(reported("herding", slot), .4, 1e-15);
  const std::array<double, 3> last{.2, .7, .9};
  slot.last_report = last;
  EXPECT_EQ(reported("copying", slot), .2);
  EXPECT_EQ(reported("copying(1)", slot), .7);
}

// Labels that went .9 and .7 its way: it expects .8 its way.
TEST(Strategies, SeekAgreementWithTheLabelTheyExpect) {
  const auto strategy = made("agreement-seeking");
  EXPECT_EQ(reported(*strategy, believing(.6)), .6);
  strategy->observe({0, .9, 1}, .6);
  EXPECT_NEAR(reported(*strategy, believing(.4)), .1, 1e-15);
  strategy->observe({1, .3, 0}, .1);
  EXPECT_NEAR(reported(*strategy, believing(.55)), .8, 1e-15);
}

TEST(Strategies, ActAsOneInAParty) {
  Information member = believing(.8);
  EXPECT_EQ(reported("ring", member), 1.0);
  EXPECT_EQ(reported("sybil", member), .8);
  member.party = leaning(.3, false);
  EXPECT_EQ(reported("ring", member), 0.0);
  EXPECT_EQ(reported("ring(a)", member), 1.0);
  EXPECT_EQ(reported("sybil", member), .3);
  EXPECT_EQ(party_of({"ring", "a"}), Party::ring);
  EXPECT_EQ(party_of({"sybil"}), Party::owner);
  EXPECT_EQ(party_of({"truthful"}), Party::none);
}

// The ninth report, after eight honest ones in which the others were always this sure.
double ninth_report(Strategy& strategy, Information information, double others) {
  const std::vector<double> last(information.workers, others);
  for (information.slot = 0; information.slot < 8; ++information.slot) {
    EXPECT_EQ(reported(strategy, information), information.belief.probability);
    information.last_report = last;
  }
  return reported(strategy, information);
}

// One who plans for its final weight among three stays near honesty; one who wants to sway
// stretches its belief.
TEST(Strategies, PlanAheadBySearchAmongThree) {
  Information slot = believing(.7);
  slot.horizon = 500;
  slot.step_size = .05;
  EXPECT_NEAR(ninth_report(*made("forward-looking"), slot, .6), .7, .05);
  EXPECT_GT(ninth_report(*made("forward-looking(sway)"), slot, .6), .85);
  slot.step_size = 0.0;  // nothing known of the rule
  EXPECT_EQ(ninth_report(*made("forward-looking(sway)"), slot, .6), .7);
}

TEST(Strategies, PlanExactlyAgainstOneOther) {
  Information slot = believing(.8);
  slot.workers = 2;
  slot.weight = .5;
  slot.horizon = 28;
  slot.step_size = .2;
  const auto strategy = made("forward-looking");
  const double a = ninth_report(*strategy, slot, .6);
  EXPECT_LT(a, .8 - 1e-4);  // hedges a little
  EXPECT_GT(a, .79);
  slot.slot = 8;
  slot.belief = leaning(.2, false);
  EXPECT_NEAR(reported(*strategy, slot), 1.0 - a, 1e-12);
}

TEST(StrategyText, IsReadItemByItem) {
  const auto counts =
      parse_strategies("truthful:20,sleeper(500):2,best-responding(pay:1,sway:0.5),ring(a):3");
  ASSERT_TRUE(counts.ok()) << counts.error().message();
  ASSERT_EQ(counts->size(), 4U);
  EXPECT_EQ((*counts)[0].workers, 20U);
  EXPECT_EQ((*counts)[1].strategy, (StrategySpec{"sleeper", "500"}));
  EXPECT_EQ((*counts)[1].workers, 2U);
  EXPECT_EQ((*counts)[2].strategy.text(), "best-responding(pay:1,sway:0.5)");
  EXPECT_EQ((*counts)[2].workers, 1U);
  EXPECT_EQ((*counts)[3].workers, 3U);
}

TEST(StrategyText, IsRefusedWithTheReason) {
  const auto message = [](const char* text) {
    const auto counts = parse_strategies(text);
    return counts.ok() ? std::string("accepted") : counts.error().message();
  };
  EXPECT_NE(message("truthfull:2").find("one of truthful, exaggerating, hedging"),
            std::string::npos);
  EXPECT_NE(message("").find("one of truthful"), std::string::npos);
  EXPECT_NE(message("truthful,").find("one of truthful"), std::string::npos);
  for (const char* text : {"truthful:0", "truthful:-1", "truthful:", "truthful:2x", "truthful:1e3"})
    EXPECT_NE(message(text).find("a number of workers"), std::string::npos) << text;
  EXPECT_NE(message("truthful:1000000,random:1").find("1000001"), std::string::npos);
  EXPECT_NE(message("sleeper(500:2").find("closing parenthesis"), std::string::npos);
  EXPECT_NE(message("constant(1.5)").find("[0,1]"), std::string::npos);
  EXPECT_NE(message("constant(nan)").find("[0,1]"), std::string::npos);
  EXPECT_NE(message("truthful(2)").find("no parameter"), std::string::npos);
  EXPECT_NE(message("ring(c)").find("a or b"), std::string::npos);
  EXPECT_NE(message("copying(1.5)").find("a worker's number"), std::string::npos);
  EXPECT_NE(message("forward-looking(fame)").find("motive"), std::string::npos);
}

TEST(StrategyCatalogue, NamesStrategiesThatExist) {
  EXPECT_EQ(strategy_catalogue().size(), 18U);
  for (const StrategyEntry& entry : strategy_catalogue()) {
    EXPECT_TRUE(make_strategy({std::string(entry.name), ""}).ok()) << entry.name;
    EXPECT_NE(strategy_help().find(entry.name), std::string::npos);
    EXPECT_NE(strategy_help().find(entry.description), std::string::npos);
  }
}

}  // namespace
}  // namespace candor::game
