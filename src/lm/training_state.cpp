#include "lm/training_state.h"

#include <charconv>
#include <system_error>
#include <utility>

#include "candor/checkpoint/safetensors.h"
#include "lm/whole_folder.h"

namespace candor::lm {

namespace {

constexpr const char* file_name = "/state.safetensors";
constexpr const char* steps_key = "steps";
constexpr const char* fingerprint_key = "frozen_fingerprint";

Status write_file_into(const std::string& folder, const TrainingState& state) {
  std::vector<checkpoint::NamedTensor> tensors;
  tensors.reserve(state.tensors.size());
  for (const StoredTensor& tensor : state.tensors)
    tensors.push_back({.tensor = {tensor.name, tensor.shape}, .values = tensor.values});
  return checkpoint::write_safetensors(folder + file_name, tensors, checkpoint::ElementType::f32,
                                       {{"format", "candor training state 1"},
                                        {steps_key, std::to_string(state.steps)},
                                        {fingerprint_key, state.frozen_fingerprint}});
}

Error corrupt(const std::string& path, const std::string& found, std::string_view expected) {
  return Error{ErrorCode::corrupt, found}.in_file(path).expecting(expected).way(
      "go back to an earlier state");
}

Result<std::uint64_t> parse_steps(const std::string& path, const std::string& text) {
  std::uint64_t steps = 0;
  const char* end = text.data() + text.size();
  const auto [stopped, failed] = std::from_chars(text.data(), end, steps);
  if (failed == std::errc() && stopped == end && !text.empty()) return steps;
  return corrupt(path, "step count \"" + text + "\"", "a whole number");
}

std::string metadata_of(const checkpoint::SafetensorsFile& file, const char* key) {
  const auto found = file.metadata().find(key);
  return found == file.metadata().end() ? std::string() : found->second;
}

}  // namespace

Status write_training_state(const std::string& folder, const TrainingState& state) {
  return write_folder(folder,
                      [&](const std::string& path) { return write_file_into(path, state); });
}

Result<TrainingState> read_training_state(const std::string& folder) {
  const std::string path = folder + file_name;
  auto opened = checkpoint::SafetensorsFile::open(path);
  if (!opened.ok()) {
    Error error = std::move(opened).error();
    if (error.code == ErrorCode::malformed) error.code = ErrorCode::corrupt;
    return error;
  }
  TrainingState state;
  CANDOR_TRY(state.steps, parse_steps(path, metadata_of(*opened, steps_key)));
  state.frozen_fingerprint = metadata_of(*opened, fingerprint_key);
  for (const auto& [name, entry] : opened->tensors()) {
    CANDOR_TRY(std::vector<float> values, opened->read(name));
    state.tensors.push_back({.name = name, .shape = entry.shape, .values = std::move(values)});
  }
  return state;
}

}  // namespace candor::lm
