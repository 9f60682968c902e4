#include "candor/dataset/csv.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "candor/base/random.h"
#include "dataset/test_files.h"

namespace candor::dataset {
namespace {

using Rows = std::vector<std::vector<std::string>>;

Result<CsvReader> reader_of(std::string text) {
  CANDOR_TRY(ByteSource source, ByteSource::from_memory("t.csv", std::move(text)));
  CANDOR_TRY(Window window, Window::open(std::move(source)));
  return CsvReader::open(std::move(window));
}

// Header and records, and the line of each record.
struct Parsed {
  Rows rows;
  std::vector<std::uint64_t> lines;
};

Result<Parsed> parse(std::string text) {
  CANDOR_TRY(CsvReader reader, reader_of(std::move(text)));
  Parsed parsed{{reader.header()}, {}};
  for (;;) {
    CANDOR_TRY(const bool more, reader.next());
    if (!more) return parsed;
    parsed.rows.emplace_back(reader.fields().begin(), reader.fields().end());
    parsed.lines.push_back(reader.row());
  }
}

Rows rows_of(std::string text) {
  const auto parsed = parse(std::move(text));
  EXPECT_TRUE(parsed.ok()) << parsed.error().message();
  return parsed.ok() ? parsed->rows : Rows{};
}

TEST(Csv, WorkedExample) {
  EXPECT_EQ(rows_of("x,y\n\"a \"\"b\"\", c\",d\n"), (Rows{{"x", "y"}, {"a \"b\", c", "d"}}));
}

TEST(Csv, LineEndsAndByteOrderMark) {
  const Rows expected{{"x", "y"}, {"1", "2"}, {"3", ""}};
  EXPECT_EQ(rows_of("x,y\n1,2\n3,\n"), expected);
  EXPECT_EQ(rows_of("x,y\r\n1,2\r\n3,\r\n"), expected);
  EXPECT_EQ(rows_of("x,y\n1,2\n3,"), expected);
  EXPECT_EQ(rows_of("x,y\r\n1,2\r\n3,\r"), expected);
  EXPECT_EQ(rows_of("\xef\xbb\xbfx,y\n1,2\n3,\n"), expected);
  EXPECT_EQ(rows_of("\n\r\nx,y\n\n1,2\n\r\n3,\n\n\n"), expected);
  EXPECT_EQ(rows_of("\"x\",\"y\"\r\n\"1\",\"2\"\r\n\"3\",\"\"\r"), expected);
}

TEST(Csv, QuotesAsText) {
  EXPECT_EQ(rows_of("x,y\na\"b,\"\"\n"), (Rows{{"x", "y"}, {"a\"b", ""}}));
  EXPECT_EQ(rows_of("x\n\"\"\n"), (Rows{{"x"}, {""}}))
      << "a quoted empty field is not a blank line";
}

TEST(Csv, CountsLinesThroughQuotedNewlines) {
  const auto parsed = parse("x,y\n\n\"a\nb\r\nc\",1\nd,2\n");
  ASSERT_TRUE(parsed.ok());
  EXPECT_EQ(parsed->rows[1], (std::vector<std::string>{"a\nb\r\nc", "1"}));
  EXPECT_EQ(parsed->lines, (std::vector<std::uint64_t>{3, 6}));
}

TEST(Csv, FieldOfAMillionCharacters) {
  const std::string big(1'000'000, 'z');
  std::string quotes;
  for (int i = 0; i < 500'000; ++i) quotes += "\"\"";
  for (int before = 0; before < 3; ++before) {
    const std::string pad(static_cast<std::size_t>(before) * 700'000, 'p');
    EXPECT_EQ(rows_of("x,y\n" + pad + ",1\n" + big + ",\"" + quotes + "\"\n"),
              (Rows{{"x", "y"}, {pad, "1"}, {big, std::string(500'000, '"')}}));
  }
}

TEST(Csv, RowsAcrossBlocksAreWhole) {
  std::string text = "x,y\n";
  Rows expected{{"x", "y"}};
  RandomStream random(3);
  while (text.size() < 2'500'000) {
    const std::string field(random.below(40), 'q');
    text += field + ",\"" + field + "\n,\"\"\"\n";
    expected.push_back({field, field + "\n,\""});
  }
  EXPECT_EQ(rows_of(text), expected);
}

// Random tables, written with quotes where needed (and sometimes where not), read back.
TEST(Csv, ReadsBackWhatWasWritten) {
  constexpr std::string_view alphabet = "ab,\"\n\r \xc3\xa9";
  RandomStream random(4);
  for (int round = 0; round < 500; ++round) {
    Rows rows{{"x", "y", "z"}};
    std::string text = "x,y,z\n";
    for (std::size_t r = random.below(5); r > 0; --r) {
      rows.emplace_back();
      for (int c = 0; c < 3; ++c) {
        std::string field;
        for (std::size_t n = random.below(6); n > 0; --n) {
          const char next = alphabet[random.below(alphabet.size() - 1)];
          field += next == '\xc3' ? std::string("\xc3\xa9") : std::string(1, next);
        }
        const bool quote =
            field.find_first_of(",\"\n\r") != std::string::npos || random.bernoulli(.3);
        std::string shown;
        for (const char ch : field) shown += ch == '"' && quote ? "\"\"" : std::string(1, ch);
        text += (c == 0 ? "" : ",") + (quote ? '"' + shown + '"' : shown);
        rows.back().push_back(field);
      }
      text += random.bernoulli(.5) ? "\n" : "\r\n";
    }
    EXPECT_EQ(rows_of(text), rows) << text;
  }
}

TEST(Csv, ErrorsNameRowFieldAndWayOut) {
  expect_message(parse("x,y\n1,2\n\"a\nb\",\"c\nd\n"),
                 {"t.csv:4:", "field \"y\"", "never closed", "expected a closing quote", "double"});
  expect_message(parse("x,y\n1,2\n1,\"a\"b\n"),
                 {"t.csv:3:", "field \"y\"", "text after a closing quote", "expected a comma"});
  expect_message(parse("x,y\n1,2\n1\n"),
                 {"t.csv:3:", "field \"y\"", "found 1 fields", "expected 2 fields"});
  expect_message(parse("x,y\n1,2,3\n"),
                 {"t.csv:2:", "found 3 fields", "expected 2 fields", "quote"});
  expect_message(parse(std::string("x,y\n1,a\0b\n", 10)), {"t.csv:2:", "field \"y\"", "NUL"});
  expect_message(parse("x,y\n1,2\n\xff,1\n"), {"t.csv:3:", "field \"x\"", "not UTF-8", "iconv"});
  expect_message(parse("x,\xff\n"), {"t.csv:1:", "column 2", "not UTF-8"});
  expect_message(parse("x,y,x\n1,2,3\n"),
                 {"t.csv:1:", "field \"x\"", "two columns", "rename or drop"});
  expect_message(parse("\n\r\n"), {"t.csv", "an empty file"});
  expect_message(parse("\xef\xbb\xbf"), {"t.csv", "an empty file"});
}

TEST(Csv, ARecordWithoutEndIsRefusedBeforeItFillsTheMemory) {
  std::string text = "x,y\n\"";
  text.append(Window::longest_record + (std::size_t{4} << 20U), 'a');
  expect_message(parse(std::move(text)), {"t.csv:2:", "more than 64 MiB", "never closed"});
}

TEST(Csv, TruncatedGzipNamesTheRow) {
  std::string text = "x,y\n";
  for (int i = 0; i < 100; ++i) text += "1,2\n";
  const std::string whole = gzipped(text);
  expect_message(parse(whole.substr(0, whole.size() - 9)), {"t.csv:", "the data end", "gzip"});
}

}  // namespace
}  // namespace candor::dataset
