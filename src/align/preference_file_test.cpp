#include "candor/align/preference_file.h"

#include "align/test_pairs.h"

namespace candor::align {
namespace {

constexpr const char* worked =
    R"({"prompt":"Why?","chosen":"Because.","rejected":"No.","p_chosen":0.75,)"
    R"("weight":0.5,"margin":1.1,"slot_id":"t0"})"
    "\n";

Error error_of(const std::string& bytes) {
  const auto result = parse_preferences(bytes, "p.jsonl");
  EXPECT_FALSE(result.ok()) << bytes;
  return result.ok() ? Error{} : result.error();
}

TEST(PreferenceFile, the_worked_example) {
  const auto records = must(parse_preferences(worked, "p.jsonl"));
  ASSERT_EQ(records.size(), 1U);
  EXPECT_EQ(records[0], (PreferenceRecord{.prompt = "Why?",
                                          .chosen = "Because.",
                                          .rejected = "No.",
                                          .p_chosen = 0.75,
                                          .weight = 0.5,
                                          .margin = 1.1,
                                          .slot = "t0",
                                          .line = 1}));
}

TEST(PreferenceFile, hard_labels_need_three_members_and_others_are_ignored) {
  const auto records =
      must(parse_preferences("\n{\"rejected\":\"b\",\"prompt\":\"\",\"chosen\":\"a\",\"margin\":"
                             "null,\"source\":[1]}\r\n \n"
                             "{\"prompt\":\"x\",\"chosen\":\"é🦉\",\"rejected\":\"d\"}",
                             "p.jsonl"));
  ASSERT_EQ(records.size(), 2U);
  EXPECT_EQ(records[0], (PreferenceRecord{.chosen = "a", .rejected = "b", .line = 2}));
  EXPECT_EQ(records[1].chosen, "é🦉");
  EXPECT_EQ(records[1].line, 4U);
}

TEST(PreferenceFile, what_is_written_is_read_again) {
  const TestFolder folder;
  RandomStream random(1);
  std::vector<PreferenceRecord> records;
  for (std::uint64_t line = 1; line <= 50; ++line)
    records.push_back({.prompt = "p\n\"" + std::to_string(random.next()),
                       .chosen = "\u00e4\t",
                       .rejected = "\\",
                       .p_chosen = random.uniform(),
                       .weight = random.uniform() * 3,
                       .margin = random.normal() * 1e-7,
                       .slot = "s" + std::to_string(line),
                       .line = line});
  must(write_preferences(folder.path("p.jsonl"), records));
  EXPECT_EQ(must(read_preferences(folder.path("p.jsonl"))), records);
  const std::vector<PreferenceRecord> bad = {{.prompt = "\xff", .chosen = "a", .rejected = "b"}};
  EXPECT_EQ(write_preferences(folder.path("q.jsonl"), bad).error().code, ErrorCode::malformed);
  EXPECT_FALSE(std::filesystem::exists(folder.path("q.jsonl")));
}

TEST(PreferenceFile, errors_name_file_line_and_field) {
  const auto with = [](const std::string& members) {
    return std::string(worked) + R"({"prompt":"x","chosen":"a","rejected":"b",)" + members + "}\n";
  };
  const std::vector<std::tuple<std::string, ErrorCode, std::string>> cases = {
      {R"("p_chosen":1.5)", ErrorCode::out_of_range, "p_chosen"},
      {R"("p_chosen":"0.7")", ErrorCode::malformed, "p_chosen"},
      {R"("weight":-1)", ErrorCode::out_of_range, "weight"},
      {R"("margin":[1])", ErrorCode::malformed, "margin"},
      {R"("slot_id":7)", ErrorCode::malformed, "slot_id"},
      {R"("prompt":"y")", ErrorCode::malformed, ""}};
  for (const auto& [members, code, field] : cases) {
    const Error error = error_of(with(members));
    EXPECT_EQ(error.code, code) << members;
    EXPECT_EQ(error.field, field) << members;
    EXPECT_EQ(error.file, "p.jsonl");
    EXPECT_EQ(error.row, 2U);
  }
}

TEST(PreferenceFile, missing_and_empty_answers_are_refused) {
  EXPECT_EQ(error_of(R"({"prompt":"x","chosen":"a"})").field, "rejected");
  EXPECT_EQ(error_of(R"({"chosen":"a","rejected":"b"})").field, "prompt");
  EXPECT_EQ(error_of(R"({"prompt":"x","chosen":"","rejected":"b"})").field, "chosen");
}

TEST(PreferenceFile, lists_of_messages_are_refused_with_the_way_out) {
  const Error error =
      error_of(R"({"prompt":[{"role":"user","content":"x"}],"chosen":"a","rejected":"b"})");
  EXPECT_EQ(error.code, ErrorCode::unsupported);
  EXPECT_EQ(error.field, "prompt");
  EXPECT_NE(error.message().find("chat template"), std::string::npos);
}

TEST(PreferenceFile, lines_that_are_no_objects_are_refused) {
  for (const char* bytes : {"[1]", "{", "7", "{\"prompt\":\"\xff\"}", "{} {}", "null"})
    EXPECT_EQ(error_of(bytes).code, ErrorCode::malformed) << bytes;
  EXPECT_EQ(error_of(" \n\n").code, ErrorCode::invalid_argument);
  EXPECT_EQ(read_preferences("/nowhere/p.jsonl").error().code, ErrorCode::not_found);
  EXPECT_EQ(read_preferences("/").error().code, ErrorCode::io);
}

TEST(PreferenceFile, pairs_are_made_by_the_callback) {
  const auto records = must(parse_preferences(worked, "p.jsonl"));
  const auto bytes = [](std::string_view prompt,
                        std::string_view text) -> Result<policy::Sequence> {
    policy::Sequence s{{prompt.begin(), prompt.end()}, prompt.size()};
    s.tokens.insert(s.tokens.end(), text.begin(), text.end());
    return s;
  };
  const auto pairs = must(pairs_of(records, bytes));
  ASSERT_EQ(pairs.size(), 1U);
  EXPECT_EQ(pairs[0].a.answer_length(), 8U);
  EXPECT_EQ(pairs[0].b.answer_length(), 3U);
  EXPECT_EQ(pairs[0].label, 0.75);
  EXPECT_EQ(pairs[0].weight, 0.5);
  EXPECT_EQ(pairs[0].margin, 1.1);
  EXPECT_EQ(pairs[0].slot, "t0");
  const auto refusing = [](std::string_view, std::string_view) -> Result<policy::Sequence> {
    return Error{ErrorCode::out_of_range, "too long"};
  };
  EXPECT_EQ(pairs_of(records, refusing).error().found, "too long");
}

}  // namespace
}  // namespace candor::align
