// candor/checkpoint/adapter_folder.h
// Low-rank adapters (LoRA) in folders of the PEFT library: adapter_config.json and
// adapter_model.safetensors.
//
// A linear layer y = W x becomes y = W x + scale B (A x), with A [rank, in], B [out, rank].
// Source: Hu et al., "LoRA: low-rank adaptation of large language models", ICLR 2022; the
// rank-stabilised scale: Kalajdzievski, arXiv 2312.03732; the files: Hugging Face PEFT.
//
//   CANDOR_TRY(AdapterTensors adapter, read_adapter("adapters/pairs"));
//   const std::vector<float>& a =
//       adapter.values.at("model.layers.0.self_attn.q_proj.lora_A.weight");   // [rank, in]
#pragma once

#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "candor/base/result.h"

namespace candor::checkpoint {

struct AdapterTensors {
  std::size_t rank = 0;
  double alpha = 0.0;
  bool rank_stabilised = false;  ///< use_rslora
  /// The layers' names, whole or their last parts: "q_proj", "self_attn.q_proj", ...; sorted when
  /// read.
  std::vector<std::string> target_modules;
  std::string base_model;  ///< name or path, as the user gave it; may be empty
  /// "<layer>.lora_A.weight" [rank, in] and "<layer>.lora_B.weight" [out, rank], row-major; <layer>
  /// is the canonical name of the matrix without ".weight". The same for gpt2, whose own matrices
  /// are stored [in, out].
  std::map<std::string, std::vector<float>> values;

  /// alpha / rank, or alpha / sqrt(rank) where rank_stabilised. Worked: alpha 16, rank 4: 4, or 8.
  [[nodiscard]] double scale() const;
};

/// Whether one of the targets means the layer: as its whole name, or as its last parts (PEFT's
/// rule). Worked: "q_proj", "self_attn.q_proj" and the name itself mean
/// "model.layers.0.self_attn.q_proj"; "proj" does not.
[[nodiscard]] bool names_layer(std::span<const std::string> targets, std::string_view layer);

/// Errors: not_found, io, malformed; unsupported, naming the option, for anything that changes the
/// arithmetic and is not known here (use_dora, bias, modules_to_save, rank_pattern, weights started
/// by changing the base model such as pissa, ...), for tensors other than lora_A and lora_B, and
/// for target_modules given as a pattern; invalid_argument, naming both shapes, for a tensor of
/// another rank; not_found for an A without its B, or the reverse.
/// lora_dropout, which acts in training only, is not kept.
[[nodiscard]] Result<AdapterTensors> read_adapter(const std::string& folder);

/// Writes both files (f32), each whole or not at all, loadable by PEFT.
/// Errors: io; invalid_argument for rank 0, no values, a size that is no multiple of the rank, an A
/// without its B, a name of another form, or a layer that target_modules does not name.
Status write_adapter(const std::string& folder, const AdapterTensors& adapter);

}  // namespace candor::checkpoint
