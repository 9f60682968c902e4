// checkpoint/stored_tensor.h
// Where a tensor lies in a file: what the readers of all formats share.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "candor/checkpoint/element_type.h"
#include "candor/checkpoint/model_config.h"
#include "checkpoint/input_file.h"

namespace candor::checkpoint {

/// The product of a shape; empty where it exceeds 64 bits. Worked: {} -> 1, {2, 3} -> 6.
[[nodiscard]] std::optional<std::uint64_t> count_of(std::span<const std::size_t> shape);

/// "[2, 3]"
[[nodiscard]] std::string shape_text(std::span<const std::size_t> shape);

/// Bytes that so many values of a type take; empty for part of a block or over 64 bits.
[[nodiscard]] std::optional<std::uint64_t> bytes_of(ElementType type, std::uint64_t values);

/// The values that lie from a place of the file on, decoded piece by piece, so that memory is that
/// of the floats and a buffer of a MiB at most. Requires whole blocks.
/// Errors: malformed where the file ends before (checked before anything is allocated), io.
Result<std::vector<float>> read_values(const InputFile& file, std::uint64_t place, ElementType type,
                                       std::uint64_t values);

/// Errors: invalid_argument, naming both shapes, where they differ.
Status check_shape(const std::string& file, const TensorShape& wanted,
                   std::span<const std::size_t> found);

/// not_found: the file has no tensor of this name.
[[nodiscard]] Error missing_tensor(const std::string& file, const std::string& name);

/// The tensors of a config by name.
class KnownTensors {
 public:
  explicit KnownTensors(const ModelConfig& config);

  /// Errors: not_found for a name that is none of them; invalid_argument, naming both shapes, for
  /// another shape than the config's.
  [[nodiscard]] Status check(const std::string& file, const TensorShape& tensor) const;
  /// Numbers in a tensor of this name; 0 for another name.
  [[nodiscard]] std::uint64_t count(const std::string& name) const;

 private:
  std::map<std::string, std::vector<std::size_t>> shape_;
};

}  // namespace candor::checkpoint
