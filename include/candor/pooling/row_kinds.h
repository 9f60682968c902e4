// candor/pooling/row_kinds.h
// Probability rows as a few kinds that can be counted: the K certain answers, and ties (uniform over two
// or more answers), which say something else than "half the time this, half the time that": a pair that
// is truly even attracts tie reports, and its outcome is a tie.
#pragma once

#include <cstddef>
#include <span>
#include <utility>
#include <vector>

namespace candor::pooling {

class RowKinds {
 public:
  /// Kinds 0 .. K-1 are the certain answers. At most `ties` kinds of tie are learned, in order of
  /// appearance; 0 counts a tie as split between its answers.
  RowKinds(std::size_t answers, std::size_t ties);

  /// The row as kinds with masses that sum to 1: one kind where it is certain or a known tie (a new tie
  /// becomes a kind while there is room), otherwise its probabilities over the certain answers.
  /// Worked (K = 2, ties = 1): {1,0} -> kind 0; {.5,.5} -> kind 2; {.3,.7} -> .3 of kind 0, .7 of 1.
  [[nodiscard]] std::span<const std::pair<std::size_t, double>> split(std::span<const double> row);

  [[nodiscard]] std::size_t count() const { return rows_.size() / answers_; }  ///< kinds known now
  [[nodiscard]] std::size_t capacity() const { return answers_ + ties_; }
  /// The probability row [K] that a kind stands for.
  [[nodiscard]] std::span<const double> row(std::size_t kind) const {
    return std::span(rows_).subspan(kind * answers_, answers_);
  }

 private:
  [[nodiscard]] std::size_t tie_kind(std::span<const double> row);

  std::size_t answers_;
  std::size_t ties_;
  std::vector<double> rows_;  // [count, K]
  std::vector<std::pair<std::size_t, double>> parts_;
};

}  // namespace candor::pooling
