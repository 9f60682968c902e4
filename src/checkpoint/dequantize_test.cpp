#include "candor/checkpoint/dequantize.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>

#include "candor/checkpoint/gguf.h"
#include "candor/checkpoint/half.h"
#include "candor/checkpoint/quantize.h"
#include "candor/checkpoint/safetensors.h"
#include "checkpoint/test_files.h"

namespace candor::checkpoint {
namespace {

using Bytes = std::vector<std::uint8_t>;

void put_half(Bytes& bytes, std::size_t place, float value) {
  const std::uint16_t bits = half_of_float(value);
  bytes[place] = static_cast<std::uint8_t>(bits & 0xffU);
  bytes[place + 1] = static_cast<std::uint8_t>(bits >> 8U);
}

std::vector<float> decoded(ElementType type, const Bytes& bytes) {
  std::vector<float> values(bytes.size() / format_of(type).bytes * format_of(type).values);
  dequantize(type, bytes, values);
  return values;
}

TEST(Dequantize, WorkedExampleOfEightBits) {
  Bytes block(34);
  put_half(block, 0, 0.5F);
  block[2] = 2;
  block[3] = 0xfc;  // -4
  const std::vector<float> values = decoded(ElementType::q8_0, block);
  EXPECT_EQ(values[0], 1.0F);
  EXPECT_EQ(values[1], -2.0F);
  EXPECT_EQ(values[2], 0.0F);
}

TEST(Dequantize, WorkedExampleOfFourBits) {
  Bytes block(18);
  put_half(block, 0, 2.0F);
  block[2] = 0x9f;  // q[0] = 15, q[16] = 9
  const std::vector<float> values = decoded(ElementType::q4_0, block);
  EXPECT_EQ(values[0], 14.0F);
  EXPECT_EQ(values[16], 2.0F);
  EXPECT_EQ(values[1], -16.0F);
}

TEST(Dequantize, WorkedExampleOfTwoBitsWithScaleAndMinimum) {
  Bytes block(84);
  block[0] = 0x23;   // numbers 0 to 15: scale 3, minimum 2
  block[16] = 0x02;  // number 0: q = 2
  put_half(block, 80, 0.5F);
  put_half(block, 82, 0.25F);
  const std::vector<float> values = decoded(ElementType::q2_k, block);
  EXPECT_EQ(values[0], 0.5F * 3 * 2 - 0.25F * 2);
  EXPECT_EQ(values[1], -0.5F);
  EXPECT_EQ(values[16], 0.0F);
}

// Random blocks of every type, and what the Python package gguf makes of them.
TEST(Dequantize, EqualsStoredValuesOfTheReference) {
  const auto file = GgufFile::open(stored + "blocks.gguf");
  ASSERT_TRUE(file.ok()) << file.error().message();
  const auto expected = SafetensorsFile::open(stored + "blocks_expected.safetensors");
  ASSERT_TRUE(expected.ok()) << expected.error().message();
  ASSERT_GE(expected->tensors().size(), 13U);
  for (const auto& [name, entry] : expected->tensors()) {
    const auto found = file->read(TensorShape{name, entry.shape});
    ASSERT_TRUE(found.ok()) << found.error().message();
    EXPECT_TRUE(same_bits(*found, *expected->read(name))) << name;
  }
}

TEST(Dequantize, DoublesAreRoundedToTheNearestFloat) {
  Bytes bytes(8);
  const double third = 1.0 / 3.0;
  std::memcpy(bytes.data(), &third, sizeof third);
  EXPECT_EQ(decoded(ElementType::f64, bytes)[0], static_cast<float>(third));
}

TEST(Quantize, EightBitsOfTheReference) {
  const auto file = GgufFile::open(stored + "blocks.gguf");
  ASSERT_TRUE(file.ok());
  const std::vector<float> values = *file->read("source");
  Bytes bytes(values.size() / 32 * 34);
  ASSERT_TRUE(quantize(ElementType::q8_0, values, bytes).ok());
  EXPECT_TRUE(same_bits(decoded(ElementType::q8_0, bytes), *file->read("source as Q8_0")));
}

TEST(Quantize, WorkedExample) {
  std::vector<float> values(32, 0.0F);
  values[0] = 127.0F;
  values[1] = 1.0F;
  values[2] = -2.5F;  // half way: away from zero
  Bytes bytes(34);
  ASSERT_TRUE(quantize(ElementType::q8_0, values, bytes).ok());
  values[2] = -3.0F;
  EXPECT_EQ(decoded(ElementType::q8_0, bytes), values);
}

TEST(Quantize, ErrorIsAtMostHalfAStep) {
  for (const float scale : {1e-6F, 1.0F, 1e5F}) {
    std::vector<float> values = random_floats(32, 5);
    float largest = 0.0F;
    for (float& value : values) largest = std::max(largest, std::abs(value *= scale));
    Bytes bytes(34);
    ASSERT_TRUE(quantize(ElementType::q8_0, values, bytes).ok());
    const std::vector<float> back = decoded(ElementType::q8_0, bytes);
    // d itself is a half: relative error 2^-11, or 2^-25 where it is subnormal.
    const float step = largest / 127.0F;
    const float allowed = step * 0.51F + largest * 0x1p-11F + 127.0F * 0x1p-25F;
    for (std::size_t i = 0; i < 32; ++i) EXPECT_NEAR(back[i], values[i], allowed);
  }
}

TEST(Quantize, AllZeroAndTiniestBlocksAreZero) {
  for (const float value : {0.0F, 1e-44F, 1e-9F}) {
    const std::vector<float> values(32, value);
    Bytes bytes(34);
    ASSERT_TRUE(quantize(ElementType::q8_0, values, bytes).ok());
    EXPECT_EQ(decoded(ElementType::q8_0, bytes), std::vector<float>(32, 0.0F));
  }
}

TEST(Quantize, RefusesWhatATypeCannotHold) {
  Bytes bytes(34);
  std::vector<float> values(32, 1.0F);
  const auto first = std::span(values).first(1);
  values[0] = 70000.0F;
  expect_error(quantize(ElementType::f16, first, std::span(bytes).first(2)),
               ErrorCode::out_of_range, {"70000", "F16", "65504"});
  values[0] = std::numeric_limits<float>::max();
  expect_error(quantize(ElementType::bf16, first, std::span(bytes).first(2)),
               ErrorCode::out_of_range, {"BF16"});
  expect_error(quantize(ElementType::q8_0, values, bytes), ErrorCode::out_of_range, {"Q8_0"});
  values[0] = std::numeric_limits<float>::quiet_NaN();
  expect_error(quantize(ElementType::q8_0, values, bytes), ErrorCode::out_of_range, {"nan"});
}

TEST(ElementType, NamesGoBothWays) {
  for (int i = 0; i <= static_cast<int>(ElementType::q6_k); ++i) {
    const auto type = static_cast<ElementType>(i);
    EXPECT_EQ(element_type_of(format_of(type).name), type);
  }
  EXPECT_FALSE(element_type_of("IQ4_XS"));
}

}  // namespace
}  // namespace candor::checkpoint
