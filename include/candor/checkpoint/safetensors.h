// candor/checkpoint/safetensors.h
// The safetensors format: named tensors in one file.
//
//   8 bytes   length n of the header, little endian
//   n bytes   JSON: {"__metadata__": {text: text}, name: {"dtype": "F32", "shape": [2, 3],
//             "data_offsets": [begin, end]}, ...}, padded with spaces
//   the rest  the tensors' bytes, little endian, row-major; offsets count from here
//
// Source: the format's description in the safetensors project. A reader there and here refuses a
// file whose tensors overlap, leave gaps, or do not fill the file to its end.
//
//   CANDOR_TRY(SafetensorsFile file, SafetensorsFile::open("model.safetensors"));
//   CANDOR_TRY(std::vector<float> values, file.read({"model.norm.weight", {64}}));
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "candor/base/result.h"
#include "candor/checkpoint/element_type.h"
#include "candor/checkpoint/model_config.h"

namespace candor::checkpoint {

class InputFile;

struct SafetensorsEntry {
  std::vector<std::size_t> shape;  ///< {} is a single number
  std::string type;                ///< as stored: "F32", "BF16", "I64", ...
  std::uint64_t begin = 0;         ///< bytes from the start of the data
  std::uint64_t end = 0;

  /// Empty for a type that holds no real numbers (integers, booleans) or that is not read (F8).
  [[nodiscard]] std::optional<ElementType> element() const;
};

/// An open file; tensors are read one at a time. Memory: the header. Thread safety: const methods
/// from any thread.
class SafetensorsFile {
 public:
  /// Checks the whole header against the file's size before anything of a tensor is read.
  /// Errors: not_found, io; malformed, naming the tensor: a header longer than the file or than
  /// 100 MB, no JSON, a name twice, offsets outside the data, overlapping or leaving gaps, a shape
  /// that does not fit the bytes; unsupported for a type unknown to the format.
  static Result<SafetensorsFile> open(const std::string& path);
  SafetensorsFile(SafetensorsFile&&) noexcept;
  SafetensorsFile& operator=(SafetensorsFile&&) noexcept;
  SafetensorsFile(const SafetensorsFile&) = delete;
  SafetensorsFile& operator=(const SafetensorsFile&) = delete;
  ~SafetensorsFile();

  [[nodiscard]] const std::map<std::string, SafetensorsEntry>& tensors() const { return tensors_; }
  [[nodiscard]] const std::map<std::string, std::string>& metadata() const { return metadata_; }
  [[nodiscard]] const std::string& path() const;

  /// Whether there is a tensor of this name and shape that read() can read, by the header alone.
  /// Errors: not_found; unsupported for a tensor without real numbers; invalid_argument, naming
  /// both shapes.
  [[nodiscard]] Status check(const TensorShape& tensor) const;
  /// The values as floats (F64 rounded). Errors: not_found; unsupported for a tensor without real
  /// numbers; io.
  [[nodiscard]] Result<std::vector<float>> read(const std::string& name) const;
  /// The same, with the shape checked. Errors: also invalid_argument, naming both shapes.
  [[nodiscard]] Result<std::vector<float>> read(const TensorShape& tensor) const;

 private:
  explicit SafetensorsFile(InputFile file);

  std::unique_ptr<InputFile> file_;
  std::uint64_t data_ = 0;  // place where the tensors' bytes start
  std::map<std::string, SafetensorsEntry> tensors_;
  std::map<std::string, std::string> metadata_;
};

/// A tensor to write; the values must outlive the call.
struct NamedTensor {
  TensorShape tensor;
  std::span<const float> values;
};

/// Writes a file, whole or not at all; tensors in the order given, all of one type (f32, f16 or
/// bf16). Memory: a MiB. Errors: io; invalid_argument for a name twice, a shape that is not that of
/// the values, or another type; out_of_range, naming the tensor, for a number that the type cannot
/// hold.
Status write_safetensors(const std::string& path, std::span<const NamedTensor> tensors,
                         ElementType type, const std::map<std::string, std::string>& metadata);

}  // namespace candor::checkpoint
