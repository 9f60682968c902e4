#include "candor/checkpoint/safetensors.h"

#include <gtest/gtest.h>

#include <bit>

#include "checkpoint/test_files.h"

namespace candor::checkpoint {
namespace {

using Entry = SafetensorsEntry;

// A file around a header.
std::string file_of(const std::string& header, std::size_t data) {
  return bytes_of_number(std::uint64_t{header.size()}) + header + std::string(data, '\0');
}

Result<SafetensorsFile> opened(const TestFolder& folder, const std::string& bytes) {
  return SafetensorsFile::open(folder.write("t.safetensors", bytes));
}

TEST(Safetensors, WorkedExample) {
  const TestFolder folder;
  const std::string bytes = file_of(R"({"__metadata__":{"format":"pt"},)"
                                    R"("a":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]},)"
                                    R"("b":{"dtype":"BF16","shape":[],"data_offsets":[8,10]}} )",
                                    0) +
                            bytes_of_number(1.5F) + bytes_of_number(-2.0F) +
                            bytes_of_number(std::uint16_t{0x3f80});
  const auto file = opened(folder, bytes);
  ASSERT_TRUE(file.ok()) << file.error().message();
  EXPECT_EQ(file->metadata().at("format"), "pt");
  EXPECT_EQ(file->tensors().at("a").shape, (std::vector<std::size_t>{1, 2}));
  EXPECT_EQ(*file->read("a"), (std::vector<float>{1.5F, -2.0F}));
  EXPECT_EQ(*file->read("b"), (std::vector<float>{1.0F}));
}

TEST(Safetensors, RandomTensorsComeBackBitForBit) {
  const TestFolder folder;
  RandomStream random(3);
  for (int round = 0; round < 20; ++round) {
    std::vector<std::vector<float>> values;
    std::vector<NamedTensor> tensors;
    for (std::size_t i = 0; i <= random.below(5); ++i) {
      const TensorShape shape{"tensor \"" + std::to_string(i), {random.below(4), random.below(9)}};
      values.emplace_back(shape.shape[0] * shape.shape[1]);
      for (float& value : values.back())  // any bits: also NaN and infinity
        value = std::bit_cast<float>(static_cast<std::uint32_t>(random.next()));
      tensors.push_back({shape, {}});
    }
    for (std::size_t i = 0; i < values.size(); ++i) tensors[i].values = values[i];
    const std::string path = folder.path("r.safetensors");
    ASSERT_TRUE(write_safetensors(path, tensors, ElementType::f32, {{"a", "b\n"}}).ok());
    const auto file = SafetensorsFile::open(path);
    ASSERT_TRUE(file.ok()) << file.error().message();
    EXPECT_EQ(file->metadata().at("a"), "b\n");
    ASSERT_EQ(file->tensors().size(), tensors.size());
    for (std::size_t i = 0; i < values.size(); ++i)
      EXPECT_TRUE(same_bits(*file->read(tensors[i].tensor), values[i]));
  }
}

TEST(Safetensors, DataIsAlignedAndLargeTensorsAreWrittenInPieces) {
  const TestFolder folder;
  const std::vector<float> values = random_floats(300'001, 1);
  const NamedTensor tensor{{"x", {values.size()}}, values};
  const std::string path = folder.path("x.safetensors");
  ASSERT_TRUE(write_safetensors(path, std::span(&tensor, 1), ElementType::f32, {}).ok());
  std::uint64_t header = 0;
  std::memcpy(&header, contents(path).data(), sizeof header);
  EXPECT_EQ(header % 8, 0U);
  EXPECT_TRUE(same_bits(*SafetensorsFile::open(path)->read("x"), values));
}

TEST(Safetensors, IntegersAreListedButNotRead) {
  const TestFolder folder;
  const auto file =
      opened(folder, file_of(R"({"n":{"dtype":"I64","shape":[2],"data_offsets":[0,16]}})", 16));
  ASSERT_TRUE(file.ok()) << file.error().message();
  EXPECT_EQ(file->tensors().at("n").type, "I64");
  expect_error(file->read("n"), ErrorCode::unsupported, {"t.safetensors", "\"n\"", "I64", "F32"});
}

TEST(Safetensors, NamesMissingTensorsAndBothShapes) {
  const TestFolder folder;
  const auto file =
      opened(folder, file_of(R"({"n":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]}})", 8));
  ASSERT_TRUE(file.ok());
  expect_error(file->read("m"), ErrorCode::not_found, {"t.safetensors", "\"m\""});
  expect_error(file->read(TensorShape{"m", {1}}), ErrorCode::not_found, {"\"m\""});
  expect_error(file->read(TensorShape{"n", {1, 2}}), ErrorCode::invalid_argument,
               {"t.safetensors", "\"n\"", "[2, 1]", "[1, 2]"});
}

struct BadHeader {
  std::string header;
  std::size_t data;
  std::string said;
  ErrorCode code = ErrorCode::malformed;
};

TEST(Safetensors, RefusesBadHeaders) {
  const TestFolder folder;
  const std::vector<BadHeader> cases{
      {"{", 0, "no JSON"},
      {"[]", 0, "array"},
      {"{}", 4, "where the last tensor ends"},
      {R"({"a":3})", 0, "\"a\""},
      {R"({"a":{"shape":[1],"data_offsets":[0,4]}})", 4, "dtype"},
      {R"({"a":{"dtype":"F31","shape":[1],"data_offsets":[0,4]}})", 4, "F31",
       ErrorCode::unsupported},
      {R"({"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}})", 4, "shape"},
      {R"({"a":{"dtype":"F32","shape":[1.0],"data_offsets":[0,4]}})", 4, "shape"},
      {R"({"a":{"dtype":"F32","shape":1,"data_offsets":[0,4]}})", 4, "shape"},
      {R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4,8]}})", 8, "data_offsets"},
      {R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}})", 4, "bytes 4 to 0"},
      {R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})", 4, "4 bytes behind"},
      {R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}})", 4, "[2] of F32"},
      {R"({"a":{"dtype":"F16","shape":[2],"data_offsets":[0,5]}})", 5, "[2] of F16"},
      {R"({"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]}})", 0,
       "[4294967296, 4294967296]"},
      {R"({"a":{"dtype":"F32","shape":[1152921504606846976],"data_offsets":[0,4]}})", 4,
       "[1152921504606846976]"},
      {R"({"a":{"dtype":"F64","shape":[4611686018427387904],"data_offsets":[0,0]}})", 0, "F64"},
      {R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},)"
       R"("b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}})",
       12, "no overlap"},
      {R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},)"
       R"("b":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}})",
       12, "no gap"},
      {R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})", 5, "5 bytes behind"},
      {R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},)"
       R"("a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})",
       4, "twice"},
      {R"({"__metadata__":{"a":1}})", 0, "__metadata__.a"},
  };
  for (const BadHeader& bad : cases) {
    SCOPED_TRACE(bad.header);
    expect_error(opened(folder, file_of(bad.header, bad.data)), bad.code,
                 {"t.safetensors", bad.said});
  }
}

TEST(Safetensors, WriterRefusesWhatWouldNotBeRead) {
  const TestFolder folder;
  const std::vector<float> values{1.0F, 70000.0F};
  const std::string path = folder.path("w.safetensors");
  const std::vector<NamedTensor> twice{{{"a", {2}}, values}, {{"a", {2}}, values}};
  expect_error(write_safetensors(path, twice, ElementType::f32, {}), ErrorCode::invalid_argument,
               {"\"a\"", "twice"});
  const std::vector<NamedTensor> other{{{"a", {3}}, values}};
  expect_error(write_safetensors(path, other, ElementType::f32, {}), ErrorCode::invalid_argument,
               {"2 values", "[3]"});
  const std::vector<NamedTensor> one{{{"a", {2}}, values}};
  expect_error(write_safetensors(path, one, ElementType::q8_0, {}), ErrorCode::invalid_argument,
               {"Q8_0"});
  expect_error(write_safetensors(path, one, ElementType::f16, {}), ErrorCode::out_of_range,
               {"w.safetensors", "\"a\"", "70000"});
  EXPECT_FALSE(std::filesystem::exists(path));
  EXPECT_FALSE(std::filesystem::exists(path + ".partial"));
}

TEST(Safetensors, AbsentFileAndFolder) {
  const TestFolder folder;
  expect_error(SafetensorsFile::open(folder.path("none")), ErrorCode::not_found, {"none"});
  expect_error(SafetensorsFile::open(folder.path("")), ErrorCode::unsupported, {"folder"});
}

}  // namespace
}  // namespace candor::checkpoint
