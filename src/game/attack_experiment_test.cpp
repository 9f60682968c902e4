// A ring and a person with many accounts, with and without defences.
#include "candor/game/attack_experiment.h"

#include <gtest/gtest.h>

namespace candor::game {
namespace {

AttackResult attacked(const AttackOptions& options) {
  auto result = run_attack(options);
  EXPECT_TRUE(result.ok()) << result.error().message();
  return *result;
}

AttackOptions small(Attack attack) {
  AttackOptions options;
  options.attack = attack;
  options.slots = 900;
  options.seeds = 2;
  options.inspect_every = 300;
  return options;
}

TEST(AttackExperiment, TheDetectorTakesARingsSayAndHoldsItsPay) {
  const AttackResult result = attacked(small(Attack::ring));
  ASSERT_EQ(result.outcomes.size(), 2U);
  const DefenceOutcome& none = result.outcomes[0];
  const DefenceOutcome& detector = result.outcomes[1];
  EXPECT_EQ(none.defence, "none");
  EXPECT_EQ(none.attackers_found, 0.0);
  EXPECT_EQ(none.held, 0.0);
  EXPECT_GT(detector.attackers_found, .9);
  EXPECT_EQ(detector.honest_accused, 0.0);
  EXPECT_LT(detector.say, .5 * none.say);
  EXPECT_LT(detector.pay, .5 * none.pay);
  EXPECT_LT(detector.targeted_loss, none.targeted_loss);
  EXPECT_EQ(detector.weight, none.weight);  // reputation moves by accuracy alone
  EXPECT_EQ(detector.held, 1.0);            // nobody else's pay is held
}

TEST(AttackExperiment, AdmissionKeepsAccountsSmallAndTheDetectorFindsThem) {
  AttackOptions options = small(Attack::sybil);
  options.attackers = 30;
  const AttackResult result = attacked(options);
  ASSERT_EQ(result.outcomes.size(), 4U);
  const DefenceOutcome& none = result.outcomes[0];
  const DefenceOutcome& admission = result.outcomes[2];
  const DefenceOutcome& both = result.outcomes[3];
  EXPECT_GT(none.say, .3);
  EXPECT_LT(admission.say, .15);
  EXPECT_LT(admission.label_loss, none.label_loss);
  EXPECT_LT(both.say, admission.say);
  EXPECT_LT(both.label_loss, none.label_loss);
  EXPECT_GT(both.attackers_found, .9);
}

// Thirty accounts get what one would; with 1/N each they would own more than half of the crowd.
TEST(AttackExperiment, NumbersOfAccountsDoNotMatterBehindAdmission) {
  AttackOptions one = small(Attack::sybil);
  one.attendance = 1.0;
  one.attackers = 1;
  AttackOptions many = one;
  many.attackers = 30;
  // Draws go on for each attacker, so worlds differ: weights agree on average only.
  const AttackResult single = attacked(one);
  const AttackResult thirty = attacked(many);
  EXPECT_NEAR(thirty.outcomes[2].weight, single.outcomes[2].weight, .04);
  EXPECT_GT(thirty.outcomes[0].weight, 3 * single.outcomes[0].weight);
}

TEST(AttackExperiment, AccusesNobodyInAnHonestCrowd) {
  AttackOptions options = small(Attack::ring);
  options.attackers = 0;
  const AttackResult result = attacked(options);
  for (const DefenceOutcome& one : result.outcomes) {
    EXPECT_EQ(one.honest_accused, 0.0);
    EXPECT_EQ(one.label_loss, result.honest_loss);
  }
}

TEST(AttackExperiment, GivesTheSameBitsForAnyNumberOfThreads) {
  AttackOptions options = small(Attack::ring);
  options.slots = 400;
  options.threads = 1;
  const std::string one = to_json(attacked(options)).dump();
  options.threads = 3;
  EXPECT_EQ(to_json(attacked(options)).dump(), one);
  EXPECT_NE(text_table(attacked(options)).find("copy detector"), std::string::npos);
}

TEST(AttackExperiment, RefusesOptionsThatMakeNoSense) {
  for (const auto& change : std::vector<void (*)(AttackOptions&)>{
           [](AttackOptions& o) { o.honest = 1; }, [](AttackOptions& o) { o.slots = 3; },
           [](AttackOptions& o) { o.seeds = 0; }, [](AttackOptions& o) { o.attendance = 0; },
           [](AttackOptions& o) { o.targeted = 1.1; },
           [](AttackOptions& o) { o.inspect_every = 0; },
           [](AttackOptions& o) { o.accuracy_low = .4; }, [](AttackOptions& o) { o.step_size = 2; },
           [](AttackOptions& o) { o.admission.mass = 1; },
           [](AttackOptions& o) { o.detector.false_alarms = 0; }}) {
    AttackOptions options = small(Attack::ring);
    change(options);
    const auto result = run_attack(options);
    ASSERT_FALSE(result.ok());
    EXPECT_EQ(result.error().code, ErrorCode::out_of_range);
  }
  EXPECT_FALSE(parse_attack("siege").ok());
  EXPECT_EQ(*parse_attack("sybil"), Attack::sybil);
}

}  // namespace
}  // namespace candor::game
