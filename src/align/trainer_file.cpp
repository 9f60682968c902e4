#include "align/trainer_file.h"

#include <fstream>
#include <iterator>

#include "candor/base/text.h"

namespace candor::align {
namespace {

using nlohmann::json;

Result<json> read_object(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return Error{ErrorCode::io, "opening failed"}.in_file(path);
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  json object = json::parse(bytes, nullptr, /*allow_exceptions=*/false);
  if (object.is_object() && object.contains("step") && object["step"].is_number_unsigned() &&
      object.contains("run") && object["run"].is_object())
    return object;
  return Error{ErrorCode::corrupt, "no training state"}
      .in_file(path)
      .expecting("a JSON object with step and run")
      .way("start the run anew in another folder");
}

Status check_same(const json& stored, const json& run, const std::string& path) {
  for (const auto& [name, value] : run.items()) {
    const json found = stored.value(name, json());
    if (found == value) continue;
    return Error{ErrorCode::conflict, "a checkpoint with " + printable(found.dump())}
        .in_file(path)
        .in_field(name)
        .expecting(value.dump() + ", as this run has it")
        .way("resume with the options and data of that run, or start anew in another folder");
  }
  return {};
}

}  // namespace

json description_of(const TrainerOptions& options, std::uint64_t total, const Lesson& lesson) {
  const policy::StepOptions& step = options.step;
  return {{"seed", options.seed},
          {"batch", options.batch},
          {"total_steps", total},
          {"learning_rate", step.learning_rate},
          {"betas", {step.beta1, step.beta2}},
          {"epsilon", step.epsilon},
          {"weight_decay", step.weight_decay},
          {"max_gradient_norm", step.max_gradient_norm},
          {"schedule", name_of(options.schedule.kind)},
          {"warmup_steps", options.schedule.warmup_steps},
          {"final_share", options.schedule.final_share},
          {"examples", lesson.size()},
          {"data", lesson.fingerprint()}};
}

std::string trainer_json(const TrainerState& state, const json& run) {
  const json object = {
      {"step", state.step}, {"epoch", state.epoch}, {"position", state.position}, {"run", run}};
  return object.dump(2) + "\n";
}

Result<std::uint64_t> stored_step(const std::string& path, const json& run) {
  CANDOR_TRY(const json object, read_object(path));
  CANDOR_CHECK(check_same(object["run"], run, path));
  const auto step = object["step"].get<std::uint64_t>();
  if (step <= run["total_steps"].get<std::uint64_t>()) return step;
  return Error{ErrorCode::corrupt, std::to_string(step)}.in_file(path).in_field("step").expecting(
      "at most the run's " + run["total_steps"].dump() + " steps");
}

}  // namespace candor::align
