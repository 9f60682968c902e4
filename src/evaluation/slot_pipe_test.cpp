#include "evaluation/slot_pipe.h"

#include <gtest/gtest.h>

#include <atomic>

#include "candor/base/random.h"

namespace candor::evaluation {
namespace {

constexpr std::size_t answers = 3;

struct Slot {
  SlotId slot;
  std::vector<WorkerId> workers;
  std::vector<double> reports;
  std::vector<double> outcome;

  [[nodiscard]] dataset::SlotRecord record() const { return {slot, workers, reports, outcome}; }
  friend bool operator==(const Slot&, const Slot&) = default;
};

// Many small slots and a few far larger than a batch; half of them have an outcome.
std::vector<Slot> random_slots(std::size_t count) {
  RandomStream random(1);
  std::vector<Slot> slots(count);
  for (std::uint32_t s = 0; s < count; ++s) {
    slots[s].slot = SlotId{s};
    const std::size_t size = s % 1000 == 999 ? 20'000 : 1 + random.below(20);
    for (std::uint32_t i = 0; i < size; ++i) slots[s].workers.push_back(WorkerId{i});
    slots[s].reports.resize(size * answers);
    for (double& value : slots[s].reports) value = random.uniform();
    if (random.bernoulli(.5)) slots[s].outcome = {random.uniform(), 0.25, 1.0};
  }
  return slots;
}

TEST(SlotPipe, HandsOverEverySlotWholeAndInOrder) {
  const std::vector<Slot> slots = random_slots(5000);
  std::vector<Slot> visited;
  SlotPipe pipe(answers, [&](const dataset::SlotRecord& record) -> Status {
    visited.push_back({record.slot,
                       {record.workers.begin(), record.workers.end()},
                       {record.reports.begin(), record.reports.end()},
                       {record.outcome.begin(), record.outcome.end()}});
    return {};
  });
  for (const Slot& slot : slots) ASSERT_TRUE(pipe.push(slot.record()).ok());
  ASSERT_TRUE(pipe.finish().ok());
  EXPECT_EQ(visited, slots);
}

TEST(SlotPipe, VisitsNothingAfterTheVisitorsFirstErrorAndReturnsIt) {
  const std::vector<Slot> slots = random_slots(5000);
  std::uint32_t visits = 0;
  SlotPipe pipe(answers, [&](const dataset::SlotRecord& record) -> Status {
    ++visits;
    if (record.slot.value < 700) return {};
    return Error{ErrorCode::conflict, "slot " + std::to_string(record.slot.value)};
  });
  std::size_t pushed = 0;
  for (const Slot& slot : slots) {
    if (!pipe.push(slot.record()).ok()) break;
    ++pushed;
  }
  const Status status = pipe.finish();
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().found, "slot 700");
  EXPECT_EQ(visits, 701U);
  EXPECT_LT(pushed, slots.size()) << "the reader should learn of the error";
}

TEST(SlotPipe, ReturnsAnErrorInTheLastBatchToo) {
  SlotPipe pipe(answers, [](const dataset::SlotRecord&) -> Status {
    return Error{ErrorCode::conflict, "the only slot"};
  });
  ASSERT_TRUE(pipe.push(random_slots(1)[0].record()).ok());
  EXPECT_EQ(pipe.finish().error().found, "the only slot");
}

TEST(SlotPipe, FinishesWithoutAnySlot) {
  SlotPipe pipe(answers, [](const dataset::SlotRecord&) { return Status{}; });
  EXPECT_TRUE(pipe.finish().ok());
}

TEST(SlotPipe, MayBeDroppedWithoutBeingFinished) {
  std::atomic<int> visits = 0;
  {
    SlotPipe pipe(answers, [&](const dataset::SlotRecord&) {
      ++visits;
      return Status{};
    });
    for (const Slot& slot : random_slots(10)) ASSERT_TRUE(pipe.push(slot.record()).ok());
  }
  EXPECT_EQ(visits, 10);
}

}  // namespace
}  // namespace candor::evaluation
