// candor/policy/parameter_table.h
// A row-major table of double-precision parameters with its gradient and optimiser state: what the
// small exact models of this folder (tabular_policy.h, bigram_policy.h) are made of.
//
// AdamW, step t = 1, 2, ... with gradient g (Loshchilov & Hutter 2019, algorithm 2):
//     m <- b1 m + (1-b1) g,   v <- b2 v + (1-b2) g^2
//     x <- x - rate weight_decay x - rate (m / (1-b1^t)) / (sqrt(v / (1-b2^t)) + epsilon)
// Plain: x <- x - rate (g + weight_decay x), the step that theorems about gradient descent speak
// of. Both scale g down to max_gradient_norm first.
//
// Thread safety: one thread at a time. Cost of a step: one pass.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "candor/base/result.h"
#include "candor/policy/scorer.h"

namespace candor::policy {

enum class Optimiser : std::uint8_t { adamw, plain };

class ParameterTable {
 public:
  ParameterTable(std::size_t rows, std::size_t columns, Optimiser optimiser);

  [[nodiscard]] std::size_t rows() const { return rows_; }
  [[nodiscard]] std::size_t columns() const { return columns_; }
  [[nodiscard]] std::span<double> row(std::size_t r) {
    return std::span(value_).subspan(r * columns_, columns_);
  }
  [[nodiscard]] std::span<const double> row(std::size_t r) const {
    return std::span(value_).subspan(r * columns_, columns_);
  }
  /// All rows, one after another.
  [[nodiscard]] std::span<double> values() { return value_; }
  [[nodiscard]] std::span<const double> values() const { return value_; }
  /// The gathered gradient of a row; add to it.
  [[nodiscard]] std::span<double> gradient(std::size_t r) {
    return std::span(gradient_).subspan(r * columns_, columns_);
  }

  /// Scorer::step.
  Result<StepReport> step(const StepOptions& options);

  /// Scorer::save_state and load_state: FOLDER/state.json, every number to its last bit. kind: the
  /// model's name and shape, so that another model's state is refused.
  Status save(const std::string& folder, const std::string& kind) const;
  Status load(const std::string& folder, const std::string& kind);

 private:
  void forget_moments();
  void adamw(const StepOptions& options, double scale);
  void plain(const StepOptions& options, double scale);

  std::size_t rows_;
  std::size_t columns_;
  Optimiser optimiser_;
  std::vector<double> value_;
  std::vector<double> gradient_;
  std::vector<double> first_moment_;
  std::vector<double> second_moment_;
  std::uint64_t steps_ = 0;
};

/// Errors: out_of_range, naming the first option outside its range.
[[nodiscard]] Status check(const StepOptions& options);

}  // namespace candor::policy
