// Policies and what they write, as the fold takes them.
#include <gtest/gtest.h>

#include "candor/event/fold.h"

namespace candor::event {
namespace {

constexpr SlotId slot{0};

AnswersWritten answers(std::uint32_t a, std::uint32_t b) {
  return {slot, "fri 17h:", {"heavy", "light"}, {a, b}, {{7, 1}, {8, 1}}};
}

// A campaign with one worker and one open slot.
Fold open_campaign() {
  Fold fold;
  EXPECT_TRUE(fold.apply(CampaignOpened{"c", {"A", "B"}, {}}).ok());
  EXPECT_TRUE(fold.apply(WorkerJoined{WorkerId{0}, "ann"}).ok());
  EXPECT_TRUE(fold.apply(SlotOpened{slot, "t0"}).ok());
  return fold;
}

void expect_refused(Fold& fold, const Event& event, ErrorCode code, const std::string& piece) {
  const Status status = fold.apply(event);
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().code, code);
  EXPECT_NE(status.error().message().find(piece), std::string::npos) << status.error().message();
}

TEST(FoldPolicies, CountsVersionsAndTakesTheAnswersTheyWrote) {
  Fold fold = open_campaign();
  EXPECT_EQ(fold.policies(), 0U);
  ASSERT_TRUE(fold.apply(PolicyPublished{0, 0, "aa"}).ok());
  ASSERT_TRUE(fold.apply(PolicyPublished{1, 20, "bb"}).ok());
  EXPECT_EQ(fold.policies(), 2U);
  EXPECT_TRUE(fold.apply(answers(0, 1)).ok());
}

TEST(FoldPolicies, RefusesAVersionOutOfOrder) {
  Fold fold = open_campaign();
  expect_refused(fold, PolicyPublished{1, 0, "aa"}, ErrorCode::conflict, "policy 0, the next");
  EXPECT_EQ(fold.policies(), 0U);
}

TEST(FoldPolicies, RefusesAnswersOfAPolicyThatWasNotPublished) {
  Fold fold = open_campaign();
  ASSERT_TRUE(fold.apply(PolicyPublished{0, 0, "aa"}).ok());
  expect_refused(fold, answers(0, 1), ErrorCode::conflict, "an answer of policy 1");
  EXPECT_TRUE(fold.apply(answers(0, 0)).ok()) << "a refused event leaves no trace";
}

TEST(FoldPolicies, RefusesAnswersTwiceOrAfterPoolingOrTooFew) {
  Fold fold = open_campaign();
  ASSERT_TRUE(fold.apply(PolicyPublished{0, 0, "aa"}).ok());
  AnswersWritten one = answers(0, 0);
  one.text.pop_back();
  expect_refused(fold, one, ErrorCode::out_of_range, "1 texts, 2 policies");
  ASSERT_TRUE(fold.apply(answers(0, 0)).ok());
  expect_refused(fold, answers(0, 0), ErrorCode::conflict, "a second answers.written");
  ASSERT_TRUE(fold.apply(ReportSubmitted{slot, WorkerId{0}, {0.5, 0.5}}).ok());
  ASSERT_TRUE(fold.apply(SlotPooled{slot, 0.5}).ok());
  expect_refused(fold, answers(0, 0), ErrorCode::conflict, "before slot.pooled");
}

}  // namespace
}  // namespace candor::event
