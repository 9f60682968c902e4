// lm/norm.h
// The two normalisations over the last dimension.
#pragma once

#include <torch/nn/module.h>
#include <torch/nn/pimpl.h>
#include <torch/types.h>

#include <cstdint>

namespace candor::lm {

/// layer: (x - mean) / sqrt(variance + epsilon) w + b   (Ba, Kiros & Hinton 2016)
/// root_mean_square: x / sqrt(mean(x^2) + epsilon) w    (Zhang & Sennrich 2019)
enum class NormKind : std::uint8_t { layer, root_mean_square };

class NormImpl : public torch::nn::Module {
 public:
  /// w one, b zero.
  NormImpl(std::int64_t width, double epsilon, NormKind kind);
  torch::Tensor forward(const torch::Tensor& x);

  torch::Tensor weight;  ///< [width]
  torch::Tensor bias;    ///< [width]; undefined for root_mean_square

 private:
  double epsilon_;
};
TORCH_MODULE(Norm);

}  // namespace candor::lm
