// candor/checkpoint/gguf.h
// The GGUF format (versions 2 and 3): typed metadata and tensors, quantised or not, in one file.
//
//   "GGUF", u32 version, u64 tensors, u64 keys
//   each key     text, u32 type, value           (a text is u64 length and its bytes)
//   each tensor  text, u32 dimensions, u64 lengths (innermost first), u32 type, u64 offset
//   padding to general.alignment (32), then the tensors' bytes
//
// All little endian. Source: the GGUF specification of the ggml project; the Python package gguf is
// the reference that tests compare with.
//
//   CANDOR_TRY(GgufFile file, GgufFile::open("model.gguf"));
//   CANDOR_TRY(auto tokens, file.require<std::vector<std::string>>("tokenizer.ggml.tokens"));
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "candor/base/result.h"
#include "candor/checkpoint/element_type.h"
#include "candor/checkpoint/model_source.h"

namespace candor::checkpoint {

class InputFile;

/// A metadata value as stored: a number, truth value or text, or an array of one of them. (Arrays
/// of arrays, which no known key uses, are refused.) Readers of files need find and require below;
/// the exact type matters when writing, since other programs insist on it.
using GgufValue =
    std::variant<std::uint8_t, std::int8_t, std::uint16_t, std::int16_t, std::uint32_t,
                 std::int32_t, float, bool, std::string, std::uint64_t, std::int64_t, double,
                 std::vector<std::uint8_t>, std::vector<std::int8_t>, std::vector<std::uint16_t>,
                 std::vector<std::int16_t>, std::vector<std::uint32_t>, std::vector<std::int32_t>,
                 std::vector<float>, std::vector<bool>, std::vector<std::string>,
                 std::vector<std::uint64_t>, std::vector<std::int64_t>, std::vector<double>>;
using GgufMetadata = std::map<std::string, GgufValue>;

struct GgufTensor {
  std::vector<std::size_t> shape;  ///< outermost first, as everywhere in Candor
  ElementType type = ElementType::f32;
  std::uint64_t place = 0;  ///< of its first byte in the file
};

/// An open file; tensors are read one at a time. Memory: the metadata, up to about four times its
/// size in the file. Thread safety: const methods from any thread.
class GgufFile {
 public:
  /// Everything but the tensors' bytes is read and checked, and those are checked to lie inside the
  /// file, aligned, without overlap.
  /// Errors: not_found, io; malformed, naming key or tensor; unsupported for version 1, big-endian
  /// files, and a tensor of a type that is not decoded (the IQ types, ...), which is named.
  static Result<GgufFile> open(const std::string& path);
  GgufFile(GgufFile&&) noexcept;
  GgufFile& operator=(GgufFile&&) noexcept;
  GgufFile(const GgufFile&) = delete;
  GgufFile& operator=(const GgufFile&) = delete;
  ~GgufFile();

  [[nodiscard]] const std::string& path() const;
  [[nodiscard]] const GgufMetadata& metadata() const { return metadata_; }
  [[nodiscard]] const std::map<std::string, GgufTensor>& tensors() const { return tensors_; }

  /// The value of a key, empty where there is none. T: std::string, bool, std::int64_t (any integer
  /// type), double (any number), or a std::vector of std::string, std::int64_t or double.
  /// A single float is read as the shortest decimal that gives it: 1e-05, not 9.99999974738e-06.
  /// Errors: malformed for a value of another type, or a whole number beyond 64 bits with sign.
  template <class T>
  [[nodiscard]] Result<std::optional<T>> find(const std::string& key) const;

  /// The same where there must be one. Errors: also not_found, naming the key.
  template <class T>
  [[nodiscard]] Result<T> require(const std::string& key) const;

  /// Whether there is a tensor of this name and shape, by the header alone.
  /// Errors: not_found; invalid_argument, naming both shapes.
  [[nodiscard]] Status check(const TensorShape& tensor) const;
  /// A tensor's values, dequantised, under its name and in its layout in the file.
  /// Errors: not_found; io.
  [[nodiscard]] Result<std::vector<float>> read(const std::string& name) const;
  /// The same, with the shape checked. Errors: also invalid_argument, naming both shapes.
  [[nodiscard]] Result<std::vector<float>> read(const TensorShape& tensor) const;

 private:
  explicit GgufFile(InputFile file);

  std::unique_ptr<InputFile> file_;
  GgufMetadata metadata_;
  std::map<std::string, GgufTensor> tensors_;
};

/// A model in a GGUF file: general.architecture gpt2, llama or qwen2. Tensors get their canonical
/// names and layouts: rows of q and k of a llama file, which stores the two numbers that a rotation
/// turns next to each other, go back to halves; gpt2's matrices are transposed to [in, out].
/// The vocabulary is the number of rows of token_embd.weight. Embeddings are tied where there is no
/// output.weight, or one with the same bytes. Llama 3's frequency scaling is known by its tensor
/// rope_freqs.weight. End tokens: eos, then eot and eom where the file names them.
/// Errors: as GgufFile::open; unsupported for another architecture (the known are listed), or a
/// tensor or key that belongs to arithmetic not known here (experts, sliding windows, ...).
[[nodiscard]] Result<std::unique_ptr<ModelSource>> open_gguf(const std::string& path);

/// Writes a version-3 file, whole or not at all, that other programs load. Matrices get the type
/// asked for; vectors and gpt2's positions stay f32, and a matrix whose rows are no multiple of 32
/// long is f16 where q8_0 was asked for, as other writers do.
/// extra: further metadata, such as general.name and the tokenizer's keys (tokenizer.ggml.model,
/// .tokens, ...), without which most programs will not load the file.
/// Memory: one tensor. Errors: io; invalid_argument for a tensor missing or of another size, or
/// more than three end tokens, for which the format has no place; conflict, naming a key of `extra`
/// that the config states; out_of_range for a number that the type cannot hold.
Status write_gguf(const std::string& path, const ModelTensors& model, FileType type,
                  const GgufMetadata& extra);

}  // namespace candor::checkpoint
