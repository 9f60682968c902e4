// candor/checkpoint/quantize.h
// Floats to stored numbers: f32, f16, bf16 and Q8_0.
#pragma once

#include <cstdint>
#include <span>

#include "candor/base/result.h"
#include "candor/checkpoint/element_type.h"

namespace candor::checkpoint {

/// Encodes whole blocks; the inverse of dequantize up to rounding. f32 keeps every bit. Q8_0, 32
/// numbers x: d = max|x| / 127 (kept as a half), q = x / d rounded to the nearest, halves away from
/// zero, so |error| <= d / 2 and a little for d's own rounding.
/// Requires one of the four types and buffers as for dequantize.
/// Errors: out_of_range, naming the first number that the type cannot hold: a finite one beyond its
/// largest (65504 for f16), or any that is not finite for Q8_0. NaN and infinity pass through f32,
/// f16 and bf16.
/// Worked: 32 numbers 127, 1, 0, ... -> d = 1, q = 127, 1, 0, ...
Status quantize(ElementType type, std::span<const float> values, std::span<std::uint8_t> bytes);

}  // namespace candor::checkpoint
