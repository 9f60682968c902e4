#include "dataset/open_slots.h"

#include <gtest/gtest.h>

#include <vector>

#include "candor/base/random.h"

namespace candor::dataset {
namespace {

TEST(OpenSlots, KeepsFirstReportsUntilClosed) {
  OpenSlots open(2);
  EXPECT_TRUE(open.add(SlotId{1}, WorkerId{5}, .5, 10));
  EXPECT_FALSE(open.add(SlotId{1}, WorkerId{5}, .7, 11));
  EXPECT_TRUE(open.add(SlotId{1}, WorkerId{6}, .9, 12));
  std::vector<WorkerId> workers;
  std::vector<double> codes;
  open.copy(SlotId{1}, workers, codes);
  EXPECT_EQ(workers, (std::vector<WorkerId>{{5}, {6}}));
  EXPECT_EQ(codes, (std::vector<double>{.5, .9}));
  open.close(SlotId{1});
  EXPECT_FALSE(open.add(SlotId{1}, WorkerId{7}, .1, 13)) << "a closed slot takes nothing";
  EXPECT_EQ(open.last_kept_row(SlotId{1}), 12U);
  EXPECT_EQ(open.last_kept_row(SlotId{0}), 0U);
}

// Slots of many sizes, opened and closed in turn so that memory is used again, against plain
// vectors.
TEST(OpenSlots, AgreesWithPlainVectorsAcrossReuse) {
  constexpr std::uint32_t slots = 400;
  OpenSlots open(slots);
  RandomStream random(2);
  std::vector<std::vector<WorkerId>> expected(slots);
  std::vector<std::uint32_t> active{0, 1, 2, 3, 4};
  std::uint32_t next = 5;
  while (!active.empty()) {
    const std::size_t place = random.below(active.size());
    const SlotId slot{active[place]};
    std::vector<WorkerId>& kept = expected[slot.index()];
    const WorkerId worker{static_cast<std::uint32_t>(random.below(300))};
    const bool fresh = std::find(kept.begin(), kept.end(), worker) == kept.end();
    if (fresh) kept.push_back(worker);
    ASSERT_EQ(open.add(slot, worker, worker.value * 0.5, 1), fresh);
    if (!random.bernoulli(slot.value % 10 == 0 ? .003 : .1)) continue;
    std::vector<WorkerId> workers;
    std::vector<double> codes;
    open.copy(slot, workers, codes);
    ASSERT_EQ(workers, kept);
    for (std::size_t i = 0; i < codes.size(); ++i) ASSERT_EQ(codes[i], workers[i].value * 0.5);
    open.close(slot);
    if (next < slots)
      active[place] = next++;
    else
      active.erase(active.begin() + static_cast<std::ptrdiff_t>(place));
  }
}

}  // namespace
}  // namespace candor::dataset
