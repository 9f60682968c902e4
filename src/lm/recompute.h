// lm/recompute.h
// Activation checkpointing (Chen et al. 2016, "Training deep nets with sublinear memory cost"):
// keep a function's input and run the function again in the backward pass.
#pragma once

#include <torch/types.h>

#include <functional>
#include <vector>

namespace candor::lm {

/// function(x), with the same value and the same gradients with respect to x and `parameters`, but
/// keeping only x between the two passes. `function` must give the same again, must depend on no
/// other tensor that needs a gradient, and must return a new tensor. x or a parameter needs a
/// gradient. One backward pass only, as with any graph that is not retained.
torch::Tensor recomputed(const std::function<torch::Tensor(const torch::Tensor&)>& function,
                         const torch::Tensor& x, const std::vector<torch::Tensor>& parameters);

}  // namespace candor::lm
