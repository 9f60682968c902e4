#include "candor/campaign/campaign.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>

#include "campaign/toy.h"
#include "candor/event/fold.h"
#include "candor/store/ledger.h"

namespace candor::campaign {
namespace {

namespace fs = std::filesystem;

struct Counts {
  std::size_t published = 0;
  std::size_t settled = 0;
  std::size_t asked = 0;
  std::size_t missed = 0;
};

Counts count_events(const std::string& ledger) {
  Counts counts;
  const auto read = store::read_ledger(ledger, [&](const event::Event& event) {
    counts.published += std::holds_alternative<event::PolicyPublished>(event) ? 1U : 0U;
    counts.settled += std::holds_alternative<event::SlotSettled>(event) ? 1U : 0U;
    counts.asked += std::holds_alternative<event::WorkersAsked>(event) ? 1U : 0U;
    counts.missed += std::holds_alternative<event::WorkerMissed>(event) ? 1U : 0U;
    return Status{};
  });
  EXPECT_TRUE(read.ok());
  return counts;
}

std::string bytes_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

struct Played {
  Result<CampaignResult> result;
  double good;
};

Played play(const CampaignOptions& options, std::vector<double> confidence = {0.95}) {
  const auto policy = toy::even_policy();
  toy::Crowd crowd(std::move(confidence));
  auto result = run_campaign(*policy, toy::Words(), crowd, options);
  return {std::move(result), toy::probability_of_good(*policy)};
}

// A folder that is removed at the end of the test.
class Campaign : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = toy::fresh_folder(::testing::UnitTest::GetInstance()->current_test_info()->name());
  }
  void TearDown() override { fs::remove_all(folder_); }
  [[nodiscard]] CampaignOptions options() const {
    CampaignOptions options = toy::options();
    options.folder = folder_;
    return options;
  }
  [[nodiscard]] std::string ledger() const { return folder_ + "/ledger.jsonl"; }
  std::string folder_;
};

// The worked example of the header.
TEST_F(Campaign, TeachesWhatTheCrowdPrefersAndRecordsEveryStep) {
  const Played played = play(options());
  ASSERT_TRUE(played.result.ok()) << played.result.error().message();
  EXPECT_TRUE(played.result->finished());
  EXPECT_GT(played.good, 0.9);
  EXPECT_EQ(played.result->slots.size(), 16U);
  EXPECT_EQ(played.result->version, 2U);
  const Counts counts = count_events(ledger());
  EXPECT_EQ(counts.published, 3U);
  EXPECT_EQ(counts.settled, 16U);
}

TEST_F(Campaign, IsTheSameInMemoryAsInAFolder) {
  const Played on_disk = play(options());
  const Played in_memory = play(toy::options());
  ASSERT_TRUE(on_disk.result.ok() && in_memory.result.ok());
  EXPECT_EQ(on_disk.good, in_memory.good);
  EXPECT_EQ(on_disk.result->weight, in_memory.result->weight);
}

// Killed after any event: the ledger is cut there, and what was on disk of later versions stays.
TEST_F(Campaign, EndsWithTheSameLedgerHoweverItWasInterrupted) {
  CampaignOptions chosen = options();
  chosen.outcome_lag = 1;
  const Played whole = play(chosen, {0.9, 0.6, 0.2});
  ASSERT_TRUE(whole.result.ok());
  const std::string expected = bytes_of(ledger());
  for (std::size_t cut = 0; cut < expected.size();) {
    fs::remove_all(folder_);
    ASSERT_TRUE(play(chosen, {0.9, 0.6, 0.2}).result.ok());
    std::ofstream(ledger(), std::ios::binary) << expected.substr(0, cut);
    // States of versions 0 and 1 must still be there, as they were when the kill came.
    const Played again = play(chosen, {0.9, 0.6, 0.2});
    ASSERT_TRUE(again.result.ok()) << "cut at " << cut << ": " << again.result.error().message();
    ASSERT_EQ(bytes_of(ledger()), expected) << "cut at " << cut;
    ASSERT_EQ(again.good, whole.good) << "cut at " << cut;
    cut += 1999;  // a prime, so that cuts fall inside lines and between them
  }
}

TEST_F(Campaign, CanBeMadeLonger) {
  CampaignOptions three = options();
  three.rounds = 3;
  const Played at_once = play(three);
  const std::string expected = bytes_of(ledger());
  fs::remove_all(folder_);
  ASSERT_TRUE(play(options()).result.ok());
  const Played longer = play(three);
  ASSERT_TRUE(longer.result.ok()) << longer.result.error().message();
  EXPECT_EQ(bytes_of(ledger()), expected);
  EXPECT_EQ(longer.good, at_once.good);
}

TEST_F(Campaign, RefusesToGoOnWithOtherSettings) {
  ASSERT_TRUE(play(options()).result.ok());
  CampaignOptions other = options();
  other.train.step.learning_rate = 0.3;
  const Played played = play(other);
  ASSERT_FALSE(played.result.ok());
  EXPECT_EQ(played.result.error().code, ErrorCode::conflict);
  EXPECT_NE(played.result.error().message().find("learning_rate"), std::string::npos)
      << played.result.error().message();
}

TEST_F(Campaign, WaitsForReportsAndGoesOnWhenTheyCome) {
  const auto policy = toy::even_policy();
  toy::Crowd crowd({0.95});
  crowd.silent_from = "slot-10";
  const auto first = run_campaign(*policy, toy::Words(), crowd, options());
  ASSERT_TRUE(first.ok()) << first.error().message();
  EXPECT_EQ(first->waiting, 1U);
  EXPECT_EQ(first->version, 1U) << "round 0 is trained, round 1 waits";
  const Played second = play(options());
  ASSERT_TRUE(second.result.ok()) << second.result.error().message();
  EXPECT_TRUE(second.result->finished());
  EXPECT_GT(second.good, 0.9);
}

// One of two lies and the platform asks two of four: the liar's weight falls.
TEST_F(Campaign, AsksWorkersWhereTheRuleDoes) {
  CampaignOptions chosen = options();
  chosen.mechanism.weight_rule = "lf";
  chosen.mechanism.asking.asks = 2;
  chosen.mechanism.asking.step_size = 0.1;
  chosen.mechanism.label = "lf";
  chosen.outcome_lag = 0;
  const Played played = play(chosen, {0.95, 0.9, 0.1, -1.0});  // the last never answers
  ASSERT_TRUE(played.result.ok()) << played.result.error().message();
  const Counts counts = count_events(ledger());
  EXPECT_EQ(counts.missed, 1U) << "away from then on";
  EXPECT_GE(counts.asked, 17U);
  EXPECT_LT(played.result->weight[2], played.result->weight[0]);
}

TEST_F(Campaign, LetsASlotExpireThatNobodyAnswers) {
  const Played played = play(options(), {-1.0});
  ASSERT_TRUE(played.result.ok()) << played.result.error().message();
  EXPECT_NEAR(played.good, 0.5, 1e-9) << "nothing was learned";
  EXPECT_TRUE(std::all_of(played.result->slots.begin(), played.result->slots.end(),
                          [](const SlotState& s) { return s.over && s.outcome.empty(); }));
}

// Two copy a lie, one knows: the average and EM follow the two, the weights the one, the outcome
// nobody.
TEST(CampaignLabels, DifferByTheirSource) {
  const std::vector<double> crowd{0.95, 0.05, 0.05};
  CampaignOptions chosen = toy::options();
  chosen.rounds = 4;
  chosen.outcome_lag = 0;
  chosen.mechanism.label = "average";
  EXPECT_LT(play(chosen, crowd).good, 0.5);
  chosen.label = LabelSource::dawid_skene;
  EXPECT_LT(play(chosen, crowd).good, 0.5);
  chosen.label = LabelSource::outcome;
  EXPECT_GT(play(chosen, crowd).good, 0.9);
  chosen.label = LabelSource::mechanism;
  chosen.mechanism.label = "hedged";
  EXPECT_GT(play(chosen, crowd).good, 0.6);
}

TEST(CampaignOpponents, WriteTheSecondAnswer) {
  CampaignOptions chosen = toy::options();
  for (const Opponent opponent : {Opponent::previous, Opponent::initial}) {
    chosen.opponent = opponent;
    EXPECT_GT(play(chosen).good, 0.6);
  }
}

TEST(CampaignOptionsCheck, RefusesAnswersThatFillTheContext) {
  CampaignOptions chosen = toy::options();
  chosen.generate.max_tokens = 3;
  const Played played = play(chosen);
  ASSERT_FALSE(played.result.ok());
  EXPECT_EQ(played.result.error().field, "max_tokens");
  EXPECT_NE(played.result.error().message().find("4 tokens"), std::string::npos);
}

TEST(CampaignOptionsCheck, NamesWhatIsMissing) {
  CampaignOptions chosen = toy::options();
  chosen.slots_per_round = 0;
  const Played played = play(chosen);
  ASSERT_FALSE(played.result.ok());
  EXPECT_EQ(played.result.error().field, "slots_per_round");
}

}  // namespace
}  // namespace candor::campaign
