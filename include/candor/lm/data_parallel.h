// candor/lm/data_parallel.h
// Training by several processes as if they were one: each scores its own part of the batch, the
// gradients are averaged before every step, and since all start from the same parameters all end
// with the same bits.
//
//   CANDOR_TRY(std::shared_ptr<ProcessGroup> group,
//              join_processes({.store = "tcp://10.0.0.1:29500", .rank = 0, .size = 2}));
//   CANDOR_CHECK(set_gradient_reducer(*policy, group));
//   ... train; every process makes the same number of step() calls ...
//
// With derivatives that belong to the mean loss over a process's own part, and parts of one size,
// the average is the gradient of the mean over the whole batch: the same loss curve (up to
// rounding) as one process with all of it. Example: batch {a, b}, loss gradients g_a and g_b. One
// process: (g_a + g_b) / 2. Two: the first has g_a, the second g_b, and each steps down (g_a + g_b)
// / 2.
//
// The collective library is Gloo as LibTorch brings it (over TCP, any machine). A LibTorch without
// it builds too; join_processes then says `unsupported`.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>

#include "candor/base/result.h"
#include "candor/policy/scorer.h"

namespace candor::lm {

/// Averages gradients; what a step calls between backward and AdamW. One thread at a time.
class GradientReducer {
 public:
  GradientReducer() = default;
  GradientReducer(const GradientReducer&) = delete;
  GradientReducer& operator=(const GradientReducer&) = delete;
  virtual ~GradientReducer() = default;

  /// values[i] <- its mean over all processes. All must call it with equal lengths; it waits for
  /// the slowest. All get the same bits. Errors: io when a process is gone or does not answer in
  /// time.
  virtual Status average(std::span<float> values) = 0;
};

class ProcessGroup : public GradientReducer {
 public:
  [[nodiscard]] virtual std::size_t rank() const = 0;  ///< this process's number, 0 .. size()-1
  [[nodiscard]] virtual std::size_t size() const = 0;

  /// Returns when every process has called it. Errors: as average.
  virtual Status barrier() = 0;
};

struct ProcessGroupOptions {
  /// Where the processes find one another: "file:PATH" (a file that all see and that does not exist
  /// before; it may be removed afterwards), or "tcp://HOST:PORT", where rank 0 listens.
  std::string store;
  std::size_t rank = 0;
  std::size_t size = 1;
  double timeout_seconds = 300.0;  ///< for joining, and for every later wait; > 0
  /// The network interface to talk through ("eth0", "lo"); empty: the one that this machine's name
  /// resolves to, which between machines must not be the loopback.
  std::string interface = {};
};

/// Waits until all `size` processes have joined. Errors: invalid_argument for a store of another
/// form or rank >= size; io when the others do not come in time; unsupported (no Gloo).
Result<std::shared_ptr<ProcessGroup>> join_processes(const ProcessGroupOptions& options);

/// From now on step() of this model averages its gradient first; null: no longer. Where the average
/// fails, the step fails and has changed nothing but that the gradient is dropped.
/// Errors: unsupported for a scorer that this library did not make, or that is not trained.
Status set_gradient_reducer(policy::Scorer& scorer, std::shared_ptr<GradientReducer> reducer);

}  // namespace candor::lm
