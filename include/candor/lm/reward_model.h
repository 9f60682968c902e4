// candor/lm/reward_model.h
// A reward model: one number for a prompt with its answer, from a transformer's last hidden state,
//     r(prompt, answer) = v . hidden[last token] + c,
// trained on which of two answers was better (align's reward objective). v starts at zero, so every
// reward is 0 at first; only differences of rewards mean anything.
// Source: Ouyang et al. 2022, section 3.5 (a language model whose output layer is replaced).
//
//   CANDOR_TRY(std::unique_ptr<policy::Scorer> reward, load_reward_model("models/smol"));
//   CANDOR_TRY(std::vector<double> r, reward->scores(sequences));
//
// It is a policy::Scorer: memory, micro-batches, precision and adapters are those of
// language_model.h. The language model's own output matrix, where it is not tied, is neither
// trained nor used.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "candor/base/result.h"
#include "candor/checkpoint/model_config.h"
#include "candor/lm/language_model.h"
#include "candor/policy/scorer.h"

namespace candor::lm {

/// path: a language model, whose head is new (zero), or a folder that save_reward_model wrote,
/// whose head is read back. Errors: as load_policy.
Result<std::unique_ptr<policy::Scorer>> load_reward_model(const std::string& path,
                                                          const ModelOptions& options = {});

/// A new network, drawn from `seed`, with a zero head.
Result<std::unique_ptr<policy::Scorer>> create_reward_model(const checkpoint::ModelConfig& config,
                                                            std::uint64_t seed,
                                                            const ModelOptions& options = {});

/// The network (adapter merged) as a Hugging Face folder, with reward_head.safetensors ("weight"
/// [width], "bias" [1], f32) in it. Whole or absent where the folder is new, each file of it where
/// it is not (as save_merged). Errors: io; unsupported for a scorer that is no reward model.
Status save_reward_model(const policy::Scorer& reward, const std::string& folder);

}  // namespace candor::lm
