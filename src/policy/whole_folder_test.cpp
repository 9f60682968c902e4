#include "candor/policy/whole_folder.h"

#include "candor/base/file.h"
#include "policy/test_folder.h"

namespace candor::policy {
namespace {

bool exists(const std::string& path) {
  return std::filesystem::exists(path);
}

TEST(WholeFolder, appears_at_commit_and_not_before) {
  const TestFolder test;
  const std::string path = test.path("run/checkpoint");
  WholeFolder folder = must(WholeFolder::create(path));
  must(write_file(folder.inside("state.json"), "1"));
  EXPECT_FALSE(exists(path));
  must(folder.commit());
  EXPECT_EQ(test.read("run/checkpoint/state.json"), "1");
  EXPECT_FALSE(exists(path + ".partial"));
}

TEST(WholeFolder, replaces_all_of_what_was_there) {
  const TestFolder test;
  std::filesystem::create_directories(test.path("c"));
  (void)test.write("c/old.json", "old");
  WholeFolder folder = must(WholeFolder::create(test.path("c/")));
  must(write_file(folder.inside("new.json"), "new"));
  EXPECT_EQ(test.read("c/old.json"), "old");
  must(folder.commit());
  EXPECT_EQ(test.read("c/new.json"), "new");
  EXPECT_FALSE(exists(test.path("c/old.json")));
  EXPECT_FALSE(exists(test.path("c.partial")));
}

TEST(WholeFolder, one_that_was_given_up_leaves_the_old_one_and_no_trace) {
  const TestFolder test;
  std::filesystem::create_directories(test.path("c"));
  (void)test.write("c/old.json", "old");
  {
    WholeFolder folder = must(WholeFolder::create(test.path("c")));
    must(write_file(folder.inside("new.json"), "new"));
  }
  EXPECT_EQ(test.read("c/old.json"), "old");
  EXPECT_FALSE(exists(test.path("c.partial")));
}

TEST(WholeFolder, starts_empty_after_a_kill) {
  const TestFolder test;
  std::filesystem::create_directories(test.path("c.partial"));
  (void)test.write("c.partial/half.json", "half");
  WholeFolder folder = must(WholeFolder::create(test.path("c")));
  must(folder.commit());
  EXPECT_TRUE(std::filesystem::is_empty(test.path("c")));
}

TEST(WholeFolder, says_which_path_cannot_be_written) {
  const TestFolder test;
  (void)test.write("file", "");
  const auto folder = WholeFolder::create(test.path("file/c"));
  ASSERT_FALSE(folder.ok());
  EXPECT_EQ(folder.error().code, ErrorCode::io);
  EXPECT_NE(folder.error().message().find("file/c"), std::string::npos);
}

}  // namespace
}  // namespace candor::policy
