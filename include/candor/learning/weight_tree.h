// candor/learning/weight_tree.h
// A row of weights from which one can be drawn in proportion, and changed, in O(log N).
//
// Eight neighbours lie in one cache line, and the line above holds their sums: a tree of fan-out 8.
// Finding the worker at a cumulative position reads one line a level (8 levels for N = 10^7);
// changing a weight adds up one line a level again. Sums are always made anew from what is below,
// never by adding differences, so they do not drift: each is right to (3 x levels) roundings, and
// the whole tree is a function of the weights in it, whatever happened before.
// Memory: 8 (1 + 1/7) bytes a weight. Thread safety: reading from many threads, changing from one.
//
// Worked (the first test): weights {1, 0, 2, 1}: total 4; positions [0,1) are 0, [1,3) are 2, [3,4)
// are 3. A weight of 0 is never found.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <vector>

namespace candor::learning {

class WeightTree {
 public:
  /// Replaces everything. weight [N], each >= 0 and finite. Cost: O(N).
  void assign(std::span<const double> weight);

  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] double operator[](std::size_t i) const {
    return levels_.front()[i / fan_out][i % fan_out];
  }

  /// weight >= 0, i < size(). Cost: O(log N).
  void set(std::size_t i, double weight);

  /// Multiplies every weight. Cost: O(N).
  void multiply(double factor);

  /// The sum of all weights; 0 if there are none. Cost: O(1).
  [[nodiscard]] double total() const { return total_; }

  /// The i with sum(weights before i) <= position < sum(weights up to and with i), for position in
  /// [0, total()); past the end, by rounding, the last i with weight > 0.
  /// Requires total() > 0. Cost: O(log N).
  [[nodiscard]] std::size_t find(double position) const;

 private:
  static constexpr std::size_t fan_out = 8;
  struct alignas(64) Line {
    std::array<double, fan_out> value{};

    double& operator[](std::size_t i) { return value[i]; }
    double operator[](std::size_t i) const { return value[i]; }
    [[nodiscard]] double sum() const {
      return ((value[0] + value[1]) + (value[2] + value[3])) +
             ((value[4] + value[5]) + (value[6] + value[7]));
    }
  };
  void add_level();
  void add_up();

  std::size_t size_ = 0;
  double total_ = 0.0;
  std::vector<std::vector<Line>> levels_;  // [0]: the weights; the last has one line
};

}  // namespace candor::learning
