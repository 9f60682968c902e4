// lm/torch_device.h
// candor::lm::Device in LibTorch's words.
#pragma once

#include <c10/core/Device.h>

#include "candor/lm/device.h"

namespace candor::lm {

[[nodiscard]] inline c10::Device torch_device(const Device& device) {
  if (device.kind == Device::Kind::cpu) return {c10::DeviceType::CPU};
  return {c10::DeviceType::CUDA, static_cast<c10::DeviceIndex>(device.index)};
}

}  // namespace candor::lm
