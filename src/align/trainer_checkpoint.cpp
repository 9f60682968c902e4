// Checkpoints of a trainer, and the way back to one.
#include <algorithm>
#include <filesystem>
#include <utility>

#include "align/trainer_file.h"
#include "candor/align/trainer.h"
#include "candor/base/file.h"
#include "candor/policy/whole_folder.h"

namespace candor::align {
namespace {

constexpr std::size_t most_names = 8;

std::string names_of(const Lesson& lesson, Examples batch) {
  std::string text;
  for (const std::uint32_t example : batch.first(std::min(batch.size(), most_names)))
    (text += text.empty() ? "" : ", ") += lesson.label_of(example);
  if (batch.size() > most_names)
    text += " and " + std::to_string(batch.size() - most_names) + " more";
  return text;
}

}  // namespace

std::string Trainer::checkpoint() const {
  return (std::filesystem::path(options_.folder) / "checkpoint").string();
}

bool Trainer::save_due() const {
  if (options_.folder.empty()) return false;
  return state_.step == total_ ||
         (options_.save_every != 0 && state_.step % options_.save_every == 0);
}

Status Trainer::save() {
  CANDOR_TRY(policy::WholeFolder folder, policy::WholeFolder::create(checkpoint()));
  CANDOR_CHECK(write_file(folder.inside("trainer.json"),
                          trainer_json(state_, description_of(options_, total_, lesson_))));
  CANDOR_CHECK(scorer_.save_state(folder.inside("model")));
  CANDOR_CHECK(folder.commit());
  saved_ = true;
  return {};
}

Status Trainer::save_start() {
  if (saved_ || options_.folder.empty()) return {};
  std::error_code ignored;
  if (!std::filesystem::exists(checkpoint(), ignored)) return save();
  return Error{ErrorCode::conflict, "a checkpoint of an earlier run"}
      .in_file(checkpoint())
      .expecting("a folder without one")
      .way("resume that run, or choose another folder");
}

Status Trainer::restore() {
  const std::filesystem::path folder = checkpoint();
  CANDOR_TRY(const std::uint64_t step, stored_step((folder / "trainer.json").string(),
                                                   description_of(options_, total_, lesson_)));
  CANDOR_CHECK(scorer_.load_state((folder / "model").string()));
  go_to(step);
  saved_ = true;
  return {};
}

Result<bool> Trainer::resume() {
  std::error_code ignored;
  if (options_.folder.empty() || !std::filesystem::exists(checkpoint(), ignored)) return false;
  CANDOR_CHECK(restore());
  return true;
}

Error Trainer::stopped(Error cause, Examples batch) {
  cause.found = "at step " + std::to_string(state_.step + 1) + ", " + cause.found;
  cause.way_out = "the batch was " + names_of(lesson_, batch) + "; ";
  if (!saved_) {
    cause.way_out += "give the run a folder for checkpoints, and train more gently";
    return cause;
  }
  const Status back = restore();
  cause.way_out += back.ok()
                       ? "training is back at step " + std::to_string(state_.step) + " of " +
                             checkpoint() + ": lower the learning rate, or look at these examples"
                       : "the checkpoint could not be read: " + back.error().message();
  return cause;
}

}  // namespace candor::align
