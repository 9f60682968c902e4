// candor/checkpoint/model_source.h
// A model on disk, whatever its format: its config, and its tensors one at a time as floats.
//
//   CANDOR_TRY(std::unique_ptr<ModelSource> source, open_model("models/smol"));
//   for (const TensorShape& tensor : tensors_of(source->config()))
//     CANDOR_TRY(std::vector<float> values, source->read(tensor));
//
// Formats: a Hugging Face folder (config.json with model.safetensors, or sharded with
// model.safetensors.index.json), a .gguf file, a llama2.c .bin file.
#pragma once

#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "candor/checkpoint/model_config.h"

namespace candor::checkpoint {

class ModelSource {
 public:
  ModelSource() = default;
  ModelSource(const ModelSource&) = delete;
  ModelSource& operator=(const ModelSource&) = delete;
  virtual ~ModelSource() = default;

  [[nodiscard]] virtual const ModelConfig& config() const = 0;

  /// Whether read() has this tensor, seen from the headers alone: nothing of its values is read and
  /// no memory is asked for. A config can claim more than its file holds, so this comes before
  /// anything of the model's size is allocated. Errors: as read() gives, but corrupt and io.
  [[nodiscard]] virtual Status check(const TensorShape& tensor) const = 0;

  /// The values of a tensor under its canonical name, row-major, dequantised where needed.
  /// Errors: not_found, naming the tensor and the file; invalid_argument where the shape differs,
  /// naming both shapes; corrupt, io.
  [[nodiscard]] virtual Result<std::vector<float>> read(const TensorShape& tensor) const = 0;
};

/// check() of every tensor of the source's config: the first that fails.
[[nodiscard]] Status check_tensors(const ModelSource& source);

/// path: a folder or file of one of the formats above. Errors: not_found, malformed, unsupported.
[[nodiscard]] Result<std::unique_ptr<ModelSource>> open_model(const std::string& path);

/// The values of every tensor of a model, to be written.
struct ModelTensors {
  ModelConfig config;
  std::map<std::string, std::vector<float>> values;  ///< by canonical name, all of tensors_of
};

enum class FileType : std::uint8_t { f32, f16, bf16, q8_0 };

/// Writes config.json and model.safetensors into a folder (files are whole or absent). f32, f16,
/// bf16. Errors: io; invalid_argument for a tensor that is missing or of another size.
Status write_model_folder(const std::string& folder, const ModelTensors& model, FileType type);

}  // namespace candor::checkpoint
