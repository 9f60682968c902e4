// checkpoint/gguf_config.h
// A model's config as GGUF metadata, both ways.
#pragma once

#include "candor/checkpoint/gguf.h"
#include "candor/checkpoint/model_config.h"

namespace candor::checkpoint {

/// Errors: as open_gguf.
Result<ModelConfig> config_of(const GgufFile& file);

/// The keys that state the config and the type of the matrices.
/// Errors: invalid_argument for more than three end tokens.
Result<GgufMetadata> metadata_of(const ModelConfig& config, FileType type);

/// Divisors of the rotary frequencies, in files of models that have them.
constexpr const char* rope_divisors_name = "rope_freqs.weight";

}  // namespace candor::checkpoint
