#include "lm/recompute.h"

#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/function.h>
#include <torch/csrc/autograd/saved_variable.h>
#include <torch/csrc/autograd/variable.h>

#include <memory>
#include <type_traits>
#include <utility>

#include "lm/mixed_precision.h"

namespace candor::lm {
namespace {

using torch::Tensor;
using torch::autograd::variable_list;
using Function = std::function<Tensor(const Tensor&)>;

// What a result of recomputed() hangs on in the graph. The parameters are inputs beside x, and
// their gradients are returned rather than added up on the side: so they arrive also where x itself
// needs no gradient (a frozen embedding under adapters), and wherever the caller wants them.
class Recompute : public torch::autograd::Node {
 public:
  Recompute(Function function, const Tensor& x, variable_list parameters)
      : function_(std::move(function)),
        x_(x, false),
        needs_x_(x.requires_grad()),
        parameters_(std::move(parameters)),
        precision_(mixed_precision_state()) {
    add_next_edge(torch::autograd::impl::gradient_edge(x));
    for (const Tensor& parameter : parameters_) {
      add_next_edge(torch::autograd::impl::gradient_edge(parameter));
    }
  }

  // Without keeping casts of parameters, for in backward they must be made again, with a gradient.
  Tensor run(const Tensor& x) {
    const MixedPrecisionGuard as_at_first(precision_);
    return function_(x);
  }

  variable_list apply(variable_list&& gradients) override {
    const Tensor x = x_.unpack().detach().requires_grad_(needs_x_);
    variable_list inputs = parameters_;
    if (needs_x_) inputs.insert(inputs.begin(), x);
    const torch::AutoGradMode with_gradient(true);
    variable_list result =
        torch::autograd::grad({run(x)}, inputs, {gradients[0]}, false, false, true);
    if (!needs_x_) result.insert(result.begin(), Tensor());
    return result;
  }

  void release_variables() override {
    x_.reset_data();
    parameters_.clear();
  }

 private:
  Function function_;
  torch::autograd::SavedVariable x_;
  bool needs_x_;
  variable_list parameters_;
  MixedPrecisionState precision_;
};

// Shared pointers in LibTorch 1.13, intrusive ones in late releases of 2.
using NodePointer = decltype(torch::autograd::Edge::function);

template <class Pointer, class N, class... Arguments>
Pointer make_node(Arguments&&... arguments) {
  if constexpr (std::is_same_v<Pointer, std::shared_ptr<torch::autograd::Node>>) {
    return std::make_shared<N>(std::forward<Arguments>(arguments)...);
  } else {
    return c10::make_intrusive<N>(std::forward<Arguments>(arguments)...);
  }
}

}  // namespace

Tensor recomputed(const Function& function, const Tensor& x,
                  const std::vector<Tensor>& parameters) {
  const NodePointer node = make_node<NodePointer, Recompute>(function, x, parameters);
  Tensor y = [&] {
    const torch::NoGradGuard no_gradient;
    return static_cast<Recompute&>(*node).run(x);
  }();
  torch::autograd::create_gradient_edge(y, node);
  return y;
}

}  // namespace candor::lm
