#include "candor/event/chain.h"

#include <gtest/gtest.h>

#include <vector>

namespace candor::event {
namespace {

const std::vector<std::string> events{R"({"v":1,"type":"slot.expired","slot":0})",
                                      R"({"v":1,"type":"slot.expired","slot":1})", ""};

std::vector<std::string> hashes_of(const std::vector<std::string>& texts) {
  HashChain chain;
  std::vector<std::string> hashes;
  for (const std::string& text : texts) hashes.push_back(chain.extend(text));
  return hashes;
}

// Computed with another implementation: h = blake2b(h + event, digest_size=32) of Python's hashlib.
TEST(HashChain, EqualsTheHashesOfAnotherBlake2bImplementation) {
  EXPECT_EQ(hashes_of(events),
            (std::vector<std::string>{
                "cb18de2a3a8b9b43f774fba4cc4321cd7c8972096f73ec04e5e0ac354bc76166",
                "65f0113f584a13df534d5564c3496bb74f232f12ea116dec76bafde66acc2289",
                "e22252855f8f578dd0ad96935356d616ab5687885b510fc1ce2a9b49ba9d417e"}));
}

TEST(HashChain, ChangesThisAndEveryLaterHashWhenOneByteChanges) {
  const auto before = hashes_of(events);
  auto changed = events;
  changed[1].back() = ' ';
  const auto after = hashes_of(changed);
  EXPECT_EQ(after[0], before[0]);
  EXPECT_NE(after[1], before[1]);
  EXPECT_NE(after[2], before[2]);
}

TEST(HashChain, TellsApartEventsThatChangePlaces) {
  const auto swapped = hashes_of({events[1], events[0], events[2]});
  const auto straight = hashes_of(events);
  for (std::size_t i = 0; i < events.size(); ++i) EXPECT_NE(swapped[i], straight[i]) << i;
}

TEST(HashChain, TellsApartOneLongEventAndTheSameBytesInTwo) {
  EXPECT_NE(hashes_of({events[0] + events[1]}).back(), hashes_of({events[0], events[1]}).back());
}

}  // namespace
}  // namespace candor::event
