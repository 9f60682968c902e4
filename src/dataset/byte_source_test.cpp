#include "candor/dataset/byte_source.h"

#include <gtest/gtest.h>

#include <string>

#include "candor/base/random.h"
#include "dataset/test_files.h"

namespace candor::dataset {
namespace {

struct ReadAll {
  std::string text;
  Result<std::string_view> last;
};

ReadAll read_all(ByteSource& source) {
  ReadAll all{{}, std::string_view{}};
  for (;;) {
    all.last = source.next_block();
    if (!all.last.ok() || all.last->empty()) return all;
    all.text += *all.last;
  }
}

// Text that compresses by little, several blocks long.
std::string long_text() {
  RandomStream random(1);
  std::string text;
  while (text.size() < 3'500'000) text += std::to_string(random.next()) + "\n";
  return text;
}

TEST(ByteSource, GivesTheSameTextFromPlainGzipAndZstd) {
  const TestFolder folder;
  const std::string text = long_text();
  const std::string half = text.substr(0, text.size() / 2);
  const std::string rest = text.substr(text.size() / 2);
  struct Case {
    std::string bytes;
    ByteSource::Format format;
  };
  for (const auto& [bytes, format] :
       {Case{text, ByteSource::Format::plain}, Case{gzipped(text), ByteSource::Format::gzip},
        Case{zstd_compressed(text), ByteSource::Format::zstd},
        Case{gzipped(half) + gzipped(rest), ByteSource::Format::gzip},
        Case{zstd_compressed(half) + zstd_compressed(rest), ByteSource::Format::zstd}}) {
    // The name says nothing: the first bytes decide.
    auto from_file = ByteSource::open(folder.write("table.csv", bytes));
    ASSERT_TRUE(from_file.ok());
    EXPECT_EQ(from_file->format(), format);
    EXPECT_EQ(read_all(*from_file).text, text);
    auto from_memory = ByteSource::from_memory("memory", bytes);
    ASSERT_TRUE(from_memory.ok());
    EXPECT_EQ(read_all(*from_memory).text, text);
  }
}

TEST(ByteSource, PeekTakesNothing) {
  auto source = ByteSource::from_memory("memory", "abc");
  ASSERT_TRUE(source.ok());
  EXPECT_EQ(*source->peek(), "abc");
  EXPECT_EQ(*source->peek(), "abc");
  EXPECT_EQ(*source->next_block(), "abc");
  EXPECT_EQ(*source->next_block(), "");
  EXPECT_EQ(*source->next_block(), "");
}

TEST(ByteSource, TruncatedDataGiveWhatWasThereAndThenAnError) {
  const TestFolder folder;
  const std::string text = long_text();
  for (const std::string& whole : {gzipped(text), zstd_compressed(text)}) {
    const std::string path =
        folder.write("cut", std::string_view(whole).substr(0, whole.size() / 2));
    auto source = ByteSource::open(path);
    ASSERT_TRUE(source.ok());
    const ReadAll all = read_all(*source);
    EXPECT_GT(all.text.size(), 1'000'000U);
    EXPECT_EQ(all.text, text.substr(0, all.text.size()));
    EXPECT_EQ(all.last.error().code, ErrorCode::corrupt);
    expect_message(all.last, {path, "the data end after " + std::to_string(whole.size() / 2),
                              std::to_string(all.text.size()) + " decoded", "expected whole",
                              "fetch or compress the file again"});
    EXPECT_FALSE(source->next_block().ok()) << "the error must stay";
  }
}

TEST(ByteSource, DamagedDataAreCorrupt) {
  for (std::string bytes : {gzipped("some text"), zstd_compressed("some text")}) {
    bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 0x55);
    bytes += "rubbish";
    auto source = ByteSource::from_memory("memory", bytes);
    ASSERT_TRUE(source.ok());
    EXPECT_EQ(read_all(*source).last.error().code, ErrorCode::corrupt);
  }
}

TEST(ByteSource, RefusesEmptyMissingAndIrregularFiles) {
  const TestFolder folder;
  const std::string empty = folder.write("empty.csv", "");
  expect_message(ByteSource::open(empty), {empty, "found an empty file", "expected a table"});
  EXPECT_EQ(ByteSource::open(empty).error().code, ErrorCode::malformed);
  EXPECT_EQ(ByteSource::open(folder.path("none.csv")).error().code, ErrorCode::not_found);
  expect_message(ByteSource::open("/dev/null"), {"/dev/null", "regular file", "read twice"});
}

TEST(ByteSource, MayBeLeftBeforeTheEnd) {
  const TestFolder folder;
  const std::string path = folder.write("long.gz", gzipped(long_text() + long_text()));
  for (int i = 0; i < 20; ++i) {
    auto source = ByteSource::open(path);
    ASSERT_TRUE(source.ok());
    if (i % 2 == 1) {
      EXPECT_FALSE(source->next_block()->empty());
    }
  }
}

}  // namespace
}  // namespace candor::dataset
