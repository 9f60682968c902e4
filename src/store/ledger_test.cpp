#include "candor/store/ledger.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <initializer_list>

#include "candor/event/codec.h"
#include "candor/event/fold.h"

namespace candor::store {
namespace {

namespace fs = std::filesystem;
using event::Event;

// A folder of its own for each test, with the ledger of a small campaign in it.
class Ledger : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
    folder_ = fs::temp_directory_path() /
              ("candor_ledger_" + std::to_string(::getpid()) + "_" + test->name());
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }

  [[nodiscard]] std::string path() const { return folder_ / "ledger.jsonl"; }
  void put(std::string_view bytes) const { std::ofstream(path(), std::ios::binary) << bytes; }
  [[nodiscard]] std::string bytes() const {
    std::ifstream file(path(), std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  [[nodiscard]] std::vector<std::string> lines() const {
    std::vector<std::string> all;
    std::ifstream file(path());
    for (std::string line; std::getline(file, line);) all.push_back(line + '\n');
    return all;
  }
  void put_lines(const std::vector<std::string>& all) const {
    std::string text;
    for (const std::string& line : all) text += line;
    put(text);
  }

  fs::path folder_;
};

std::vector<Event> small_campaign() {
  mechanism::MechanismSpec spec;
  return {event::CampaignOpened{"small", {"A", "B"}, spec},
          event::WorkerJoined{WorkerId{0}, "ann \"the\nfirst\""},
          event::WorkerJoined{WorkerId{1}, "张伟"},
          event::SlotOpened{SlotId{0}, "t0"},
          event::ReportSubmitted{SlotId{0}, WorkerId{0}, {1.0 / 3.0, 1.0 - 1.0 / 3.0}},
          event::ReportSubmitted{SlotId{0}, WorkerId{1}, {1e-300, 1.0}},
          event::SlotPooled{SlotId{0}, 0.25},
          event::OutcomeRevealed{SlotId{0}, {0, 1}},
          event::SlotSettled{SlotId{0}},
          event::CampaignClosed{}};
}

Status write(const std::string& path, const std::vector<Event>& events) {
  CANDOR_TRY(LedgerWriter writer, LedgerWriter::create(path));
  for (const Event& event : events) CANDOR_CHECK(writer.append(event));
  return writer.commit();
}

std::string json_of(const Event& event) {
  std::string text;
  event::encode(event, text);
  return text;
}

Result<std::uint64_t> read_all(const std::string& path) {
  return read_ledger(path, [](const Event&) { return Status{}; });
}

void expect_refused(const Result<std::uint64_t>& result, ErrorCode code,
                    std::initializer_list<std::string> pieces) {
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().code, code);
  const std::string message = result.error().message();
  for (const std::string& piece : pieces)
    EXPECT_NE(message.find(piece), std::string::npos) << "no \"" << piece << "\" in: " << message;
}

TEST_F(Ledger, ReadsBackWhatWasWritten) {
  ASSERT_TRUE(write(path(), small_campaign()).ok());
  std::vector<std::string> read;
  const auto events = read_ledger(path(), [&](const Event& event) {
    read.push_back(json_of(event));
    return Status{};
  });
  ASSERT_TRUE(events.ok()) << events.error().message();
  EXPECT_EQ(*events, small_campaign().size());
  ASSERT_EQ(read.size(), small_campaign().size());
  for (std::size_t i = 0; i < read.size(); ++i) EXPECT_EQ(read[i], json_of(small_campaign()[i]));
}

TEST_F(Ledger, HoldsOneLineForEachEventInTheDocumentedLayout) {
  ASSERT_TRUE(write(path(), {event::SlotExpired{SlotId{0}}, event::SlotExpired{SlotId{1}}}).ok());
  EXPECT_EQ(
      bytes(),
      R"({"hash":"af6ff464c712e5132bd464e7ed6c5db14698c41f3a7bd7c7776739ddbf6c7357","event":{"v":2,"type":"slot.expired","slot":0}})"
      "\n"
      R"({"hash":"398a7cbd87f2203706ba13a5b7d0a325934b4234917be78c11ae4543c42e0238","event":{"v":2,"type":"slot.expired","slot":1}})"
      "\n");
}

TEST_F(Ledger, ReadsLedgersFarLongerThanItsBuffer) {
  constexpr std::uint32_t workers = 30'000;
  auto writer = LedgerWriter::create(path());
  ASSERT_TRUE(writer.ok());
  for (std::uint32_t i = 0; i < workers; ++i)
    ASSERT_TRUE(writer->append(event::WorkerJoined{WorkerId{i}, "w" + std::to_string(i)}).ok());
  ASSERT_TRUE(writer->commit().ok());
  EXPECT_GT(fs::file_size(path()), 3U << 20U);
  std::uint32_t next = 0;
  const auto events = read_ledger(path(), [&](const Event& event) -> Status {
    EXPECT_EQ(std::get<event::WorkerJoined>(event).worker.value, next++);
    return {};
  });
  ASSERT_TRUE(events.ok()) << events.error().message();
  EXPECT_EQ(*events, workers);
}

TEST_F(Ledger, RefusesEveryChangeOfASingleByte) {
  ASSERT_TRUE(write(path(), small_campaign()).ok());
  const std::string good = bytes();
  for (const char mask : {'\x01', '\x20'}) {
    std::uint64_t line = 1;
    for (std::size_t i = 0; i < good.size(); ++i) {
      std::string bad = good;
      bad[i] = static_cast<char>(bad[i] ^ mask);
      put(bad);
      const auto result = read_all(path());
      ASSERT_FALSE(result.ok()) << "byte " << i;
      EXPECT_EQ(result.error().code, ErrorCode::corrupt);
      EXPECT_EQ(result.error().file, path());
      EXPECT_EQ(result.error().row, line) << "byte " << i;
      line += good[i] == '\n' ? 1 : 0;
    }
  }
}

TEST_F(Ledger, NamesTheLineAfterADroppedOne) {
  ASSERT_TRUE(write(path(), small_campaign()).ok());
  auto all = lines();
  all.erase(all.begin() + 4);
  put_lines(all);
  expect_refused(read_all(path()), ErrorCode::corrupt,
                 {path() + ":5:", "\"hash\"", "dropped or moved", "restore"});
}

TEST_F(Ledger, NamesTheFirstOfTwoSwappedLines) {
  ASSERT_TRUE(write(path(), small_campaign()).ok());
  auto all = lines();
  std::swap(all[4], all[5]);
  put_lines(all);
  expect_refused(read_all(path()), ErrorCode::corrupt, {path() + ":5:", "\"hash\""});
}

TEST_F(Ledger, RefusesARepeatedLine) {
  ASSERT_TRUE(write(path(), small_campaign()).ok());
  auto all = lines();
  all.insert(all.begin() + 3, all[2]);
  put_lines(all);
  expect_refused(read_all(path()), ErrorCode::corrupt, {path() + ":4:"});
}

// Cut anywhere: an error at the line that was cut, or, cut between lines, the events before it.
TEST_F(Ledger, SaysWhichLineWasCutOffWhereverTheFileEnds) {
  ASSERT_TRUE(write(path(), small_campaign()).ok());
  const std::string good = bytes();
  std::uint64_t whole_lines = 0;
  for (std::size_t size = 1; size < good.size(); ++size) {
    put(good.substr(0, size));
    const auto result = read_all(path());
    const bool ends_a_line = good[size] == '\n' || good[size - 1] == '\n';
    if (good[size - 1] == '\n') ++whole_lines;
    if (ends_a_line) {
      ASSERT_TRUE(result.ok()) << size << ": " << result.error().message();
      EXPECT_EQ(*result, whole_lines + (good[size] == '\n' ? 1 : 0));
    } else {
      expect_refused(result, ErrorCode::corrupt,
                     {path() + ":" + std::to_string(whole_lines + 1) + ":", "copy"});
    }
  }
}

TEST_F(Ledger, SaysThatTheEventsBeforeACutOffLineAreGood) {
  ASSERT_TRUE(write(path(), small_campaign()).ok());
  put(bytes().substr(0, bytes().size() - 20));
  expect_refused(read_all(path()), ErrorCode::corrupt,
                 {path() + ":10:", "a whole line", "the events before this line are good"});
}

TEST_F(Ledger, RefusesGarbageAtTheEnd) {
  ASSERT_TRUE(write(path(), small_campaign()).ok());
  const std::string good = bytes();
  for (const std::string_view garbage : {"\n", "x", "{}\n", "\xff\xfe", "{\"hash\":\"\""}) {
    put(good + std::string(garbage));
    expect_refused(read_all(path()), ErrorCode::corrupt, {path() + ":11:"});
  }
}

TEST_F(Ledger, RefusesAnEmptyFileAndAMissingOne) {
  expect_refused(read_all(path()), ErrorCode::not_found, {path(), "check the path"});
  put("");
  expect_refused(read_all(path()), ErrorCode::malformed, {path(), "an empty file"});
}

// An event with a good hash that is no event: written by something else that knows the chain.
TEST_F(Ledger, NamesTheLineOfAnEventThatDoesNotParse) {
  event::HashChain chain;
  std::string text;
  for (const std::string body :
       {R"({"v":2,"type":"slot.expired","slot":0})", R"({"v":9,"type":"slot.expired","slot":0})"})
    text += R"({"hash":")" + chain.extend(body) + R"(","event":)" + body + "}\n";
  put(text);
  expect_refused(read_all(path()), ErrorCode::unsupported, {path() + ":2:", "\"v\""});
}

TEST_F(Ledger, NamesTheLineOfAnEventThatTheVisitorRefuses) {
  auto events = small_campaign();
  std::swap(events[1], events[2]);  // worker 1 joins before worker 0
  ASSERT_TRUE(write(path(), events).ok());
  event::Fold fold;
  const auto result = read_ledger(path(), [&](const Event& event) { return fold.apply(event); });
  expect_refused(result, ErrorCode::invalid_argument, {path() + ":2:", "\"worker\"", "expected 0"});
}

TEST_F(Ledger, StopsAtTheFirstProblem) {
  ASSERT_TRUE(write(path(), small_campaign()).ok());
  auto all = lines();
  all[3][80] = '?';
  put_lines(all);
  int seen = 0;
  const auto result = read_ledger(path(), [&](const Event&) {
    ++seen;
    return Status{};
  });
  EXPECT_FALSE(result.ok());
  EXPECT_EQ(seen, 3);
}

TEST_F(Ledger, NeverAppearsUnlessItIsCommitted) {
  {
    auto writer = LedgerWriter::create(path());
    ASSERT_TRUE(writer.ok());
    for (const Event& event : small_campaign()) ASSERT_TRUE(writer->append(event).ok());
    EXPECT_FALSE(fs::exists(path()));
  }
  EXPECT_TRUE(fs::is_empty(folder_));
}

TEST_F(Ledger, LeavesAnEarlierLedgerAloneUntilItIsCommitted) {
  put("an earlier one\n");
  {
    auto writer = LedgerWriter::create(path());
    ASSERT_TRUE(writer.ok());
    ASSERT_TRUE(writer->append(small_campaign()[0]).ok());
  }
  EXPECT_EQ(bytes(), "an earlier one\n");
  ASSERT_TRUE(write(path(), small_campaign()).ok());
  EXPECT_EQ(lines().size(), small_campaign().size());
}

TEST_F(Ledger, NamesAPathThatCannotBeWritten) {
  const std::string nowhere = folder_ / "missing" / "ledger.jsonl";
  const Status status = write(nowhere, small_campaign());
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().code, ErrorCode::io);
  EXPECT_NE(status.error().message().find(nowhere), std::string::npos);
}

}  // namespace
}  // namespace candor::store
