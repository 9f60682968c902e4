#include "candor/arguments/crowd_text.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <set>

#include "arguments/small_crowd.h"
#include "candor/base/file.h"

namespace candor::arguments {
namespace {

const std::string votes_header = "task_id,time,worker_id,item_a,item_b,choice,truth\n";

std::string task_line(const std::string& a, const std::string& b, const std::string& strict,
                      const std::string& text_a, const std::string& debate = "Cats") {
  return R"({"task_id":")" + a + "_" + b + R"(","topic":"x","prompt":")" + debate +
         R"(","stance":"Yes","item_a":")" + a + R"(","item_b":")" + b +
         R"(","truth":"a","strict":)" + strict + R"(,"response_a":")" + text_a +
         R"(","response_b":"text of )" + b + "\"}\n";
}

class ReadCrowdText : public ::testing::Test {
 protected:
  ReadCrowdText()
      : folder_(::testing::TempDir() + "candor_crowd_text_" + std::to_string(::getpid()) +
                ::testing::UnitTest::GetInstance()->current_test_info()->name()) {
    std::filesystem::remove_all(folder_);
    EXPECT_TRUE(make_folder(folder_).ok());
  }
  ~ReadCrowdText() override { std::filesystem::remove_all(folder_); }

  Result<CrowdText> read(const std::string& votes, const std::string& tasks) const {
    EXPECT_TRUE(write_file(folder_ + "/pairwise.csv", votes_header + votes).ok());
    EXPECT_TRUE(write_file(folder_ + "/tasks.jsonl", tasks).ok());
    return read_crowd_text(folder_);
  }
  std::string refusal(const std::string& votes, const std::string& tasks) const {
    const auto text = read(votes, tasks);
    return text.ok() ? "taken" : text.error().message();
  }

  std::string folder_;
};

TEST_F(ReadCrowdText, JoinsVotesToTextsInTimeOrder) {
  const auto text = read(
      "c_d,9,ann,c,d,a,a\n"
      "e_c,5,ann,e,c,tie,\n"
      "e_c,7,bob,e,c,b,\n"
      "c_d,3,cid,c,d,b,a\n",
      task_line("c", "d", "1", "text of c") + task_line("e", "c", "0", "text of e") +
          task_line("x", "y", "0", "nobody voted"));
  ASSERT_TRUE(text.ok()) << text.error().message();
  EXPECT_EQ(text->workers, (std::vector<std::string>{"ann", "bob", "cid"}));
  EXPECT_EQ(text->debates, std::vector<std::string>{"Cats"});
  ASSERT_EQ(text->arguments.size(), 3U);
  ASSERT_EQ(text->pairs.size(), 2U);
  const ArgumentPair& first = text->pairs[0];  // its last vote came at 7
  EXPECT_EQ(first.name, "e_c");
  EXPECT_FALSE(first.gold.has_value());
  ASSERT_EQ(first.votes.size(), 2U);
  EXPECT_EQ(first.votes[0].a_preferred, 0.5);
  EXPECT_EQ(first.votes[1].a_preferred, 0.0);
  EXPECT_EQ(text->arguments[first.b].text, "text of c");
  const ArgumentPair& second = text->pairs[1];
  EXPECT_EQ(second.gold, 1.0);
  EXPECT_TRUE(second.strict);
  EXPECT_EQ(second.a, first.b);
  EXPECT_EQ(second.votes[0].worker, WorkerId{2});  // cid, at 3
  EXPECT_EQ(prompt_of(*text, text->arguments[0]), "Cats (Yes)\n");
  EXPECT_FALSE(text->generated);
}

TEST_F(ReadCrowdText, NamesFileRowAndFieldOfWhatIsWrong) {
  const std::string vote = "c_d,9,ann,c,d,a,a\n";
  const std::string two = vote + "e_c,9,ann,e,c,a,a\n";
  const auto has = [](const std::string& message, const std::string& part) {
    EXPECT_NE(message.find(part), std::string::npos) << message;
  };
  EXPECT_NE(read_crowd_text(folder_ + "/nowhere").error().message().find("pairwise.csv"),
            std::string::npos);
  has(refusal(vote, task_line("e", "c", "1", "text of e")), "tasks.jsonl: field \"task_id\"");
  has(refusal(vote, task_line("c", "d", "2", "text")), "tasks.jsonl:1: field \"strict\": found 2");
  has(refusal(vote, task_line("c", "d", "1", "")), "field \"response_a\": found nothing");
  has(refusal(two, task_line("c", "d", "1", "another") + task_line("e", "c", "1", "text of e")),
      "tasks.jsonl:2: field \"response_b\"");
  has(refusal(two, task_line("c", "d", "1", "text of c") +
                       task_line("e", "c", "1", "text of e", "Dogs")),
      "tasks.jsonl:2: field \"item_b\": found c; expected each argument in one debate");
  has(refusal("c_d,9,ann,d,c,a,a\n", task_line("c", "d", "1", "text")), "field \"item_a\"");
  has(refusal("c_d,9,ann,c,d,a,tie\n", task_line("c", "d", "1", "text")), "field \"strict\"");
  has(refusal(vote, task_line("c", "d", "1", "t") + task_line("c", "d", "1", "t")),
      "tasks.jsonl:2: field \"task_id\": found c_d; expected one line a pair");
  has(refusal("c_d,9,ann,c,d,maybe,a\n", task_line("c", "d", "1", "t")), "pairwise.csv:2");
}

void expect_no_leak(const CrowdText& text, std::size_t held_out, std::uint64_t seed) {
  const auto split = split_debates(text, held_out, seed);
  ASSERT_TRUE(split.ok());
  EXPECT_EQ(std::count(split->held_out.begin(), split->held_out.end(), true),
            static_cast<std::ptrdiff_t>(held_out));
  std::set<std::size_t> seen;
  std::set<std::string> seen_texts;
  for (const std::size_t i : training_pairs(text, *split))
    for (const std::size_t argument : {text.pairs[i].a, text.pairs[i].b}) {
      seen.insert(argument);
      EXPECT_FALSE(split->held_out[text.arguments[argument].debate]);
    }
  for (const std::size_t i : arguments_of(text, *split, false)) seen.insert(i);
  for (const std::string& one : corpus_for_vocabulary(text, *split)) seen_texts.insert(one);
  const auto test = test_pairs(text, *split);
  EXPECT_FALSE(test.empty());
  for (const std::size_t i : test) {
    EXPECT_TRUE(text.pairs[i].strict);
    for (const std::size_t argument : {text.pairs[i].a, text.pairs[i].b}) {
      EXPECT_FALSE(seen.contains(argument));
      const Argument& one = text.arguments[argument];
      EXPECT_FALSE(seen_texts.contains(prompt_of(text, one) + one.text));
    }
  }
}

TEST(Split, HoldsOutWholeDebatesSoThatNoArgumentLeaks) {
  const CrowdText text = generated_crowd_text(3);
  for (std::uint64_t seed = 0; seed < 20; ++seed) expect_no_leak(text, 1 + seed % 7, seed);
}

TEST(Split, DependsOnTheSeedAlone) {
  const CrowdText text = generated_crowd_text(3);
  std::set<std::vector<bool>> all;
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    all.insert(split_debates(text, 2, seed)->held_out);
    EXPECT_EQ(split_debates(text, 2, seed)->held_out, split_debates(text, 2, seed)->held_out);
  }
  EXPECT_GT(all.size(), 4U);
  EXPECT_NE(split_debates(text, 8, 1).error().message().find("fewer than the 8"),
            std::string::npos);
  EXPECT_FALSE(split_debates(text, 0, 1).ok());
}

TEST(GeneratedText, IsWhatItsHeaderSays) {
  const CrowdText text = generated_crowd_text(1);
  EXPECT_TRUE(text.generated);
  EXPECT_EQ(text.debates.size(), 8U);
  EXPECT_EQ(text.arguments.size(), 8U * 2U * 14U);
  EXPECT_EQ(text.pairs.size(), 16U * (14U * 13U / 2U));
  double right = 0.0;
  double strict = 0.0;
  for (const ArgumentPair& pair : text.pairs) {
    EXPECT_EQ(text.arguments[pair.a].debate, text.arguments[pair.b].debate);
    EXPECT_EQ(text.arguments[pair.a].stance, text.arguments[pair.b].stance);
    std::set<WorkerId> voters;
    for (const Vote& vote : pair.votes) voters.insert(vote.worker);
    EXPECT_EQ(voters.size(), 5U);
    if (!pair.strict) continue;
    for (const Vote& vote : pair.votes) right += vote.a_preferred == *pair.gold ? 1.0 : 0.0;
    strict += static_cast<double>(pair.votes.size());
  }
  EXPECT_GT(right / strict, 0.8);
  EXPECT_LT(right / strict, 0.97);
  const CrowdText again = generated_crowd_text(1);
  EXPECT_EQ(again.pairs[5].name, text.pairs[5].name);
  EXPECT_EQ(again.arguments[9].text, text.arguments[9].text);
  EXPECT_NE(generated_crowd_text(2).arguments[9].text, text.arguments[9].text);
}

TEST(RealText, HasTheCountsThatItsAuthorsGive) {
  if (real_data_absent())
    GTEST_SKIP() << "no real data at " << real_folder() << " (set CANDOR_DATA)";
  const auto text = read_crowd_text(real_folder());
  ASSERT_TRUE(text.ok()) << text.error().message();
  EXPECT_EQ(text->pairs.size(), 16'927U);
  EXPECT_EQ(text->arguments.size(), 1'052U);
  EXPECT_EQ(text->workers.size(), 3'815U);
  EXPECT_EQ(text->debates.size(), 16U);
  std::size_t votes = 0;
  std::size_t strict = 0;
  std::size_t gold = 0;
  for (const ArgumentPair& pair : text->pairs) {
    votes += pair.votes.size();
    strict += pair.strict ? 1 : 0;
    gold += pair.gold ? 1 : 0;
  }
  EXPECT_EQ(votes, 84'445U);
  EXPECT_EQ(strict, 11'642U);
  EXPECT_EQ(gold, 16'927U - 846U);
  expect_no_leak(*text, 4, 1);
}

}  // namespace
}  // namespace candor::arguments
