// candor/lm/language_model.h
// Language models as policies: read, made, trained, sampled and written. This is all that the rest
// of Candor sees of LibTorch.
//
//   CANDOR_TRY(std::unique_ptr<policy::Policy> policy,
//              load_policy("models/smol", {.adapter = AdapterOptions{.rank = 16}}));
//   CANDOR_TRY(std::unique_ptr<policy::Policy> reference, policy->frozen_copy());
//   ... policy->forward / backward / step, policy->generate ...
//   CANDOR_CHECK(policy->save_model("models/mine"));
//
// Scores are log pi(answer | prompt) = sum over the answer's tokens of log softmax(logits)[token],
// natural log, in float32 and summed in double. Only the places that predict an answer token go
// through the output matrix.
//
// Memory. A piece given to forward() keeps its activations until backward(): per padded token about
//   4 bytes x layers x (8 width + 4 hidden + heads x length), and 8 bytes x vocabulary per token of
//   an answer (llama; measured at the peak, with what the backward pass holds for a moment: 1.3
//   times that). With activation_checkpointing: 4 bytes x layers x width, and one block's.
// Who trains chooses the pieces (align's trainer does): that is what bounds memory. Inside a piece,
// sequences are sorted by length and cut into rectangles of at most tokens_at_once padded tokens,
// so that little work goes into padding; results keep the caller's order. Beside that: 4 bytes a
// parameter, and 12 more a trained one (gradient and two moments).
//
// Thread safety: one thread at a time for one model; inside a call, all threads are used. The
// number of threads is LibTorch's, one for the whole process: the last model made sets it.
// Determinism: on the CPU, with the same threads and library, the same calls give the same bits.
// Sources: DPO-style scores: Rafailov et al. 2023, section 4; LoRA: Hu et al. 2022; AdamW:
// Loshchilov & Hutter 2019; activation checkpointing: Chen et al. 2016; mixed precision:
// Micikevicius et al. 2018.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "candor/base/result.h"
#include "candor/checkpoint/model_config.h"
#include "candor/checkpoint/model_source.h"
#include "candor/lm/device.h"
#include "candor/policy/policy.h"

namespace candor::lm {

inline constexpr std::size_t most_rank = 4096;

/// A low-rank adapter: W + (alpha / rank) B A, A [rank, in] uniform as in Kaiming's rule, B [out,
/// rank] zero, so that training starts at the model itself. Only adapters are trained then.
struct AdapterOptions {
  /// From 1 to most_rank, and at most what the layers that get one have: the smaller side of the
  /// largest of them. (Above it an adapter costs more than the matrix and says no more.)
  std::size_t rank = 8;
  double alpha = 16.0;  ///< > 0
  /// Last parts of the names of the layers that get one ("q_proj", "v_proj"); empty: every linear
  /// layer of the blocks.
  std::vector<std::string> targets = {};
  std::uint64_t seed = 1;  ///< of A
};

struct ModelOptions {
  std::string device = "auto";            ///< as device_of (device.h)
  std::string precision = "f32";          ///< as precision_of: "f32", or "bf16" for mixed
  std::size_t threads = 0;                ///< 0: all; at most most_threads (device.h)
  bool activation_checkpointing = false;  ///< a third more time, a fraction of the memory
  std::optional<AdapterOptions> adapter = {};
  /// Padded tokens that go through the network at once, >= 1. While generating, prompt and
  /// max_tokens of each row count.
  std::size_t tokens_at_once = 8192;
};

/// A model from a Hugging Face folder or a GGUF file (checkpoint/model_source.h). Without an
/// adapter every parameter is trained.
/// Errors: those of open_model; not_found or invalid_argument for a tensor; unsupported for a
/// device or precision that is not there (what there is, is named); out_of_range for an option.
Result<std::unique_ptr<policy::Policy>> load_policy(const std::string& path,
                                                    const ModelOptions& options = {});

/// A new model, parameters drawn from `seed` (normal, 0.02, as GPT-2's). The same seed gives the
/// same parameters on every machine. Errors: config.check()'s, and of options as load_policy.
Result<std::unique_ptr<policy::Policy>> create_policy(const checkpoint::ModelConfig& config,
                                                      std::uint64_t seed,
                                                      const ModelOptions& options = {});

/// A model with the adapter that a PEFT folder holds (adapter_config.json,
/// adapter_model.safetensors), which is trained further. options.adapter must be empty: the folder
/// says what it is.
Result<std::unique_ptr<policy::Policy>> load_policy_with_adapter(const std::string& path,
                                                                 const std::string& adapter_folder,
                                                                 const ModelOptions& options = {});

/// The whole model as a Hugging Face folder (config.json, model.safetensors). An adapter is merged
/// into the matrices it belongs to; the policy in memory keeps it apart. f32, f16 or bf16.
/// A new folder is whole or absent. In one that is there already each of the files is replaced
/// whole, one after the other, and other files stay.
/// Errors: io; unsupported for a policy that this library did not make.
Status save_merged(const policy::Policy& policy, const std::string& folder,
                   checkpoint::FileType type = checkpoint::FileType::f32);

/// All values by canonical name, adapters merged: what checkpoint's writers (GGUF, safetensors)
/// take. Costs a float32 copy of the model. Errors: unsupported, as above.
Result<checkpoint::ModelTensors> model_tensors(const policy::Policy& policy);

/// Extrapolation, p ~ p_new (p_new / p_old)^a (APO): the policy whose logits are
/// (1 + a) newer - a older at every position, for scores and answers alike. It keeps frozen copies
/// of both, cannot be trained (forward, backward, step, save_state say `unsupported`), and costs
/// two networks. a >= 0; 0 is `newer` itself.
/// Worked: logits newer {1, 0}, older {0, 0}, a = 1: {2, 0}.
/// Errors: out_of_range for a; invalid_argument where vocabularies differ (both are named);
/// unsupported for policies that this library did not make.
Result<std::unique_ptr<policy::Policy>> extrapolate(const policy::Policy& newer,
                                                    const policy::Policy& older, double a);

}  // namespace candor::lm
