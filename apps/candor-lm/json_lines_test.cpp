#include "json_lines.h"

#include <gtest/gtest.h>

#include "campaign_file.h"
#include "candor/base/file.h"
#include "scratch_folder.h"

namespace candor::app {
namespace {

const std::string deep = R"({"a": )" + std::string(200'000, '[') + std::string(200'000, ']') + "}";

TEST(JsonLines, ALineNestedTooDeeplyIsNamed) {
  const ScratchFolder folder = ScratchFolder::create().value();
  const std::string path = folder.path() + "/data.jsonl";
  ASSERT_TRUE(write_file(path, "{\"a\": [[1]]}\n" + deep + "\n").ok());
  const Status read = read_json_lines(path, [](const auto&, std::uint64_t) { return Status(); });
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(read.error().code, ErrorCode::malformed);
  EXPECT_EQ(read.error().row, 2U);
  EXPECT_NE(read.error().found.find("nested deeper than 64"), std::string::npos);
}

TEST(CampaignFile, NestedTooDeeply) {
  const ScratchFolder folder = ScratchFolder::create().value();
  ASSERT_TRUE(write_file(folder.path() + "/campaign.json", deep).ok());
  const auto read = read_campaign_file(folder.path());
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(read.error().code, ErrorCode::malformed);
  EXPECT_NE(read.error().found.find("nested deeper than 64"), std::string::npos);
}

}  // namespace
}  // namespace candor::app
