// lm/lora.h
// Adapters on a whole network (Hu et al., "LoRA: low-rank adaptation of large language models",
// ICLR 2022): which layers get one, their files, and merging.
//
//   CANDOR_CHECK(add_adapters(model, {.rank = 8, .alpha = 16, .targets = {"q_proj", "v_proj"}}));
//   ... train; only the adapters have gradients ...
//   merge_adapters(model);        // generates at full speed
//   unmerge_adapters(model);      // back to the bits of before
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "candor/base/result.h"
#include "candor/checkpoint/adapter_folder.h"
#include "candor/lm/adapter_target.h"
#include "candor/lm/language_model.h"
#include "lm/transformer.h"

namespace candor::lm {

/// Freezes every parameter and gives each target an adapter: A uniform in +-1/sqrt(in) (Kaiming's
/// rule with a = sqrt 5), drawn from RandomStream(seed, number of the layer); B zero, so that the
/// model at first computes what it did.
/// Errors: out_of_range for rank (0, above most_rank, above what the largest of the layers has) or
/// alpha; not_found for a target that no layer answers to (the
/// names that there are, are listed); conflict where the model has adapters already.
[[nodiscard]] Status add_adapters(Transformer& model, const AdapterOptions& options);

/// See LinearImpl::merge, unmerge, absorb_adapter. After absorb_adapters every parameter can be
/// trained again.
void merge_adapters(Transformer& model);
void unmerge_adapters(Transformer& model);
void absorb_adapters(Transformer& model);
[[nodiscard]] bool has_adapters(const Transformer& model);

/// The adapters as write_adapter takes them ("<path>.lora_A.weight"); alpha is scale times rank.
/// Errors: not_found where there are none.
[[nodiscard]] Result<checkpoint::AdapterTensors> adapter_tensors(const Transformer& model);

/// The model with these adapters on it, as add_adapters leaves it. Errors: not_found for a layer
/// that the model does not have; invalid_argument for a size that does not fit (both are named);
/// conflict where the model has adapters already. After an error the model is as it was.
[[nodiscard]] Status put_adapters(Transformer& model, const checkpoint::AdapterTensors& adapters);

}  // namespace candor::lm
