// checkpoint/tensor_output.h
// Tensors on their way into a file.
#pragma once

#include <span>
#include <string>

#include "candor/base/file.h"
#include "candor/checkpoint/element_type.h"
#include "candor/checkpoint/model_source.h"
#include "candor/checkpoint/safetensors.h"

namespace candor::checkpoint {

/// Encodes and writes, piece by piece. Errors: io; out_of_range, naming the tensor.
Status write_values(OutputFile& file, const NamedTensor& tensor, ElementType type);

/// The tensors of a model in the order of tensors_of.
/// Errors: invalid_argument, naming the tensor: missing, of another size, or not one of the
/// config's.
Result<std::vector<NamedTensor>> named_tensors(const ModelTensors& model);

}  // namespace candor::checkpoint
