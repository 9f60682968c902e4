// lm/training_state.h
// What a training run needs to go on exactly where it was, as a folder: state.safetensors.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "candor/base/result.h"

namespace candor::lm {

struct StoredTensor {
  std::string name;
  std::vector<std::size_t> shape;
  std::vector<float> values;
};

struct TrainingState {
  std::uint64_t steps = 0;
  /// Of everything that is not trained (an adapter's base model): a state goes with no other.
  std::string frozen_fingerprint;
  std::vector<StoredTensor> tensors;
};

/// The folder appears whole or not at all; one that is there already is replaced, and stays as it
/// was if anything fails. Errors: io.
Status write_training_state(const std::string& folder, const TrainingState& state);

/// Errors: not_found, corrupt, io.
Result<TrainingState> read_training_state(const std::string& folder);

}  // namespace candor::lm
