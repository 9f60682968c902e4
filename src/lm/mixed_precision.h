// lm/mixed_precision.h
// LibTorch's autocast for a scope, in the words of every version of it.
//
//   {
//     const MixedPrecisionGuard guard(Precision::bf16, device);
//     loss = …;                    // the forward pass and the loss only
//   }
//   loss.backward();
#pragma once

#include "candor/lm/device.h"

namespace candor::lm {

/// Whether autocast is on in this thread.
struct MixedPrecisionState {
  bool cpu = false;
  bool cuda = false;
};
[[nodiscard]] MixedPrecisionState mixed_precision_state();

class MixedPrecisionGuard {
 public:
  /// f32: autocast off on this device. bf16: on. Parameters that were cast are kept until the
  /// outermost guard ends, so a guard must not outlive an optimiser step.
  MixedPrecisionGuard(Precision precision, const Device& device);
  /// This state, and casts of parameters are not kept: for code that is run with and without
  /// gradients, since a cast made without one would hide it from the other.
  explicit MixedPrecisionGuard(MixedPrecisionState state);
  ~MixedPrecisionGuard();
  MixedPrecisionGuard(const MixedPrecisionGuard&) = delete;
  MixedPrecisionGuard& operator=(const MixedPrecisionGuard&) = delete;

 private:
  MixedPrecisionState before_;
  bool cache_before_;
};

}  // namespace candor::lm
