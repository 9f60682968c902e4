// The campaign's account.
#include <gtest/gtest.h>

#include <limits>
#include <map>

#include "candor/base/random.h"
#include "candor/payment/budget.h"

namespace candor::payment {
namespace {

constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();

void expect_refused(const Status& status, ErrorCode code, std::string_view text) {
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().code, code);
  EXPECT_NE(status.error().message().find(text), std::string::npos) << status.error().message();
}

TEST(Budget, KeepsTheAccountOfTheHandWorkedCampaign) {
  auto opened = Budget::create(10'000);
  Budget& budget = *opened;
  ASSERT_TRUE(budget.reserve(SlotId{0}, 1000).ok());
  ASSERT_TRUE(budget.reserve(SlotId{1}, 1000).ok());
  EXPECT_EQ(budget.left(), 8000);
  EXPECT_EQ(budget.reserved(), 2000);
  ASSERT_TRUE(budget.spend(SlotId{0}, 640).ok());
  EXPECT_EQ(budget.left(), 8360);
  EXPECT_EQ(budget.spent(), 640);
  ASSERT_TRUE(budget.release(SlotId{1}).ok());
  EXPECT_EQ(budget.left(), 9360);
  EXPECT_EQ(budget.reserved(), 0);
  EXPECT_EQ(budget.open_slots(), 0U);
}

TEST(Budget, RefusesASlotThatItCouldNotPayAndSaysWhatIsLeft) {
  auto opened = Budget::create(2500);
  Budget& budget = *opened;
  ASSERT_TRUE(budget.reserve(SlotId{0}, 1000).ok());
  ASSERT_TRUE(budget.spend(SlotId{0}, 1000).ok());
  ASSERT_TRUE(budget.reserve(SlotId{1}, 1000).ok());
  const Status refused = budget.reserve(SlotId{2}, 1000);
  expect_refused(refused, ErrorCode::conflict, "at most 500, which is what is left of 2500");
  expect_refused(refused, ErrorCode::conflict, "1000 spent, 1000 set aside for 1 open slots");
  expect_refused(refused, ErrorCode::conflict, "raise the campaign's budget");
  ASSERT_TRUE(budget.raise(500).ok());
  EXPECT_TRUE(budget.reserve(SlotId{2}, 1000).ok());
  EXPECT_EQ(budget.left(), 0);
}

TEST(Budget, PaysASlotOnceAndWithinItsReserve) {
  auto opened = Budget::create(2500);
  Budget& budget = *opened;
  ASSERT_TRUE(budget.reserve(SlotId{7}, 1000).ok());
  expect_refused(budget.reserve(SlotId{7}, 1), ErrorCode::conflict, "slot 7");
  expect_refused(budget.spend(SlotId{7}, 1001), ErrorCode::out_of_range, "0 to 1000");
  expect_refused(budget.spend(SlotId{7}, -1), ErrorCode::out_of_range, "0 to 1000");
  ASSERT_TRUE(budget.spend(SlotId{7}, 1000).ok());
  expect_refused(budget.spend(SlotId{7}, 0), ErrorCode::not_found, "slot 7");
  expect_refused(budget.release(SlotId{7}), ErrorCode::not_found, "slot 7");
  EXPECT_EQ(budget.spent(), 1000);
}

TEST(Budget, RefusesAmountsBelowNothingOrBeyondCounting) {
  EXPECT_FALSE(Budget::create(-1).ok());
  auto opened = Budget::create(most);
  expect_refused(opened->reserve(SlotId{0}, -1), ErrorCode::out_of_range, "-1");
  expect_refused(opened->raise(1), ErrorCode::out_of_range, "at most 0 more");
  expect_refused(opened->raise(-1), ErrorCode::out_of_range, "-1");
  EXPECT_EQ(opened->left(), most);
}

// An account kept the slow way beside the real one, under any operations, allowed or not.
class TwoAccounts {
 public:
  TwoAccounts(std::int64_t total, std::uint64_t seed)
      : budget_(std::move(*Budget::create(total))), total_(total), random_(seed) {}

  void step() {
    const SlotId slot{static_cast<std::uint32_t>(random_.below(12))};
    const std::int64_t micro = amount();
    switch (random_.below(4)) {
      case 0:
        return reserve(slot, micro);
      case 1:
        return spend(slot, micro);
      case 2:
        return release(slot);
      default:
        return raise(random_.bernoulli(.1) ? micro : 0);
    }
  }

  void expect_equal() const {
    __extension__ using Wide = __int128;
    std::int64_t reserved = 0;
    for (const auto& [slot, micro] : reserve_) reserved += micro;
    ASSERT_EQ(budget_.total(), total_);
    ASSERT_EQ(budget_.reserved(), reserved);
    ASSERT_EQ(budget_.spent(), spent_);
    ASSERT_EQ(budget_.open_slots(), reserve_.size());
    ASSERT_GE(budget_.left(), 0);
    ASSERT_TRUE(Wide{budget_.spent()} + budget_.reserved() + budget_.left() == Wide{total_});
  }

 private:
  std::int64_t amount() {
    if (random_.bernoulli(.1)) return random_.bernoulli(.5) ? most : -1;
    const std::int64_t left = budget_.left();
    if (random_.bernoulli(.1)) return left;
    if (random_.bernoulli(.1)) return left < most ? left + 1 : most;
    return static_cast<std::int64_t>(random_.next() >> (1 + random_.below(63)));
  }
  void reserve(SlotId slot, std::int64_t micro) {
    const bool fits = micro >= 0 && !reserve_.contains(slot) && micro <= budget_.left();
    ASSERT_EQ(budget_.reserve(slot, micro).ok(), fits);
    if (fits) reserve_[slot] = micro;
  }
  void spend(SlotId slot, std::int64_t micro) {
    const bool fits = reserve_.contains(slot) && micro >= 0 && micro <= reserve_[slot];
    ASSERT_EQ(budget_.spend(slot, micro).ok(), fits);
    if (!fits) return;
    spent_ += micro;
    reserve_.erase(slot);
  }
  void release(SlotId slot) { ASSERT_EQ(budget_.release(slot).ok(), reserve_.erase(slot) == 1); }
  void raise(std::int64_t micro) {
    const bool fits = micro >= 0 && micro <= most - total_;
    ASSERT_EQ(budget_.raise(micro).ok(), fits);
    if (fits) total_ += micro;
  }

  Budget budget_;
  std::int64_t total_;
  std::int64_t spent_ = 0;
  std::map<SlotId, std::int64_t> reserve_;
  RandomStream random_;
};

TEST(Budget, IsAtAllTimesSpentSetAsideOrLeft) {
  for (const std::int64_t total : {std::int64_t{0}, std::int64_t{1'000'000}, most - 1, most}) {
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
      TwoAccounts accounts(total, seed);
      for (int i = 0; i < 300; ++i) {
        ASSERT_NO_FATAL_FAILURE(accounts.step());
        ASSERT_NO_FATAL_FAILURE(accounts.expect_equal());
      }
    }
  }
}

}  // namespace
}  // namespace candor::payment
