// candor/checkpoint/half.h
// The two 16-bit number formats that checkpoints are stored in, to and from float, in integer
// arithmetic alone: the same bits on every machine, with or without conversion instructions.
//
//   half      1 sign, 5 exponent, 10 fraction bits: IEEE 754-2008 binary16. Largest 65504, smallest
//             above zero 2^-24.
//   bfloat16  the upper half of a float: 1, 8, 7 bits. A float's range at 2-3 decimal digits.
//
// Narrowing rounds to the nearest, ties to the even fraction, as hardware does by default; what is
// beyond the largest number becomes infinity; a NaN stays a (quiet) NaN. Widening is exact.
// Worked: 1.0 is 0x3c00 as half and 0x3f80 as bfloat16; 65504 is 0x7bff, 65520 infinity (0x7c00);
// 2^-25 lies half way between 0 and 2^-24, and becomes 0.
//
// Thread safety: pure functions. Cost: a few nanoseconds.
#pragma once

#include <cstdint>

namespace candor::checkpoint {

[[nodiscard]] float float_of_half(std::uint16_t bits);
[[nodiscard]] std::uint16_t half_of_float(float value);
[[nodiscard]] float float_of_bfloat16(std::uint16_t bits);
[[nodiscard]] std::uint16_t bfloat16_of_float(float value);

}  // namespace candor::checkpoint
