#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "candor/base/error.h"
#include "candor/base/file.h"
#include "candor/base/parallel.h"
#include "candor/base/result.h"
#include "candor/base/text.h"

namespace candor {
namespace {

std::string contents(const std::string& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

class ScratchFolder : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::temp_directory_path() /
              ("candor_base_" + std::to_string(::getpid()) + "_" +
               testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  [[nodiscard]] std::string path(const std::string& name) const { return folder_ / name; }

  std::filesystem::path folder_;
};

TEST(Error, SaysWhereWhatAndTheWayOut) {
  const Error error = Error{ErrorCode::out_of_range, "1.7"}
                          .in_field("probability")
                          .at_row("crowd.csv", 17)
                          .expecting("a number in [0,1]")
                          .way("correct the row, or drop it");
  EXPECT_EQ(error.message(),
            "crowd.csv:17: field \"probability\": found 1.7; expected a number in [0,1]; "
            "correct the row, or drop it");
}

TEST(Error, EscapesControlCharactersAndShortensLongTexts) {
  const Error error{ErrorCode::malformed, "\x1b[2J" + std::string(1000, 'x')};
  const std::string message = error.message();
  EXPECT_EQ(message.find('\x1b'), std::string::npos);
  EXPECT_NE(message.find("\\x1b[2J"), std::string::npos);
  EXPECT_NE(message.find("(1004 bytes)"), std::string::npos);
  EXPECT_LT(message.size(), 200U);
}

TEST(Error, EveryCodeHasItsOwnExitStatusOrSharesItOnPurpose) {
  std::set<std::string_view> names;
  for (int code = 0; code <= static_cast<int>(ErrorCode::unsupported); ++code) {
    names.insert(name_of(static_cast<ErrorCode>(code)));
    EXPECT_GE(exit_status_of(static_cast<ErrorCode>(code)), 2);
    EXPECT_GE(http_status_of(static_cast<ErrorCode>(code)), 400);
  }
  EXPECT_EQ(names.size(), 8U);
}

Result<int> half_of_even(int x) {
  if (x % 2 != 0) return Error{ErrorCode::invalid_argument, std::to_string(x)};
  return x / 2;
}

Result<int> quarter(int x) {
  CANDOR_TRY(const int half, half_of_even(x));
  return half_of_even(half);
}

TEST(Result, TryPassesTheFirstErrorOn) {
  EXPECT_EQ(quarter(8).value(), 2);
  EXPECT_EQ(quarter(6).error().found, "3");
  EXPECT_EQ(quarter(5).error().found, "5");
}

TEST_F(ScratchFolder, CommittedFileIsWholeAndLeavesNoPartial) {
  ASSERT_TRUE(write_file(path("a.txt"), "hello").ok());
  EXPECT_EQ(contents(path("a.txt")), "hello");
  EXPECT_FALSE(std::filesystem::exists(path("a.txt.partial")));
}

TEST_F(ScratchFolder, AbandonedFileLeavesTheOldContentAlone) {
  ASSERT_TRUE(write_file(path("a.txt"), "old").ok());
  {
    auto file = OutputFile::create(path("a.txt"));
    ASSERT_TRUE(file.ok());
    ASSERT_TRUE(file->write("new, but never committed").ok());
  }
  EXPECT_EQ(contents(path("a.txt")), "old");
  EXPECT_FALSE(std::filesystem::exists(path("a.txt.partial")));
}

TEST_F(ScratchFolder, UnwritablePathIsAnErrorThatNamesIt) {
  const auto file = OutputFile::create(path("no/such/folder.txt"));
  ASSERT_FALSE(file.ok());
  EXPECT_EQ(file.error().code, ErrorCode::io);
  EXPECT_NE(file.error().message().find("no/such/folder.txt"), std::string::npos);
}

TEST(NumberText, ReadsBackAsTheSameDouble) {
  for (const double value : {0.1, 1.0 / 3.0, 1e-300, 123456789.125, -0.0}) {
    EXPECT_EQ(parse_number(number_text(value)).value(), value);
  }
  EXPECT_EQ(number_text(0.1), "0.1");
}

TEST(ParseNumber, RefusesHalfNumbers) {
  for (const auto* text : {"", "1x", " 1", "1 ", "0x10", "--1"}) {
    EXPECT_FALSE(parse_number(text).has_value()) << text;
  }
  EXPECT_EQ(parse_number("+.5"), 0.5);
}

TEST(JsonString, EscapesWhatJsonMust) {
  std::string out;
  append_json_string(out, "a\"b\\c\n\x01é");
  EXPECT_EQ(out, "\"a\\\"b\\\\c\\u000a\\u0001é\"");
}

TEST(ForEachBlock, RunsEveryBlockOnceForAnyNumberOfThreads) {
  for (const std::size_t threads : {1U, 2U, 7U}) {
    std::vector<std::atomic<int>> seen(100);
    for_each_block(seen.size(), threads, [&](std::size_t block) { ++seen[block]; });
    for (const auto& count : seen) EXPECT_EQ(count, 1);
  }
  for_each_block(0, 4, [](std::size_t) { FAIL() << "no block to run"; });
}

}  // namespace
}  // namespace candor
