#include "stop_text.h"

#include <gtest/gtest.h>

#include "test_tokenizer.h"

namespace candor::app {
namespace {

using Texts = std::vector<std::string>;

TEST(StopText, CutsBeforeTheFirstOfAll) {
  std::string answer = "Yes.\nUser: why?";
  EXPECT_TRUE(cut_at_stop(answer, Texts{"User:", "\n"}));
  EXPECT_EQ(answer, "Yes.");
}

TEST(StopText, LeavesAnAnswerWithoutOneAlone) {
  std::string answer = "Yes.";
  EXPECT_FALSE(cut_at_stop(answer, Texts{"No", "Yes.."}));
  EXPECT_FALSE(cut_at_stop(answer, {}));
  EXPECT_EQ(answer, "Yes.");
}

TEST(StopText, MayLeaveNothing) {
  std::string answer = "\n\n";
  EXPECT_TRUE(cut_at_stop(answer, Texts{"\n"}));
  EXPECT_EQ(answer, "");
}

TEST(StopText, SingleTokensEndGenerationItself) {
  const auto tokenizer = small_tokenizer();
  const auto line_feed = tokenizer->encode("\n");
  ASSERT_EQ(line_feed.size(), 1U);
  EXPECT_EQ(stop_tokens(*tokenizer, Texts{"\n", "User:"}), line_feed);
}

}  // namespace
}  // namespace candor::app
