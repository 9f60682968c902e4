// align/trainer_file.h
// trainer.json of a checkpoint: which run it is of, and how far that had come.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "candor/align/trainer.h"

namespace candor::align {

/// All that a run's curve depends on beside the scorer.
[[nodiscard]] nlohmann::json description_of(const TrainerOptions& options, std::uint64_t total,
                                            const Lesson& lesson);

[[nodiscard]] std::string trainer_json(const TrainerState& state, const nlohmann::json& run);

/// The step of a stored trainer.json. Errors: io, corrupt; conflict where it is of another run,
/// with the member that differs.
[[nodiscard]] Result<std::uint64_t> stored_step(const std::string& path, const nlohmann::json& run);

}  // namespace candor::align
