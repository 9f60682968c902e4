#include "candor/dataset/jsonl.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "dataset/test_files.h"

namespace candor::dataset {
namespace {

Result<JsonlReader> reader_of(std::string text) {
  CANDOR_TRY(ByteSource source, ByteSource::from_memory("t.jsonl", std::move(text)));
  CANDOR_TRY(Window window, Window::open(std::move(source)));
  return JsonlReader::open(std::move(window),
                           [](std::string_view key) { return !key.starts_with('_'); });
}

using Rows = std::vector<std::vector<std::string>>;

Result<Rows> parse(std::string text) {
  CANDOR_TRY(JsonlReader reader, reader_of(std::move(text)));
  Rows rows;
  for (;;) {
    CANDOR_TRY(const bool more, reader.next());
    if (!more) break;
    rows.emplace_back(reader.fields().begin(), reader.fields().end());
  }
  rows.insert(rows.begin(), reader.header());
  return rows;
}

TEST(Jsonl, WorkedExampleWithAHeaderThatGrows) {
  const auto rows = parse(
      "{\"task_id\": 7, \"label\": \"cat\"}\n\n{\"label\": \"dog\", \"truth\": null}\r\n"
      "{\"task_id\": -1.5, \"label\": true, \"truth\": 1.0}");
  ASSERT_TRUE(rows.ok()) << rows.error().message();
  EXPECT_EQ(
      *rows,
      (Rows{{"task_id", "label", "truth"}, {"7", "cat"}, {"", "dog", ""}, {"-1.5", "true", "1"}}));
}

TEST(Jsonl, IgnoresUnknownKeysWhateverTheyHold) {
  auto reader = reader_of("\xef\xbb\xbf{\"_x\": {\"a\": [1]}, \"k\": \"v\", \"_x\": 2}\n");
  ASSERT_TRUE(reader.ok());
  EXPECT_EQ(reader->header(), std::vector<std::string>{"k"});
  EXPECT_EQ(reader->ignored().front(), "_x");
  EXPECT_TRUE(*reader->next());
  EXPECT_EQ(reader->fields()[0], "v");
}

TEST(Jsonl, UnescapesText) {
  const auto rows = parse(R"({"k": "a\"b\n\u00e9\ud83d\ude00"})");
  ASSERT_TRUE(rows.ok());
  EXPECT_EQ((*rows)[1][0], "a\"b\n\xc3\xa9\xf0\x9f\x98\x80");
}

TEST(Jsonl, LongLinesAcrossBlocks) {
  std::string text;
  for (int i = 0; i < 4; ++i) text += "{\"k\": \"" + std::string(900'000, 'a') + "\"}\n";
  const auto rows = parse(text);
  ASSERT_TRUE(rows.ok());
  ASSERT_EQ(rows->size(), 5U);
  EXPECT_EQ((*rows)[4][0].size(), 900'000U);
}

TEST(Jsonl, ErrorsNameTheLine) {
  expect_message(parse("{\"k\": 1}\n{\"k\": }\n"),
                 {"t.jsonl:2:", "expected one JSON object a line", "correct the line"});
  expect_message(parse("{\"k\": 1}\n[1]\n"), {"t.jsonl:2:", "not an object"});
  expect_message(parse("{\"k\": [1]}\n"), {"t.jsonl:1:", "field \"k\"", "an array or object"});
  expect_message(parse("{\"k\": 1, \"k\": 2}\n"), {"t.jsonl:1:", "field \"k\"", "the key twice"});
  expect_message(parse("{\"k\": \"\xff\"}\n"), {"t.jsonl:1:", "UTF-8"});
  expect_message(parse("{\"k\": \"a\\u0000\"}\n"), {"t.jsonl:1:", "field \"k\"", "NUL"});
  expect_message(parse("{\"k\": 1}\n{\"k\": \"1"), {"t.jsonl:2:"});
  expect_message(parse(" \n\n"), {"t.jsonl", "an empty file"});
}

}  // namespace
}  // namespace candor::dataset
