#include "lm/mixed_precision.h"

#include <ATen/autocast_mode.h>
#include <torch/version.h>

namespace candor::lm {
namespace {

#if TORCH_VERSION_MAJOR > 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 4)
bool enabled(at::DeviceType device) {
  return at::autocast::is_autocast_enabled(device);
}

void enable(at::DeviceType device, bool on) {
  at::autocast::set_autocast_enabled(device, on);
  if (on) at::autocast::set_autocast_dtype(device, at::kBFloat16);
}
#else
bool enabled(at::DeviceType device) {
  return device == at::kCPU ? at::autocast::is_cpu_enabled() : at::autocast::is_enabled();
}

void enable(at::DeviceType device, bool on) {
  if (device == at::kCPU) {
    at::autocast::set_cpu_enabled(on);
    if (on) at::autocast::set_autocast_cpu_dtype(at::kBFloat16);
  } else {
    at::autocast::set_enabled(on);
    if (on) at::autocast::set_autocast_gpu_dtype(at::kBFloat16);
  }
}
#endif

void set_state(MixedPrecisionState state) {
  enable(at::kCPU, state.cpu);
  enable(at::kCUDA, state.cuda);
}

}  // namespace

MixedPrecisionState mixed_precision_state() {
  return {.cpu = enabled(at::kCPU), .cuda = enabled(at::kCUDA)};
}

MixedPrecisionGuard::MixedPrecisionGuard(Precision precision, const Device& device)
    : before_(mixed_precision_state()), cache_before_(at::autocast::is_autocast_cache_enabled()) {
  const bool on = precision == Precision::bf16;
  enable(device.kind == Device::Kind::cpu ? at::kCPU : at::kCUDA, on);
  at::autocast::increment_nesting();
}

MixedPrecisionGuard::MixedPrecisionGuard(MixedPrecisionState state)
    : before_(mixed_precision_state()), cache_before_(at::autocast::is_autocast_cache_enabled()) {
  set_state(state);
  at::autocast::set_autocast_cache_enabled(false);
  at::autocast::increment_nesting();
}

MixedPrecisionGuard::~MixedPrecisionGuard() {
  if (at::autocast::decrement_nesting() == 0) at::autocast::clear_cache();
  at::autocast::set_autocast_cache_enabled(cache_before_);
  set_state(before_);
}

}  // namespace candor::lm
