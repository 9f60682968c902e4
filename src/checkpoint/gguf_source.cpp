#include <set>
#include <utility>

#include "candor/checkpoint/gguf.h"
#include "checkpoint/gguf_config.h"
#include "checkpoint/gguf_layout.h"
#include "checkpoint/stored_tensor.h"

namespace candor::checkpoint {
namespace {

constexpr const char* output_name = "output.weight";

class GgufSource final : public ModelSource {
 public:
  GgufSource(ModelConfig config, GgufFile file)
      : config_(std::move(config)), known_(config_), file_(std::move(file)) {}

  [[nodiscard]] const ModelConfig& config() const override { return config_; }

  [[nodiscard]] Status check(const TensorShape& tensor) const override {
    CANDOR_CHECK(known_.check(file_.path(), tensor));
    return file_.check(gguf_place_of(config_, tensor).tensor);
  }

  [[nodiscard]] Result<std::vector<float>> read(const TensorShape& tensor) const override {
    CANDOR_CHECK(known_.check(file_.path(), tensor));
    const GgufPlace place = gguf_place_of(config_, tensor);
    CANDOR_TRY(std::vector<float> values, file_.read(place.tensor));
    return from_gguf(place, std::move(values));
  }

 private:
  ModelConfig config_;
  KnownTensors known_;
  GgufFile file_;
};

// Whether a separate output matrix says the same as the embeddings. Files of tied models sometimes
// hold both.
Result<bool> output_is_embedding(const GgufFile& file) {
  const auto output = file.tensors().find(output_name);
  if (output == file.tensors().end()) return true;
  const GgufTensor& embedding = file.tensors().at("token_embd.weight");
  if (output->second.shape != embedding.shape || output->second.type != embedding.type)
    return false;
  CANDOR_TRY(const std::vector<float> a, file.read(output_name));
  CANDOR_TRY(const std::vector<float> b, file.read("token_embd.weight"));
  return a == b;
}

// A tensor without a place in the config is arithmetic that would be left out.
Status check_no_other(const GgufFile& file, const ModelConfig& config) {
  std::set<std::string> known{output_name, rope_divisors_name};
  for (const TensorShape& tensor : tensors_of(config))
    known.insert(gguf_place_of(config, tensor).tensor.name);
  for (const auto& [name, tensor] : file.tensors())
    if (!known.contains(name))
      return Error{
          ErrorCode::unsupported,
          "a tensor that " + std::string(name_of(config.architecture)) + " has no place for"}
          .in_file(file.path())
          .in_field(name)
          .expecting("only tensors of the architecture")
          .way("this variant of it is not known here");
  return {};
}

}  // namespace

Result<std::unique_ptr<ModelSource>> open_gguf(const std::string& path) {
  CANDOR_TRY(GgufFile file, GgufFile::open(path));
  CANDOR_TRY(ModelConfig config, config_of(file));
  CANDOR_TRY(config.tied_embeddings, output_is_embedding(file));
  CANDOR_CHECK(check_no_other(file, config));
  return std::unique_ptr<ModelSource>(
      std::make_unique<GgufSource>(std::move(config), std::move(file)));
}

}  // namespace candor::checkpoint
