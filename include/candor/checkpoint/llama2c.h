// candor/checkpoint/llama2c.h
// Checkpoints of the llama2.c project, version 0: small Llama-style models in one plain file.
//
//   7 int32   dim, hidden_dim, n_layers, n_heads, n_kv_heads, vocab_size (negative: the output
//             matrix is separate), seq_len
//   floats    token embedding; of all layers: attention norm, wq, wk, wv, wo, feed-forward norm, w1
//             (gate), w2 (down), w3 (up); final norm; two rotary tables of
//             seq_len x head_width / 2, unused; the output matrix, if separate
//
// All little endian. There is no magic number, so a file is taken for one where the header's sizes
// add up to the file's exactly. The network: RMS norm with epsilon 1e-5, rotary positions of base
// 10000 over neighbouring pairs of a head, which become halves here (rows of wq and wk reordered).
// Source: the exporter of the llama2.c project.
#pragma once

#include <memory>
#include <string>

#include "candor/checkpoint/model_source.h"

namespace candor::checkpoint {

/// Config: llama; token 1 begins a text, 2 or 1 ends it (the project's training texts follow each
/// other with only a 1 between them).
/// Errors: not_found, io; malformed where header and size of the file do not agree.
[[nodiscard]] Result<std::unique_ptr<ModelSource>> open_llama2c(const std::string& path);

}  // namespace candor::checkpoint
