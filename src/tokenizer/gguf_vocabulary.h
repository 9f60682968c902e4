// The vocabulary in a GGUF file's metadata.
#pragma once

#include <memory>
#include <string>

#include "candor/tokenizer/tokenizer.h"

namespace candor::tokenizer {

/// tokenizer.ggml.model "gpt2" (byte-level; tokenizer.ggml.pre names how texts are cut) or "llama"
/// (pieces with scores). Errors: not_found, malformed, unsupported, naming the key.
[[nodiscard]] Result<std::unique_ptr<Tokenizer>> load_gguf_vocabulary(const std::string& path);

}  // namespace candor::tokenizer
