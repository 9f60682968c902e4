// lm/linear.h
// The one linear layer that every matrix of the network is: y = x W^T + b, and with an adapter
// y = x W^T + b + scale (x A^T) B^T (Hu et al., "LoRA", ICLR 2022, section 4.1).
#pragma once

#include <torch/nn/module.h>
#include <torch/nn/pimpl.h>
#include <torch/types.h>

#include <cstdint>

namespace candor::lm {

class LinearImpl : public torch::nn::Module {
 public:
  /// Zeros until filled.
  LinearImpl(std::int64_t in, std::int64_t out, bool with_bias);

  /// [..., in] -> [..., out]
  torch::Tensor forward(const torch::Tensor& x);

  /// Adds an adapter of this rank (A and B zero) and freezes weight and bias. Requires no adapter.
  void add_adapter(std::int64_t rank, double adapter_scale);
  [[nodiscard]] bool has_adapter() const { return lora_a.defined(); }
  [[nodiscard]] bool merged() const { return unmerged_.defined(); }

  /// weight += scale B A, so that the adapter costs nothing; and back to exactly the bits of before
  /// (the old weight is kept meanwhile). Nothing happens where there is no adapter, or it is so
  /// already. Merged, the adapter is not trained: it gets no gradient.
  void merge();
  void unmerge();
  /// As merge, for good: the adapter is gone, weight and bias can be trained again.
  void absorb_adapter();
  /// weight with the adapter in it, whether merged or not.
  [[nodiscard]] torch::Tensor merged_weight() const;
  /// weight without the adapter, whether merged or not.
  [[nodiscard]] torch::Tensor base_weight() const { return merged() ? unmerged_ : weight; }

  torch::Tensor weight;  ///< [out, in]
  torch::Tensor bias;    ///< [out], or undefined
  torch::Tensor lora_a;  ///< [rank, in], or undefined
  torch::Tensor lora_b;  ///< [out, rank], or undefined
  double scale = 0.0;    ///< alpha / rank

 private:
  torch::Tensor unmerged_;  // the weight as it was before merge()
};
TORCH_MODULE(Linear);

}  // namespace candor::lm
