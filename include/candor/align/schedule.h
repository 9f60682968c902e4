// candor/align/schedule.h
// How the learning rate changes over a run: a share of its peak, step by step.
//
//   warm-up   (step + 1) / warmup_steps for step < warmup_steps: the first step already moves
//   then, with x = (step - warmup_steps) / (total - warmup_steps) in [0, 1)
//   constant  1
//   linear    1 - (1 - final_share) x
//   cosine    final_share + (1 - final_share) (1 + cos(pi x)) / 2
//
// Worked: linear, 2 of 6 steps warm-up: 1/2, 1, 1, 3/4, 1/2, 1/4.
// cos is computed from plain IEEE operations, so that a run has the same bits on every machine.
// Cosine: Loshchilov & Hutter, "SGDR: Stochastic gradient descent with warm restarts", ICLR 2017,
// eq. 5, without restarts. Thread safety: pure functions.
#pragma once

#include <cstdint>
#include <string_view>

#include "candor/base/result.h"

namespace candor::align {

struct Schedule {
  enum class Kind : std::uint8_t { constant, linear, cosine };
  Kind kind = Kind::constant;
  std::uint64_t warmup_steps = 0;
  double final_share = 0.0;  ///< in [0,1]; what linear and cosine end at

  bool operator==(const Schedule&) const = default;
};

[[nodiscard]] std::string_view name_of(Schedule::Kind kind);
/// Errors: invalid_argument, listing the known names.
[[nodiscard]] Result<Schedule::Kind> schedule_kind_of(std::string_view name);

/// The share of the peak rate at a step, in [0,1]. step counts from 0 and is < total.
[[nodiscard]] double rate_share(const Schedule& schedule, std::uint64_t step, std::uint64_t total);

}  // namespace candor::align
