// candor/align/lesson.h
// What a trainer goes through: a list of examples, each with a loss. Two kinds: preference pairs
// (preference_lesson.h) and texts to imitate (supervised_lesson.h).
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "candor/align/metrics.h"
#include "candor/base/result.h"
#include "candor/policy/scorer.h"

namespace candor::align {

/// Numbers of the examples of a batch, or of a piece of one.
using Examples = std::span<const std::uint32_t>;

/// Thread safety: const methods from any thread, but a scorer from one at a time.
class Lesson {
 public:
  Lesson() = default;
  Lesson(const Lesson&) = delete;
  Lesson& operator=(const Lesson&) = delete;
  virtual ~Lesson() = default;

  [[nodiscard]] virtual std::size_t size() const = 0;  ///< >= 1
  /// A hash of everything training depends on, so that a run is not resumed on other data.
  [[nodiscard]] virtual std::uint64_t fingerprint() const = 0;
  /// An example's name for messages: its slot, or its number.
  [[nodiscard]] virtual std::string label_of(std::uint32_t example) const = 0;

  /// What the summed losses of a batch are divided by: a function of the whole batch, so that how a
  /// batch is cut into pieces does not matter. > 0.
  [[nodiscard]] virtual double divisor(Examples batch) const = 0;

  /// One piece of a batch: forward, losses, and backward with the derivative of (sum of losses) /
  /// divisor; the piece's metrics go to the tally. Errors: the scorer's; out_of_range for a loss
  /// that is not finite, naming the example; then backward was not called.
  virtual Status learn(policy::Scorer& scorer, Examples piece, double divisor,
                       Tally& tally) const = 0;
  /// The same metrics without a gradient.
  virtual Status judge(policy::Scorer& scorer, Examples piece, Tally& tally) const = 0;
};

/// A lesson's means over all of its examples, in order, `piece` at a time.
[[nodiscard]] Result<std::vector<Metric>> judge_all(const Lesson& lesson, policy::Scorer& scorer,
                                                    std::size_t piece = 16,
                                                    std::string_view prefix = "eval_");

}  // namespace candor::align
