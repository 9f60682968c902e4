// What the fold refuses, and that a refusal leaves no trace.
#include "candor/event/fold.h"

#include <gtest/gtest.h>

#include <initializer_list>
#include <limits>

#include "candor/base/random.h"

namespace candor::event {
namespace {

constexpr WorkerId ann{0};
constexpr WorkerId bob{1};
constexpr SlotId first{0};
constexpr SlotId second{1};
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

CampaignOpened campaign(std::size_t answers = 2) {
  CampaignOpened opened{"test", {"A", "B", "tie"}, {}};
  opened.answers.resize(answers);
  opened.spec.weighted_score.step_size = 0.25;
  return opened;
}

std::vector<Event> two_workers() {
  return {campaign(), WorkerJoined{ann, "ann"}, WorkerJoined{bob, "bob"}};
}

std::vector<Event> operator+(std::vector<Event> events, const std::vector<Event>& more) {
  events.insert(events.end(), more.begin(), more.end());
  return events;
}

const std::vector<Event> first_opened{SlotOpened{first, "t0"}};
const std::vector<Event> first_pooled{SlotOpened{first, "t0"},
                                      ReportSubmitted{first, ann, {.8, .2}},
                                      ReportSubmitted{first, bob, {.4, .6}}, SlotPooled{first, .5}};
const std::vector<Event> outcome_known{OutcomeRevealed{first, {1, 0}}};

Fold folded(const std::vector<Event>& events) {
  Fold fold;
  for (const Event& event : events) {
    const Status status = fold.apply(event);
    EXPECT_TRUE(status.ok()) << status.error().message();
  }
  return fold;
}

// What anybody can see of a fold.
void expect_same_state(const Fold& a, const Fold& b) {
  EXPECT_EQ(a.check(), b.check());
  EXPECT_EQ(a.closed(), b.closed());
  EXPECT_EQ(a.settled_slots(), b.settled_slots());
  EXPECT_EQ(a.answers(), b.answers());
  EXPECT_EQ(a.worker_names(), b.worker_names());
  EXPECT_EQ(a.slot_names(), b.slot_names());
  EXPECT_EQ(a.balances_micro(), b.balances_micro());
  ASSERT_EQ(a.mechanism() == nullptr, b.mechanism() == nullptr);
  if (a.mechanism() == nullptr) return;
  EXPECT_EQ(a.mechanism()->weight_rule().weights(), b.mechanism()->weight_rule().weights());
  EXPECT_EQ(a.mechanism()->pools().member_weights(), b.mechanism()->pools().member_weights());
}

void expect_refused(const std::vector<Event>& before, const Event& event, ErrorCode code,
                    std::initializer_list<std::string_view> pieces) {
  Fold fold = folded(before);
  const Status status = fold.apply(event);
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().code, code);
  const std::string message = status.error().message();
  for (const std::string_view piece : pieces)
    EXPECT_NE(message.find(piece), std::string::npos) << "no \"" << piece << "\" in: " << message;
  expect_same_state(fold, folded(before));
}

TEST(Fold, RefusesEveryOtherEventBeforeTheCampaignIsOpened) {
  for (const Event& event :
       two_workers() + first_pooled + outcome_known +
           std::vector<Event>{SlotSettled{first}, SlotExpired{first}, CampaignClosed{}})
    if (!std::holds_alternative<CampaignOpened>(event))
      expect_refused({}, event, ErrorCode::conflict, {"before campaign.opened"});
}

TEST(Fold, RefusesASecondCampaign) {
  expect_refused(two_workers(), campaign(), ErrorCode::conflict, {"second campaign.opened"});
}

TEST(Fold, RefusesACampaignThatNoMechanismFits) {
  CampaignOpened wild = campaign();
  wild.spec.weighted_score.step_size = 1.5;
  expect_refused({}, wild, ErrorCode::out_of_range, {"1.5"});
  expect_refused({}, campaign(1), ErrorCode::invalid_argument, {"answers"});
  CampaignOpened floorless = campaign();
  floorless.spec.loss = {scoring::LossRule::Kind::clipped_log, 0.0};
  expect_refused({}, floorless, ErrorCode::out_of_range, {"floor"});
}

TEST(Fold, RefusesEveryEventAfterTheCampaignIsClosed) {
  const auto closed = two_workers() + first_pooled + std::vector<Event>{CampaignClosed{}};
  for (const Event& event :
       std::vector<Event>{campaign(), WorkerJoined{WorkerId{2}, "cy"}, SlotOpened{second, "t1"},
                          OutcomeRevealed{first, {1, 0}}, SlotExpired{first}, CampaignClosed{}})
    expect_refused(closed, event, ErrorCode::conflict, {"after campaign.closed"});
}

TEST(Fold, RefusesNumbersOfWorkersAndSlotsOutOfTurn) {
  expect_refused(two_workers(), WorkerJoined{bob, "again"}, ErrorCode::invalid_argument,
                 {"worker", "expected 2"});
  expect_refused(two_workers(), WorkerJoined{WorkerId{7}, "far"}, ErrorCode::invalid_argument,
                 {"7", "expected 2"});
  expect_refused(two_workers(), SlotOpened{second, "t1"}, ErrorCode::conflict,
                 {"slot 1", "slot 0, the next slot"});
  expect_refused(two_workers() + first_opened, SlotOpened{first, "t0"}, ErrorCode::conflict,
                 {"slot 0", "slot 1, the next slot"});
}

TEST(Fold, RefusesEventsOfASlotThatWasNeverOpened) {
  const SlotId ghost{9};
  for (const Event& event :
       std::vector<Event>{ReportSubmitted{ghost, ann, {1, 0}}, SlotPooled{ghost, 0},
                          OutcomeRevealed{ghost, {1, 0}}, SlotSettled{ghost}, SlotExpired{ghost}})
    expect_refused(two_workers() + first_opened, event, ErrorCode::not_found, {"slot 9"});
}

TEST(Fold, RefusesAReportOfSomebodyWhoHasNotJoined) {
  expect_refused(two_workers() + first_opened, ReportSubmitted{first, WorkerId{2}, {1, 0}},
                 ErrorCode::not_found, {"worker 2", "join first"});
}

TEST(Fold, RefusesReportsThatAreNoProbabilities) {
  const auto open = two_workers() + first_opened;
  const auto report = [](std::vector<double> row) { return ReportSubmitted{first, ann, row}; };
  expect_refused(open, report({1.7, -.7}), ErrorCode::out_of_range, {"report", "1.7"});
  expect_refused(open, report({.5, .4}), ErrorCode::out_of_range, {"a sum of 0.9"});
  expect_refused(open, report({not_a_number, .4}), ErrorCode::out_of_range, {"nan"});
  expect_refused(open, report({.2, .3, .5}), ErrorCode::out_of_range, {"3 probabilities"});
  expect_refused(open, report({}), ErrorCode::out_of_range, {"0 probabilities"});
}

TEST(Fold, RefusesASecondReportOfAWorkerOnASlot) {
  const auto reported =
      two_workers() + first_opened + std::vector<Event>{ReportSubmitted{first, ann, {.8, .2}}};
  expect_refused(reported, ReportSubmitted{first, ann, {.1, .9}}, ErrorCode::conflict,
                 {"a second report of worker 0 on slot 0"});
}

TEST(Fold, FindsASecondReportAmongManyWorkersToo) {
  Fold fold;
  ASSERT_TRUE(fold.apply(campaign()).ok());
  constexpr std::uint32_t workers = 50;
  for (std::uint32_t i = 0; i < workers; ++i)
    ASSERT_TRUE(fold.apply(WorkerJoined{WorkerId{i}, "w"}).ok());
  ASSERT_TRUE(fold.apply(SlotOpened{first, "t0"}).ok());
  for (std::uint32_t i = 0; i < workers; ++i) {
    ASSERT_TRUE(fold.apply(ReportSubmitted{first, WorkerId{i}, {.5, .5}}).ok());
    for (std::uint32_t j = 0; j <= i; ++j)
      ASSERT_FALSE(fold.apply(ReportSubmitted{first, WorkerId{j}, {.5, .5}}).ok())
          << i << ", " << j;
  }
}

TEST(Fold, RefusesReportsForASlotThatIsPooled) {
  expect_refused(two_workers() + first_pooled, ReportSubmitted{first, ann, {1, 0}},
                 ErrorCode::conflict, {"a report for slot 0", "before slot.pooled"});
}

TEST(Fold, RefusesToPoolASlotTwiceOrWithoutReportsOrByAnImpossibleDraw) {
  expect_refused(two_workers() + first_pooled, SlotPooled{first, 0}, ErrorCode::conflict,
                 {"a second slot.pooled of slot 0"});
  expect_refused(two_workers() + first_opened, SlotPooled{first, 0}, ErrorCode::invalid_argument,
                 {"at least one report"});
  const auto reported =
      two_workers() + first_opened + std::vector<Event>{ReportSubmitted{first, ann, {.8, .2}}};
  for (const double draw : {1.0, -0.1, not_a_number})
    expect_refused(reported, SlotPooled{first, draw}, ErrorCode::out_of_range, {"draw", "[0,1)"});
}

TEST(Fold, RefusesAnOutcomeBeforeTheSlotIsPooled) {
  for (const Event& event : std::vector<Event>{OutcomeRevealed{first, {1, 0}}, SlotSettled{first}})
    expect_refused(two_workers() + first_opened, event, ErrorCode::conflict,
                   {"slot 0, which is not pooled yet"});
}

// Nobody came: the slot is given up, and takes no further events.
TEST(Fold, LetsASlotExpireBeforeItIsPooled) {
  Fold fold = folded(two_workers() + first_opened + std::vector<Event>{SlotExpired{first}});
  EXPECT_EQ(fold.apply(SlotPooled{first, .5}).error().code, ErrorCode::conflict);
  EXPECT_TRUE(fold.apply(SlotOpened{second, "t1"}).ok());
}

TEST(Fold, RefusesOutcomesThatAreNoProbabilitiesOrComeTwice) {
  const auto pooled = two_workers() + first_pooled;
  expect_refused(pooled, OutcomeRevealed{first, {1}}, ErrorCode::out_of_range,
                 {"1 probabilities", "expected 2"});
  expect_refused(pooled, OutcomeRevealed{first, {2, -1}}, ErrorCode::out_of_range, {"outcome"});
  expect_refused(pooled + outcome_known, OutcomeRevealed{first, {0, 1}}, ErrorCode::conflict,
                 {"a second outcome of slot 0"});
}

TEST(Fold, RefusesToSettleWithoutAnOutcome) {
  expect_refused(two_workers() + first_pooled, SlotSettled{first}, ErrorCode::conflict,
                 {"slot 0, which has no outcome", "outcome.revealed first"});
}

TEST(Fold, RefusesAnyFurtherEventOfASlotThatIsSettledOrExpired) {
  const auto settled =
      two_workers() + first_pooled + outcome_known + std::vector<Event>{SlotSettled{first}};
  const auto expired = two_workers() + first_pooled + std::vector<Event>{SlotExpired{first}};
  for (const auto& done : {settled, expired})
    for (const Event& event :
         std::vector<Event>{ReportSubmitted{first, ann, {1, 0}}, SlotPooled{first, 0},
                            OutcomeRevealed{first, {1, 0}}, SlotSettled{first}, SlotExpired{first}})
      expect_refused(done, event, ErrorCode::conflict, {"slot 0, which is settled or expired"});
}

TEST(Fold, CallsAnotherChecksumCorrupt) {
  Fold fold = folded(two_workers() + first_pooled + outcome_known);
  const Status settled = fold.apply(SlotSettled{first, 1});
  ASSERT_FALSE(settled.ok());
  EXPECT_EQ(settled.error().code, ErrorCode::corrupt);
  EXPECT_NE(settled.error().message().find("slot 0"), std::string::npos);

  const Status closed = folded(two_workers()).apply(CampaignClosed{1});
  ASSERT_FALSE(closed.ok());
  EXPECT_EQ(closed.error().code, ErrorCode::corrupt);
}

TEST(Fold, TakesTheChecksumThatItComputed) {
  const auto events = two_workers() + first_pooled + outcome_known;
  Fold producer = folded(events);
  ASSERT_TRUE(producer.apply(SlotSettled{first}).ok());
  const std::uint64_t settled = producer.check();
  ASSERT_TRUE(producer.apply(CampaignClosed{}).ok());
  Fold verifier = folded(events);
  EXPECT_TRUE(verifier.apply(SlotSettled{first, settled}).ok());
  EXPECT_TRUE(verifier.apply(CampaignClosed{producer.check()}).ok());
  EXPECT_NE(settled, producer.check());
}

// A campaign with refused events before every good one ends exactly as the campaign without them.
TEST(Fold, IsNotMovedByRefusedEventsAnywhereInACampaign) {
  RandomStream random(3);
  std::vector<Event> good = two_workers();
  for (std::uint32_t s = 0; s < 40; ++s) {
    const SlotId slot{s};
    const double a = random.uniform();
    const double b = random.uniform();
    good = good + std::vector<Event>{SlotOpened{slot, "t"}, ReportSubmitted{slot, ann, {a, 1 - a}},
                                     ReportSubmitted{slot, bob, {b, 1 - b}},
                                     SlotPooled{slot, random.uniform()}};
    if (s % 5 == 4)
      good.emplace_back(SlotExpired{slot});
    else
      good = good + std::vector<Event>{OutcomeRevealed{slot, {random.bernoulli(.7) ? 1.0 : 0.0, 0}},
                                       SlotSettled{slot}};
    if (auto* outcome = std::get_if<OutcomeRevealed>(&good[good.size() - 2]))
      outcome->outcome[1] = 1.0 - outcome->outcome[0];
  }
  Fold disturbed;
  for (const Event& event : good) {
    for (std::uint32_t s = 0; s <= 40 && disturbed.mechanism() != nullptr; ++s) {
      const SlotId slot{s};
      for (const Event& bad : std::vector<Event>{
               campaign(3), WorkerJoined{WorkerId{50}, "x"}, SlotOpened{SlotId{1000}, "x"},
               ReportSubmitted{slot, ann, {1, 1}}, ReportSubmitted{slot, WorkerId{5}, {1, 0}},
               SlotPooled{slot, 1.0}, OutcomeRevealed{slot, {.5, .4}}})
        ASSERT_FALSE(disturbed.apply(bad).ok());
    }
    ASSERT_TRUE(disturbed.apply(event).ok());
  }
  expect_same_state(disturbed, folded(good));
}

}  // namespace
}  // namespace candor::event
