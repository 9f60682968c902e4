#include "candor/checkpoint/model_source.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <string_view>
#include <system_error>

#include "candor/checkpoint/gguf.h"
#include "candor/checkpoint/llama2c.h"
#include "checkpoint/folder_source.h"
#include "checkpoint/input_file.h"

namespace candor::checkpoint {
namespace {

// The first four bytes, fewer of a shorter file.
Result<std::string> first_bytes(const std::string& path) {
  CANDOR_TRY(const InputFile file, InputFile::open(path));
  std::array<std::uint8_t, 4> bytes{};
  const auto some = std::span(bytes).first(std::min<std::uint64_t>(bytes.size(), file.size()));
  CANDOR_CHECK(file.read_at(0, some));
  return std::string(some.begin(), some.end());
}

}  // namespace

Status check_tensors(const ModelSource& source) {
  for (const TensorShape& tensor : tensors_of(source.config())) {
    CANDOR_CHECK(source.check(tensor));
  }
  return {};
}

Result<std::unique_ptr<ModelSource>> open_model(const std::string& path) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) return open_folder(path);
  CANDOR_TRY(const std::string first, first_bytes(path));
  if (first == "GGUF" || path.ends_with(".gguf")) return open_gguf(path);
  if (path.ends_with(".bin")) return open_llama2c(path);
  return Error{ErrorCode::unsupported, "a file of another kind"}
      .in_file(path)
      .expecting("a model folder with config.json, a .gguf file, or a llama2.c .bin file")
      .way("name the folder that a .safetensors file lies in");
}

}  // namespace candor::checkpoint
