// lm/model_io.h
// A network from a file's tensors, and back.
#pragma once

#include "candor/base/result.h"
#include "candor/checkpoint/model_source.h"
#include "candor/lm/device.h"
#include "lm/transformer.h"

namespace candor::lm {

/// The model with every tensor of checkpoint::tensors_of(config) read. Gradients are on.
/// Errors: those of ModelSource::read (a tensor that is missing, or of another shape, is named,
/// with both shapes); out_of_range for a tensor with a number that is not finite; io where the
/// device has too little memory.
[[nodiscard]] Result<Transformer> load_model(const checkpoint::ModelSource& source,
                                             const Device& device = {});

/// A new model, its parameters drawn as TransformerImpl::initialise does. Errors: config.check()'s.
[[nodiscard]] Result<Transformer> new_model(const checkpoint::ModelConfig& config,
                                            std::uint64_t seed, const Device& device = {});

/// A second network with the same numbers (and adapters), none of them trainable.
[[nodiscard]] Result<Transformer> frozen_copy(const Transformer& model);

/// Which weights of a model with an adapter are meant.
enum class Adapters : std::uint8_t { left_out, merged };

/// Every tensor under its canonical name, on the processor, as floats.
[[nodiscard]] Result<checkpoint::ModelTensors> model_tensors(const Transformer& model,
                                                             Adapters adapters = Adapters::merged);

}  // namespace candor::lm
