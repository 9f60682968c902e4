#include "checkpoint/folder_source.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "candor/base/file.h"
#include "candor/checkpoint/safetensors.h"
#include "checkpoint/input_file.h"
#include "checkpoint/json.h"
#include "checkpoint/stored_tensor.h"
#include "checkpoint/tensor_output.h"

namespace candor::checkpoint {
namespace {

using nlohmann::json;

constexpr std::uint64_t longest_config = 10'000'000;
constexpr std::uint64_t longest_index = 100'000'000;
constexpr std::string_view gpt2_prefix = "transformer.";

class FolderSource final : public ModelSource {
 public:
  FolderSource(ModelConfig config, std::vector<SafetensorsFile> files)
      : config_(std::move(config)), files_(std::move(files)) {
    for (std::size_t i = 0; i < files_.size(); ++i)
      for (const auto& [name, entry] : files_[i].tensors()) place_.emplace(name, i);
  }

  [[nodiscard]] const ModelConfig& config() const override { return config_; }

  [[nodiscard]] Status check(const TensorShape& tensor) const override {
    const auto place = place_of(tensor.name);
    if (place == place_.end()) return missing_tensor(files_.front().path(), tensor.name);
    return files_[place->second].check(TensorShape{place->first, tensor.shape});
  }

  [[nodiscard]] Result<std::vector<float>> read(const TensorShape& tensor) const override {
    CANDOR_CHECK(check(tensor));
    const auto place = place_of(tensor.name);
    return files_[place->second].read(place->first);
  }

 private:
  using Places = std::map<std::string, std::size_t>;  // name -> file

  [[nodiscard]] Places::const_iterator place_of(const std::string& name) const {
    const auto found = place_.find(name);
    return found == place_.end() ? place_.find(short_name(name)) : found;
  }
  // As the first gpt2 folders name their tensors: without the prefix.
  [[nodiscard]] static std::string short_name(const std::string& name) {
    return name.starts_with(gpt2_prefix) ? name.substr(gpt2_prefix.size()) : name;
  }

  ModelConfig config_;
  std::vector<SafetensorsFile> files_;
  Places place_;
};

Error bad_index(const std::string& path, const std::string& tensor, std::string found) {
  return Error{ErrorCode::malformed, std::move(found)}.in_file(path).in_field(tensor);
}

bool is_plain_name(const std::string& name) {
  return !name.empty() && name != "." && name != ".." && name.find('/') == std::string::npos;
}

// tensor -> file name, as the index has it.
Result<std::map<std::string, std::string>> read_index(const std::string& path) {
  CANDOR_TRY(const std::string text, read_text(path, longest_index));
  CANDOR_TRY(const json object, parse_object(text, path));
  const auto weights = object.find("weight_map");
  if (weights == object.end() || !weights->is_object())
    return bad_index(path, "weight_map", "none").expecting("an object: tensor to file name");
  std::map<std::string, std::string> index;
  for (const auto& [tensor, file] : weights->items()) {
    if (!file.is_string() || !is_plain_name(file.get<std::string>()))
      return bad_index(path, tensor, found_text(file)).expecting("a file name in the same folder");
    index[tensor] = file.get<std::string>();
  }
  if (index.empty()) return bad_index(path, "weight_map", "no tensors").expecting("tensors");
  return index;
}

Result<std::vector<SafetensorsFile>> open_shards(const std::string& folder,
                                                 const std::string& index_path) {
  CANDOR_TRY(const auto index, read_index(index_path));
  std::map<std::string, SafetensorsFile> open;
  for (const auto& [tensor, name] : index) {
    if (!open.contains(name)) {
      CANDOR_TRY(SafetensorsFile file, SafetensorsFile::open(folder + "/" + name));
      open.emplace(name, std::move(file));
    }
    const SafetensorsFile& file = open.at(name);
    if (!file.tensors().contains(tensor)) return missing_tensor(file.path(), tensor);
  }
  std::vector<SafetensorsFile> files;
  for (auto& [name, file] : open) files.push_back(std::move(file));
  return files;
}

Result<std::vector<SafetensorsFile>> open_files(const std::string& folder) {
  const std::string whole = folder + "/model.safetensors";
  const std::string index = folder + "/model.safetensors.index.json";
  if (!std::filesystem::exists(whole) && std::filesystem::exists(index))
    return open_shards(folder, index);
  if (!std::filesystem::exists(whole) && std::filesystem::exists(folder + "/pytorch_model.bin"))
    return Error{ErrorCode::unsupported, "pytorch_model.bin"}
        .in_file(folder)
        .expecting("model.safetensors")
        .way("load and save it once with transformers, which writes safetensors");
  CANDOR_TRY(SafetensorsFile file, SafetensorsFile::open(whole));
  std::vector<SafetensorsFile> files;
  files.push_back(std::move(file));
  return files;
}

Result<ElementType> element_of(FileType type) {
  switch (type) {
    case FileType::f32:
      return ElementType::f32;
    case FileType::f16:
      return ElementType::f16;
    case FileType::bf16:
      return ElementType::bf16;
    case FileType::q8_0:
      break;
  }
  return Error{ErrorCode::invalid_argument, "q8_0"}
      .in_field("type")
      .expecting("f32, f16 or bf16 in a model folder")
      .way("write a .gguf file for q8_0");
}

// transformers loads a model in the type that its config names.
std::string config_text(const ModelConfig& config, ElementType type) {
  json object = json::parse(config_json(config));
  object["torch_dtype"] = type == ElementType::f32   ? "float32"
                          : type == ElementType::f16 ? "float16"
                                                     : "bfloat16";
  return object.dump(2) + "\n";
}

}  // namespace

Result<std::unique_ptr<ModelSource>> open_folder(const std::string& folder) {
  const std::string path = folder + "/config.json";
  CANDOR_TRY(const std::string text, read_text(path, longest_config));
  CANDOR_TRY(ModelConfig config, parse_config(text, path));
  CANDOR_TRY(std::vector<SafetensorsFile> files, open_files(folder));
  return std::unique_ptr<ModelSource>(
      std::make_unique<FolderSource>(std::move(config), std::move(files)));
}

Status write_model_folder(const std::string& folder, const ModelTensors& model, FileType type) {
  CANDOR_TRY(const ElementType element, element_of(type));
  CANDOR_TRY(const std::vector<NamedTensor> tensors, named_tensors(model));
  CANDOR_CHECK(make_folder(folder));
  CANDOR_CHECK(
      write_safetensors(folder + "/model.safetensors", tensors, element, {{"format", "pt"}}));
  return write_file(folder + "/config.json", config_text(model.config, element));
}

}  // namespace candor::checkpoint
