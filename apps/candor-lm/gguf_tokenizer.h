// A tokenizer in the form that GGUF files carry it.
#pragma once

#include "candor/checkpoint/gguf.h"
#include "candor/tokenizer/tokenizer.h"

namespace candor::app {

/// The keys tokenizer.ggml.* for a vocabulary of `rows` tokens (those that the tokenizer does not
/// have are unused). Byte-level vocabularies become model "gpt2", with the name of how texts are
/// cut (tokenizer.ggml.pre), those with bytes as a last resort model "llama", with scores that fall
/// by the order of merges.
/// Errors: unsupported for a kind or a way of cutting that the format has no name for; io.
Result<checkpoint::GgufMetadata> gguf_tokenizer(const tokenizer::Tokenizer& tokenizer,
                                                std::size_t rows);

/// The keys tokenizer.* of a GGUF file, and general.name.
Result<checkpoint::GgufMetadata> gguf_tokenizer_of(const std::string& path);

}  // namespace candor::app
