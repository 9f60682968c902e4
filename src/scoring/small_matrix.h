// Determinant and inverse of small square matrices (K answers), by elimination with row pivoting.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

namespace candor::scoring {

/// matrix [n, n] row-major. Cost: O(n^3). Exact for small integers with n = 2.
[[nodiscard]] double determinant(std::vector<double> matrix, std::size_t n);

/// Nothing if a pivot is below 1e-9: for matrices with entries in [0,1], as good as singular.
[[nodiscard]] std::optional<std::vector<double>> inverse(std::vector<double> matrix, std::size_t n);

}  // namespace candor::scoring
