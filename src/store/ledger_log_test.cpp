#include "candor/store/ledger_log.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "candor/event/codec.h"
#include "candor/store/ledger.h"

namespace candor::store {
namespace {

namespace fs = std::filesystem;
using event::Event;

class Log : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
    folder_ = fs::temp_directory_path() /
              ("candor_log_" + std::to_string(::getpid()) + "_" + test->name());
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }
  [[nodiscard]] std::string path() const { return folder_ / "ledger.jsonl"; }
  [[nodiscard]] std::string bytes() const {
    std::ifstream file(path(), std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  void put(std::string_view text) const { std::ofstream(path(), std::ios::binary) << text; }

  fs::path folder_;
};

std::vector<Event> events() {
  return {event::CampaignOpened{"small", {"A", "B"}, {}}, event::WorkerJoined{WorkerId{0}, "ann"},
          event::PolicyPublished{0, 0, "aa"}, event::SlotOpened{SlotId{0}, "t0"},
          event::SlotExpired{SlotId{0}}};
}

// Appends events [from, to) after what is in the ledger; returns what it found there.
std::vector<std::string> extend(const std::string& path, std::size_t from, std::size_t to) {
  std::vector<std::string> found;
  auto log = LedgerLog::open(path, [&](const Event& event) {
    event::encode(event, found.emplace_back());
    return Status{};
  });
  EXPECT_TRUE(log.ok()) << log.error().message();
  for (std::size_t i = from; i < to; ++i) EXPECT_TRUE(log->append(events()[i]).ok());
  EXPECT_TRUE(log->sync().ok());
  EXPECT_EQ(log->events(), found.size() + to - from);
  return found;
}

TEST_F(Log, IsTheSameFileHoweverOftenItWasOpenedAgain) {
  auto whole = LedgerWriter::create(path());
  for (const Event& event : events()) ASSERT_TRUE(whole->append(event).ok());
  ASSERT_TRUE(whole->commit().ok());
  const std::string expected = bytes();
  fs::remove(path());
  for (std::size_t i = 0; i < events().size(); ++i) EXPECT_EQ(extend(path(), i, i + 1).size(), i);
  EXPECT_EQ(bytes(), expected);
}

// Killed at any byte: the events whose lines are whole are there, and the log goes on after them.
TEST_F(Log, GoesOnAfterACutAtAnyByte) {
  extend(path(), 0, events().size());
  const std::string whole = bytes();
  for (std::size_t cut = 0; cut <= whole.size(); ++cut) {
    put(whole.substr(0, cut));
    const auto lines = static_cast<std::size_t>(
        std::count(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(cut), '\n'));
    ASSERT_EQ(extend(path(), lines, events().size()).size(), lines) << "cut at byte " << cut;
    ASSERT_EQ(bytes(), whole) << "cut at byte " << cut;
  }
}

TEST_F(Log, RefusesAWholeLineThatWasChangedAndLeavesTheFileAlone) {
  extend(path(), 0, events().size());
  std::string changed = bytes();
  changed[changed.find("ann")] = 'A';
  put(changed);
  const auto log = LedgerLog::open(path(), [](const Event&) { return Status{}; });
  ASSERT_FALSE(log.ok());
  EXPECT_EQ(log.error().code, ErrorCode::corrupt);
  EXPECT_EQ(log.error().row, 2U);
  EXPECT_EQ(bytes(), changed);
}

TEST_F(Log, RefusesASecondOpener) {
  const auto first = LedgerLog::open(path(), [](const Event&) { return Status{}; });
  ASSERT_TRUE(first.ok());
  const auto second = LedgerLog::open(path(), [](const Event&) { return Status{}; });
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().code, ErrorCode::conflict);
}

TEST_F(Log, SaysWhereItCannotWrite) {
  const auto log =
      LedgerLog::open(folder_ / "missing" / "ledger.jsonl", [](const Event&) { return Status{}; });
  ASSERT_FALSE(log.ok());
  EXPECT_EQ(log.error().code, ErrorCode::io);
}

}  // namespace
}  // namespace candor::store
