#include "candor/checkpoint/json_nesting.h"

#include <gtest/gtest.h>

#include "candor/checkpoint/adapter_folder.h"
#include "candor/checkpoint/safetensors.h"
#include "checkpoint/test_files.h"

namespace candor::checkpoint {
namespace {

// So many arrays, each inside the one before.
std::string nested(std::size_t levels) {
  return std::string(levels, '[') + std::string(levels, ']');
}

std::string with_member(const std::string& value) {
  return R"({"a_member": )" + value + "}";
}

TEST(JsonNesting, CountsWhatIsOpenOutsideOfTexts) {
  EXPECT_EQ(nesting_of(R"({"a": [1, "[["]})"), 2U);
  EXPECT_EQ(nesting_of(""), 0U);
  EXPECT_EQ(nesting_of("[[], {}, [[]]]"), 3U);
  EXPECT_EQ(nesting_of(R"(["\"[[", "\\", []])"), 2U);
  EXPECT_EQ(nesting_of("]]]["), 1U);
  EXPECT_EQ(nesting_of("[\"[[["), 1U);
  EXPECT_EQ(nesting_of("[\"\\"), 1U);
}

TEST(JsonNesting, SixtyFourLevelsAreTheMost) {
  EXPECT_TRUE(check_nesting(nested(64), "f").ok());
  expect_error(check_nesting(nested(65), "f"), ErrorCode::malformed, {"f: ", "deeper than 64"});
}

TEST(JsonNesting, ADeepConfigIsRefused) {
  const TestFolder folder;
  const ModelTensors model = random_model(small_config(Architecture::llama), 9);
  ASSERT_TRUE(write_model_folder(folder.path("m"), model, FileType::f32).ok());
  const std::string config = config_json(model.config);
  const std::string rest = config.substr(config.find('{') + 1);
  folder.write("m/config.json", R"({"a_member": )" + nested(63) + "," + rest);
  EXPECT_TRUE(open_model(folder.path("m")).ok());
  folder.write("m/config.json", R"({"a_member": )" + nested(200'000) + "," + rest);
  expect_error(open_model(folder.path("m")), ErrorCode::malformed,
               {"config.json", "nested deeper than 64"});
}

TEST(JsonNesting, ADeepSafetensorsHeaderIsRefused) {
  for (const char* name : {"__metadata__", "tensor"}) {
    const std::string header =
        R"({")" + std::string(name) + R"(": {"dtype": )" + nested(200'000) + "}}";
    const MemoryFile file(bytes_of_number(std::uint64_t{header.size()}) + header);
    expect_error(SafetensorsFile::open(file.path()), ErrorCode::malformed,
                 {"nested deeper than 64"});
  }
}

TEST(JsonNesting, ADeepAdapterConfigIsRefused) {
  const TestFolder folder;
  folder.write("adapter_config.json", with_member(nested(200'000)));
  expect_error(read_adapter(folder.path("")), ErrorCode::malformed,
               {"adapter_config.json", "nested deeper than 64"});
}

}  // namespace
}  // namespace candor::checkpoint
