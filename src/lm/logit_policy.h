// lm/logit_policy.h
// What policies of this library can do for one another.
#pragma once

#include <memory>

#include "candor/base/result.h"
#include "candor/checkpoint/model_source.h"
#include "candor/policy/policy.h"
#include "lm/generate.h"

namespace candor::lm {

class LogitPolicy : public policy::Policy {
 public:
  /// Its logits as they are now; training does not move them.
  [[nodiscard]] virtual Result<std::shared_ptr<LogitModel>> frozen_logits() const = 0;
  /// All values, adapters merged. Errors: unsupported for a policy that is no single network.
  [[nodiscard]] virtual Result<checkpoint::ModelTensors> tensors() const = 0;
};

}  // namespace candor::lm
