#include "candor/evaluation/producer.h"

#include <gtest/gtest.h>

#include "dataset/test_files.h"

namespace candor::evaluation {
namespace {

using dataset::TestFolder;
using event::Event;

std::vector<Event> one_slot() {
  return {event::CampaignOpened{"c", {"A", "B"}, {}},
          event::WorkerJoined{WorkerId{0}, "ann"},
          event::WorkerJoined{WorkerId{1}, "bob"},
          event::SlotOpened{SlotId{0}, "t0"},
          event::ReportSubmitted{SlotId{0}, WorkerId{0}, {.75, .25}},
          event::ReportSubmitted{SlotId{0}, WorkerId{1}, {.5, .5}},
          event::SlotPooled{SlotId{0}, 0.5},
          event::OutcomeRevealed{SlotId{0}, {1, 0}},
          event::SlotSettled{SlotId{0}}};
}

TEST(Producer, RecordsTheChecksumsThatTheFoldComputed) {
  const TestFolder folder;
  Producer producer(nullptr);
  ASSERT_TRUE(producer.record_to(folder.path("ledger.jsonl")).ok());
  for (const Event& event : one_slot()) ASSERT_TRUE(producer.emit(event).ok());
  const std::uint64_t settled = producer.fold().check();
  ASSERT_TRUE(producer.close().ok());
  std::vector<std::uint64_t> checks;
  const auto events = store::read_ledger(folder.path("ledger.jsonl"), [&](const Event& event) {
    if (const auto* e = std::get_if<event::SlotSettled>(&event)) checks.push_back(e->check);
    if (const auto* e = std::get_if<event::CampaignClosed>(&event)) checks.push_back(e->check);
    return Status{};
  });
  ASSERT_TRUE(events.ok()) << events.error().message();
  EXPECT_EQ(*events, one_slot().size() + 1);
  EXPECT_NE(settled, 0U);
  EXPECT_EQ(checks, (std::vector<std::uint64_t>{settled, producer.fold().check()}));
}

TEST(Producer, NeverRecordsAnEventThatTheFoldRefuses) {
  const TestFolder folder;
  Producer producer(nullptr);
  ASSERT_TRUE(producer.record_to(folder.path("ledger.jsonl")).ok());
  for (const Event& event : one_slot()) {
    EXPECT_FALSE(producer.emit(event::SlotExpired{SlotId{5}}).ok());
    ASSERT_TRUE(producer.emit(event).ok());
  }
  ASSERT_TRUE(producer.close().ok());
  event::Fold fold;
  const auto events = store::read_ledger(folder.path("ledger.jsonl"),
                                         [&](const Event& event) { return fold.apply(event); });
  ASSERT_TRUE(events.ok()) << events.error().message();
  EXPECT_EQ(*events, one_slot().size() + 1);
}

TEST(Producer, LeavesNoFileUnlessItIsClosed) {
  const TestFolder folder;
  {
    Producer producer(nullptr);
    ASSERT_TRUE(producer.record_to(folder.path("ledger.jsonl")).ok());
    for (const Event& event : one_slot()) ASSERT_TRUE(producer.emit(event).ok());
  }
  EXPECT_TRUE(std::filesystem::is_empty(folder.path(".")));
}

TEST(Producer, FoldsWithoutALedgerToo) {
  Producer producer(nullptr);
  for (const Event& event : one_slot()) ASSERT_TRUE(producer.emit(event).ok());
  ASSERT_TRUE(producer.close().ok());
  EXPECT_TRUE(producer.fold().closed());
}

TEST(Producer, NamesALedgerThatCannotBeWritten) {
  const TestFolder folder;
  Producer producer(nullptr);
  dataset::expect_message(producer.record_to(folder.path("missing/ledger.jsonl")),
                          {"missing/ledger.jsonl", "opening for writing failed"});
}

}  // namespace
}  // namespace candor::evaluation
