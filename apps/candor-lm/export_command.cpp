#include <fmt/format.h>

#include <filesystem>
#include <memory>

#include "candor/base/file.h"
#include "candor/checkpoint/gguf.h"
#include "candor/checkpoint/model_source.h"
#include "gguf_tokenizer.h"
#include "model_options.h"
#include "verbs.h"

namespace candor::app {
namespace {

using checkpoint::FileType;
using checkpoint::ModelTensors;

struct ExportCommand {
  std::string model;
  std::string adapter;
  std::string tokenizer;
  std::string out;
  std::string type = "f32";

  Status run() const;

 private:
  [[nodiscard]] bool to_gguf() const { return out.ends_with(".gguf"); }
  Status check() const;
  [[nodiscard]] Result<ModelTensors> read_tensors() const;
  Status write_folder(const ModelTensors& tensors, FileType file_type) const;
  Status write_gguf(const ModelTensors& tensors, FileType file_type) const;
};

FileType file_type_of(const std::string& name) {
  if (name == "f16") return FileType::f16;
  if (name == "bf16") return FileType::bf16;
  return name == "q8_0" ? FileType::q8_0 : FileType::f32;
}

Status ExportCommand::check() const {
  std::error_code ignored;
  if (std::filesystem::exists(model + "/reward_head.safetensors", ignored))
    return Error{ErrorCode::unsupported, "a reward model"}.in_file(model).expecting(
        "a language model: neither format has a place for the head");
  if (to_gguf() || type != "q8_0") return {};
  return Error{ErrorCode::unsupported, type}
      .in_field("--type")
      .expecting("f32, f16 or bf16 for a folder")
      .way("name a file that ends in .gguf");
}

// An adapter is merged by the library that knows how; a model without one is only read.
Result<ModelTensors> ExportCommand::read_tensors() const {
  if (!adapter.empty()) {
    lm::ModelOptions how;
    how.device = "cpu";
    CANDOR_TRY(const auto policy, lm::load_policy_with_adapter(model, adapter, how));
    return lm::model_tensors(*policy);
  }
  CANDOR_TRY(const auto source, checkpoint::open_model(model));
  ModelTensors tensors{source->config(), {}};
  for (const auto& tensor : checkpoint::tensors_of(tensors.config)) {
    CANDOR_TRY(tensors.values[tensor.name], source->read(tensor));
  }
  return tensors;
}

Status ExportCommand::write_folder(const ModelTensors& tensors, FileType file_type) const {
  CANDOR_TRY(const auto words, read_tokenizer(model, tokenizer));
  CANDOR_CHECK(make_folder(out));
  CANDOR_CHECK(checkpoint::write_model_folder(out, tensors, file_type));
  return words->save(out);
}

Status ExportCommand::write_gguf(const ModelTensors& tensors, FileType file_type) const {
  if (model.ends_with(".gguf") && tokenizer.empty()) {
    CANDOR_TRY(const auto metadata, gguf_tokenizer_of(model));
    return checkpoint::write_gguf(out, tensors, file_type, metadata);
  }
  CANDOR_TRY(const auto words, read_tokenizer(model, tokenizer));
  CANDOR_TRY(auto metadata, gguf_tokenizer(*words, tensors.config.vocabulary));
  metadata["general.name"] = std::filesystem::path(model).filename().string();
  return checkpoint::write_gguf(out, tensors, file_type, metadata);
}

Status ExportCommand::run() const {
  CANDOR_CHECK(check());
  CANDOR_TRY(const ModelTensors tensors, read_tensors());
  const FileType file_type = file_type_of(type);
  CANDOR_CHECK(to_gguf() ? write_gguf(tensors, file_type) : write_folder(tensors, file_type));
  note(
      fmt::format("{} parameters as {} in {}", count_text(tensors.config.parameters()), type, out));
  return {};
}

}  // namespace

void add_export(CLI::App& program, Action& action) {
  CLI::App* verb = program.add_subcommand(
      "export", "Write a model as a folder or file that other programs load");
  const auto command = std::make_shared<ExportCommand>();
  verb->add_option("--model", command->model, "Hugging Face folder, .gguf or llama2.c .bin file")
      ->required();
  verb->add_option("--adapter", command->adapter, "PEFT folder with an adapter to merge into it");
  verb->add_option("--tokenizer", command->tokenizer, "Folder or file; default: the model's own");
  verb->add_option("--out", command->out, "A folder, or a file that ends in .gguf")->required();
  verb->add_option("--type", command->type, "f32, f16, bf16, or q8_0 (.gguf only)")
      ->check(CLI::IsMember({"f32", "f16", "bf16", "q8_0"}))
      ->capture_default_str();
  verb->callback([command, &action] { action = [command] { return command->run(); }; });
}

}  // namespace candor::app
