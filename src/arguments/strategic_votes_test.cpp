#include "candor/arguments/strategic_votes.h"

#include <gtest/gtest.h>

#include <set>

#include "arguments/small_crowd.h"

namespace candor::arguments {
namespace {

std::string kind_of(const CrowdText& text, const Vote& vote) {
  const std::string& name = text.workers[vote.worker.index()];
  return name.substr(0, name.find('-'));
}

TEST(StrategicVotes, AreThoseOfTheWorkedExample) {
  CrowdText text = small_crowd();
  text.pairs[0].gold = 0.0;  // nobody looks at it
  const auto mixed = with_strategic_votes(text, {.ring_lie = 1.0, .accounts = 2}, 1);
  ASSERT_TRUE(mixed.ok());
  const auto& votes = mixed->pairs[0].votes;
  ASSERT_EQ(votes.size(), 4U + 4U);
  EXPECT_EQ(votes[4].a_preferred, 0.0);  // contrarian: most are for a
  EXPECT_EQ(votes[5].a_preferred, 0.0);  // b is the shorter
  EXPECT_EQ(votes[6].a_preferred, 0.0);  // the ring
  EXPECT_EQ(votes[7].a_preferred, 0.0);
  EXPECT_NE(votes[6].worker, votes[7].worker);
  EXPECT_EQ(mixed->pairs[1].votes[2].a_preferred, 1.0);
  EXPECT_EQ(mixed->pairs[1].votes[3].a_preferred, 1.0);
  EXPECT_EQ(kind_of(*mixed, votes[4]), "contrarian");
  EXPECT_EQ(kind_of(*mixed, votes[5]), "shorter");
  EXPECT_EQ(kind_of(*mixed, votes[6]), "ring");
  EXPECT_EQ(mixed->workers.size(), 4U + 6U);
  const auto truthful = with_strategic_votes(text, {.ring_lie = 0.0, .accounts = 2}, 1);
  EXPECT_EQ(truthful->pairs[0].votes[6].a_preferred, 1.0);
  EXPECT_EQ(describe({.shorter_votes = 0}).size(), 2U);
}

TEST(StrategicVotes, LeaveTheRecordedOnesAndComeAgain) {
  const CrowdText text = generated_crowd_text(1);
  const auto mixed = with_strategic_votes(text, {}, 7).value();
  const auto again = with_strategic_votes(text, {}, 7).value();
  const auto other = with_strategic_votes(text, {}, 8).value();
  std::size_t differ = 0;
  for (std::size_t i = 0; i < text.pairs.size(); ++i) {
    ASSERT_EQ(mixed.pairs[i].votes.size(), text.pairs[i].votes.size() + 4);
    std::set<WorkerId> voters;
    for (std::size_t v = 0; v < mixed.pairs[i].votes.size(); ++v) {
      const Vote& vote = mixed.pairs[i].votes[v];
      EXPECT_EQ(vote.worker, again.pairs[i].votes[v].worker);
      EXPECT_EQ(vote.a_preferred, again.pairs[i].votes[v].a_preferred);
      differ += vote.worker == other.pairs[i].votes[v].worker ? 0 : 1;
      voters.insert(vote.worker);
      if (v < text.pairs[i].votes.size()) {
        EXPECT_EQ(vote.worker, text.pairs[i].votes[v].worker);
      }
    }
    EXPECT_EQ(voters.size(), mixed.pairs[i].votes.size());
  }
  EXPECT_GT(differ, text.pairs.size());
}

TEST(StrategicVotes, AccountsTurnUpAllThroughTheCampaign) {
  const CrowdText text = generated_crowd_text(1);
  const auto mixed = with_strategic_votes(text, {.accounts = 10}, 7).value();
  const std::size_t contrarians = text.workers.size();
  std::vector<std::size_t> first(10, text.pairs.size());
  for (std::size_t i = text.pairs.size(); i-- > 0;) {
    const std::size_t account = mixed.pairs[i].votes[5].worker.index() - contrarians;
    ASSERT_LT(account, 10U);
    first[account] = i;
  }
  for (std::size_t k = 0; k < 10; ++k) {
    EXPECT_GE(first[k], k * text.pairs.size() / 10);
    EXPECT_LT(first[k], (k + 2) * text.pairs.size() / 10);
  }
}

TEST(StrategicVotes, RefusePlansThatCannotBe) {
  const CrowdText text = small_crowd();
  EXPECT_NE(with_strategic_votes(text, {.accounts = 1}, 1)
                .error()
                .message()
                .find("\"strategic accounts\": found 1; expected at least 2"),
            std::string::npos);
  EXPECT_FALSE(with_strategic_votes(text, {.ring_lie = 1.5}, 1).ok());
}

}  // namespace
}  // namespace candor::arguments
