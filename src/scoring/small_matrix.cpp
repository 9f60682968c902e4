#include "scoring/small_matrix.h"

#include <algorithm>
#include <cmath>

namespace candor::scoring {
namespace {

std::size_t pivot_row(const std::vector<double>& matrix, std::size_t n, std::size_t column) {
  std::size_t best = column;
  for (std::size_t row = column + 1; row < n; ++row)
    if (std::fabs(matrix[row * n + column]) > std::fabs(matrix[best * n + column])) best = row;
  return best;
}

void swap_rows(std::vector<double>& matrix, std::size_t n, std::size_t a, std::size_t b) {
  for (std::size_t column = 0; column < n; ++column)
    std::swap(matrix[a * n + column], matrix[b * n + column]);
}

void subtract_row(std::vector<double>& matrix, std::size_t n, std::size_t from, std::size_t row,
                  double times) {
  for (std::size_t column = 0; column < n; ++column)
    matrix[from * n + column] -= times * matrix[row * n + column];
}

std::vector<double> identity(std::size_t n) {
  std::vector<double> matrix(n * n, 0.0);
  for (std::size_t k = 0; k < n; ++k) matrix[k * n + k] = 1.0;
  return matrix;
}

}  // namespace

double determinant(std::vector<double> matrix, std::size_t n) {
  if (n == 2) return matrix[0] * matrix[3] - matrix[1] * matrix[2];
  double product = 1.0;
  for (std::size_t column = 0; column < n; ++column) {
    const std::size_t pivot = pivot_row(matrix, n, column);
    const double value = matrix[pivot * n + column];
    if (value == 0.0) return 0.0;
    product *= pivot == column ? value : -value;
    swap_rows(matrix, n, column, pivot);
    for (std::size_t row = column + 1; row < n; ++row)
      subtract_row(matrix, n, row, column, matrix[row * n + column] / value);
  }
  return product;
}

std::optional<std::vector<double>> inverse(std::vector<double> matrix, std::size_t n) {
  std::vector<double> result = identity(n);
  for (std::size_t column = 0; column < n; ++column) {
    const std::size_t pivot = pivot_row(matrix, n, column);
    if (!(std::fabs(matrix[pivot * n + column]) >= 1e-9)) return std::nullopt;
    swap_rows(matrix, n, column, pivot);
    swap_rows(result, n, column, pivot);
    const double scale = 1.0 / matrix[column * n + column];
    for (std::size_t k = 0; k < n; ++k) {
      matrix[column * n + k] *= scale;
      result[column * n + k] *= scale;
    }
    for (std::size_t row = 0; row < n; ++row) {
      const double times = matrix[row * n + column];
      if (row == column || times == 0.0) continue;
      subtract_row(matrix, n, row, column, times);
      subtract_row(result, n, row, column, times);
    }
  }
  return result;
}

}  // namespace candor::scoring
