// candor/base/math.h
// Elementary functions and sums that give the same bits on every machine.
//
// The C library's exp and log choose other code on other processors (with and without fused
// multiply-add), and their last bit differs. Labels are part of what a ledger must reproduce, so Candor
// uses its own: plain IEEE additions, multiplications and divisions in one stated order. Compile with
// -ffp-contract=off (the build does).
//
// Thread safety: pure functions.
#pragma once

#include <cstddef>
#include <span>

namespace candor {

/// Natural logarithm; relative error below 1e-15 (measured: 2 units in the last place).
/// x > 0 finite; log(0) = -inf, log(x<0) = NaN, log(inf) = inf, NaN stays NaN.
/// Method: x = 2^k m with m in [sqrt(1/2), sqrt(2)); log x = k ln 2 + 2 artanh((m-1)/(m+1)).
[[nodiscard]] double portable_log(double x);

/// Exponential; relative error below 1e-15. Underflows to 0 below -745.2, overflows to inf above 709.8.
/// Method: x = k ln 2 + r, |r| <= ln(2)/2, Taylor series of degree 13 in r.
[[nodiscard]] double portable_exp(double x);

/// sum_i a[i] * b[i], a and b of one length, in this order: eight lanes, lane j summing the elements
/// with index = j (mod 8) in rising order; then ((0+1)+(2+3))+((4+5)+(6+7)). The order lets every
/// vector width give the same bits. Cost: one pass, limited by memory bandwidth.
[[nodiscard]] double dot(std::span<const double> a, std::span<const double> b);

/// sum_i a[i], in the order of dot.
[[nodiscard]] double sum(std::span<const double> a);

/// Turns log-scores into probabilities in place: x[k] <- exp(x[k] - max) / sum. K >= 1, not all -inf.
/// Worked: {0, ln 3} -> {.25, .75}.
void softmax(std::span<double> x);

/// Divides by the sum in place; an all-zero row becomes uniform (no evidence). Entries >= 0.
void normalise(std::span<double> x);

}  // namespace candor
