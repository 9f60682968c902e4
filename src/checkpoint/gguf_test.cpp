#include "candor/checkpoint/gguf.h"

#include <gtest/gtest.h>

#include <limits>

#include "checkpoint/gguf_writer.h"
#include "checkpoint/test_files.h"

namespace candor::checkpoint {
namespace {

using Texts = std::vector<std::string>;
using Integers = std::vector<std::int64_t>;
using Numbers = std::vector<double>;

std::string text(const std::string& value) {
  return bytes_of_number(std::uint64_t{value.size()}) + value;
}
template <class T>
std::string bytes(T value) {
  return bytes_of_number(value);
}
std::string u32(std::uint32_t value) {
  return bytes_of_number(value);
}
std::string u64(std::uint64_t value) {
  return bytes_of_number(value);
}
std::string front(std::uint64_t tensors, std::uint64_t keys, std::uint32_t version = 3) {
  return "GGUF" + u32(version) + u64(tensors) + u64(keys);
}
std::string tensor(const std::string& name, const std::vector<std::uint64_t>& lengths,
                   std::uint32_t type, std::uint64_t offset) {
  std::string out = text(name) + u32(static_cast<std::uint32_t>(lengths.size()));
  for (const std::uint64_t length : lengths) out += u64(length);
  return out + u32(type) + u64(offset);
}
std::string padded(std::string bytes) {
  bytes.resize((bytes.size() + 31) / 32 * 32, '\0');
  return bytes;
}

Result<GgufFile> opened(const TestFolder& folder, const std::string& content) {
  return GgufFile::open(folder.write("t.gguf", content));
}

TEST(Gguf, WorkedExample) {
  const TestFolder folder;
  const std::string content = padded(front(1, 2) + text("general.name") + u32(8) + text("tiny") +
                                     text("n") + u32(9) + u32(5) + u64(2) + bytes(std::int32_t{4}) +
                                     bytes(std::int32_t{-1}) + tensor("x", {2, 1}, 0, 0)) +
                              bytes(1.5F) + bytes(-2.0F);
  const auto file = opened(folder, content);
  ASSERT_TRUE(file.ok()) << file.error().message();
  EXPECT_EQ(*file->require<std::string>("general.name"), "tiny");
  EXPECT_EQ(*file->require<Integers>("n"), (Integers{4, -1}));
  EXPECT_EQ(file->tensors().at("x").shape, (std::vector<std::size_t>{1, 2}));
  EXPECT_EQ(*file->read("x"), (std::vector<float>{1.5F, -2.0F}));
}

// Written by the Python package gguf.
TEST(Gguf, ReadsValuesThatTheReferenceWrote) {
  const auto file = GgufFile::open(stored + "blocks.gguf");
  ASSERT_TRUE(file.ok()) << file.error().message();
  EXPECT_EQ(*file->require<Numbers>("numbers.f32"),
            (Numbers{0.5, -1.5, static_cast<double>(1e-5F)}));
  EXPECT_EQ(*file->require<Integers>("numbers.i32"), (Integers{1, -2, 3}));
  EXPECT_EQ(*file->require<Texts>("texts"), (Texts{"a", "", "\xc3\xa9"}));
  EXPECT_TRUE(*file->require<bool>("yes"));
  EXPECT_EQ(*file->require<double>("small"), 1e-5);  // not 9.9999997e-06
  EXPECT_EQ(*file->require<std::int64_t>("big"), std::int64_t{1} << 40U);
  EXPECT_EQ(*file->require<std::int64_t>("minus"), -3);
  EXPECT_EQ(*file->require<double>("minus"), -3.0);
}

TEST(Gguf, SaysWhichKeyIsMissingOrOfAnotherType) {
  const auto file = GgufFile::open(stored + "blocks.gguf");
  ASSERT_TRUE(file.ok());
  EXPECT_FALSE(file->find<std::string>("none")->has_value());
  expect_error(file->require<std::string>("none"), ErrorCode::not_found, {"none", "a text"});
  expect_error(file->find<std::string>("yes"), ErrorCode::malformed, {"yes", "a text"});
  expect_error(file->find<std::int64_t>("small"), ErrorCode::malformed, {"small", "f32"});
  expect_error(file->find<Texts>("numbers.i32"), ErrorCode::malformed, {"array of i32"});
  expect_error(file->find<Integers>("big"), ErrorCode::malformed, {"u64"});
}

// Every type, through the writer and back.
TEST(Gguf, EveryTypeOfValueComesBack) {
  const TestFolder folder;
  const GgufMetadata metadata{
      {"u8", std::uint8_t{200}},
      {"i8", std::int8_t{-100}},
      {"u16", std::uint16_t{60000}},
      {"i16", std::int16_t{-30000}},
      {"u32", std::uint32_t{4000000000U}},
      {"i32", std::int32_t{-2000000000}},
      {"f32", 0.1F},
      {"yes", true},
      {"text", std::string("a\0b", 3)},
      {"u64", std::numeric_limits<std::uint64_t>::max()},
      {"i64", std::numeric_limits<std::int64_t>::min()},
      {"f64", 0.1},
      {"u8s", std::vector<std::uint8_t>{1, 2}},
      {"i8s", std::vector<std::int8_t>{-1}},
      {"u16s", std::vector<std::uint16_t>{1}},
      {"i16s", std::vector<std::int16_t>{-1}},
      {"u32s", std::vector<std::uint32_t>{}},
      {"i32s", std::vector<std::int32_t>{-1}},
      {"f32s", std::vector<float>{0.5F}},
      {"bools", std::vector<bool>{true, false}},
      {"texts", std::vector<std::string>{"", "x"}},
      {"u64s", std::vector<std::uint64_t>{1}},
      {"i64s", std::vector<std::int64_t>{-1}},
      {"f64s", std::vector<double>{0.5}},
  };
  const auto file = opened(folder, gguf_front(metadata, {}));
  ASSERT_TRUE(file.ok()) << file.error().message();
  EXPECT_EQ(file->metadata(), metadata);
  expect_error(file->find<std::int64_t>("u64"), ErrorCode::malformed, {"u64", "64 bits"});
  EXPECT_EQ(*file->require<double>("f32"), 0.1);
}

TEST(Gguf, RefusesOtherFilesAndVersions) {
  const TestFolder folder;
  expect_error(opened(folder, ""), ErrorCode::malformed, {"0 bytes"});
  expect_error(opened(folder, "GGML" + u32(3) + u64(0) + u64(0)), ErrorCode::malformed, {"GGUF"});
  expect_error(opened(folder, front(0, 0, 1)), ErrorCode::unsupported, {"version 1", "2 or 3"});
  expect_error(opened(folder, front(0, 0, 0x03000000U)), ErrorCode::unsupported, {"little-endian"});
  EXPECT_TRUE(opened(folder, front(0, 0, 2)).ok());
}

struct BadFile {
  std::string content;
  std::string said;
  ErrorCode code = ErrorCode::malformed;
};

TEST(Gguf, RefusesBadKeys) {
  const TestFolder folder;
  constexpr std::uint64_t huge = std::uint64_t{1} << 60U;
  const std::vector<BadFile> cases{
      {front(0, huge), "1152921504606846976 keys"},
      {front(huge, 0), "1152921504606846976 tensors"},
      {front(0, 1) + u64(huge) + "key and some more", "bytes of text"},
      {front(0, 1) + text("k") + u32(13) + u64(0), "value type 13"},
      {front(0, 1) + text("k") + u32(9) + u32(9) + u64(0), "array of arrays"},
      {front(0, 1) + text("k") + u32(9) + u32(4) + u64(huge), "1152921504606846976 elements"},
      {front(0, 1) + text("k") + u32(9) + u32(8) + u64(3) + text("only one"), "elements"},
      {front(0, 1) + text("k") + u32(7) + "\x02", "truth value"},
      {front(0, 2) + text("k") + u32(7) + "\x01" + text("k") + u32(7) + "\x01", "twice"},
  };
  for (const BadFile& bad : cases)
    expect_error(opened(folder, bad.content), bad.code, {"t.gguf", bad.said});
}

TEST(Gguf, RefusesBadTensors) {
  const TestFolder folder;
  constexpr std::uint64_t huge = std::uint64_t{1} << 60U;
  const std::string data(64, '\0');
  const auto one = [&](const std::string& description) {
    return padded(front(1, 0) + description) + data;
  };
  const std::string alignment = text("general.alignment") + u32(4) + u32(24);
  const std::vector<BadFile> cases{
      {one(tensor("x", {17}, 0, 0)), "64 bytes behind"},
      {one(tensor("x", {8}, 0, 64)), "64 bytes behind"},
      {one(tensor("x", {8}, 0, 8)), "a multiple of 32"},
      {one(tensor("x", {1}, 0, huge)), "offset 1152921504606846976"},
      {one(tensor("x", {huge}, 0, 0)), "4611686018427387904 bytes"},
      {one(tensor("x", {huge, huge}, 0, 0)), "shape ["},
      {one(tensor("x", {1, 1, 1, 1, 1}, 0, 0)), "5 dimensions"},
      {one(tensor("x", {16, 2}, 8, 0)), "whole Q8_0 blocks"},
      {one(tensor("x", {32}, 23, 0)), "ggml type 23", ErrorCode::unsupported},
      {padded(front(2, 0) + tensor("x", {1}, 0, 0) + tensor("x", {1}, 0, 32)) + data, "twice"},
      {padded(front(2, 0) + tensor("x", {16}, 0, 0) + tensor("y", {1}, 0, 32)) + data,
       "must not overlap"},
      {padded(front(1, 1) + alignment + tensor("x", {1}, 0, 0)) + data, "power of two"},
  };
  for (const BadFile& bad : cases)
    expect_error(opened(folder, bad.content), bad.code, {"t.gguf", bad.said});
}

TEST(Gguf, NamesMissingTensorsAndBothShapes) {
  const auto file = GgufFile::open(stored + "blocks.gguf");
  ASSERT_TRUE(file.ok());
  expect_error(file->read("none"), ErrorCode::not_found, {"blocks.gguf", "none"});
  expect_error(file->read(TensorShape{"F32", {3, 4}}), ErrorCode::invalid_argument,
               {"F32", "[2, 64]", "[3, 4]"});
}

}  // namespace
}  // namespace candor::checkpoint
