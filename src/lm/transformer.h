// lm/transformer.h
// The network itself: gpt2, llama and qwen2 from one set of parts.
//
//   Transformer model(config);                       // all zeros; norms one
//   model->initialise(7);                            // or load_model (model_io.h)
//   Tensor hidden = model->hidden(tokens);           // [batch, time, width]
//   Tensor logits = model->logits(hidden);           // [batch, time, vocabulary]
//
// named_parameters() gives every tensor its canonical name (checkpoint/model_config.h), with LoRA
// matrices beside the weight that they belong to ("….q_proj.lora_A"). model->to(torch::kDouble)
// gives the same network in double precision, model->to(device) moves it.
//
// Sources: Radford et al. 2019 (gpt2); Touvron et al. 2023 (llama); Su et al. 2021 (rotary
// positions); Zhang & Sennrich 2019 (RMSNorm); Shazeer 2020 (SwiGLU); Ainslie et al. 2023 (grouped
// heads). Conventions that the papers leave open (rotary pairs half a head apart, GELU in tanh
// form) are those of the Hugging Face models, whose logits the tests compare with.
// Errors: callers check tokens (0 .. vocabulary-1) and lengths (<= context) before they call.
// LibTorch may still throw (no memory); whoever calls from outside of this library catches it.
#pragma once

#include <torch/nn/module.h>
#include <torch/nn/pimpl.h>
#include <torch/types.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "candor/checkpoint/model_config.h"
#include "lm/block.h"
#include "lm/linear.h"
#include "lm/norm.h"

namespace candor::lm {

/// Keys and values of the tokens seen so far, one pair a layer:
/// [batch, kv_heads, time, head_width].
/// Rows that are done can be dropped with index_select(0, …) on every tensor. Tensors may lie in
/// larger ones, which the next tokens are written into: copies of a cache must not both go on.
struct KeyValueCache {
  std::vector<torch::Tensor> key;
  std::vector<torch::Tensor> value;
  [[nodiscard]] std::int64_t length() const { return key.empty() ? 0 : key.front().size(2); }
};

class TransformerImpl : public torch::nn::Module {
 public:
  /// Requires config.check(). All zeros, norms one, until initialise() or load_model().
  explicit TransformerImpl(const checkpoint::ModelConfig& config);

  /// Parameters as GPT-2's: normal with deviation 0.02, projections back into the residual stream
  /// 0.02 / sqrt(2 layers); biases 0, norms 1. Tensor number i (in the order of named_parameters())
  /// draws from RandomStream(seed, i), row by row, so a seed means the same model everywhere.
  void initialise(std::uint64_t seed);

  /// tokens [batch, time], int64. first [batch], int64 or undefined: where each row's text begins;
  /// tokens before it are padding that nothing attends to, and positions count from it (left
  /// padding, for generation). Right padding needs nothing: no token attends to later ones.
  /// cache: null, or what earlier calls left; the new keys and values are appended. `first` then
  /// stays that of the whole row (it counts the columns in the cache too).
  /// Returns [batch, time, width], after the final norm.
  torch::Tensor hidden(const torch::Tensor& tokens, const torch::Tensor& first = {},
                       KeyValueCache* cache = nullptr);

  /// [..., width] -> [..., vocabulary]
  torch::Tensor logits(const torch::Tensor& hidden);

  [[nodiscard]] const checkpoint::ModelConfig& config() const { return config_; }
  /// Recompute each block in the backward pass instead of keeping its activations: about a third
  /// more time, and memory for one block instead of all. Same gradients. No effect with a cache.
  void checkpoint_activations(bool on) { checkpoint_activations_ = on; }

  /// Every linear layer with its path ("model.layers.0.self_attn.q_proj"), in file order; the
  /// output layer ("lm_head") last, where it is not tied to the embedding.
  [[nodiscard]] std::vector<std::pair<std::string, Linear>> linear_layers() const;

  /// Where the parameters are, and in which type.
  [[nodiscard]] torch::TensorOptions options() const { return embedding_.options(); }

 private:
  void register_parts();
  torch::Tensor embed(const torch::Tensor& tokens, const torch::Tensor& positions);
  torch::Tensor through_block(std::size_t layer, const torch::Tensor& x, const Surroundings& around,
                              KeyValueCache* cache);

  checkpoint::ModelConfig config_;
  bool checkpoint_activations_ = false;
  torch::Tensor embedding_;           // [vocabulary, width]
  torch::Tensor position_embedding_;  // [context, width], gpt2 only
  std::vector<Block> blocks_;
  Norm final_norm_ = nullptr;
  Linear head_ = nullptr;  // null where tied
};
TORCH_MODULE(Transformer);

}  // namespace candor::lm
