#include "lm/adamw.h"

#include <gtest/gtest.h>
#include <torch/optim/adamw.h>

#include <cmath>
#include <limits>

#include "candor/base/random.h"

namespace {

using candor::ErrorCode;
using candor::RandomStream;
using candor::Status;
using candor::lm::AdamW;
using candor::lm::GradientReducer;
using candor::lm::TrainedParameter;
using candor::policy::StepOptions;
using torch::Tensor;

Tensor random_tensor(const std::vector<std::int64_t>& shape, RandomStream& random) {
  Tensor tensor = torch::empty(shape, torch::kFloat);
  for (std::int64_t i = 0; i < tensor.numel(); ++i)
    tensor.data_ptr<float>()[i] = static_cast<float>(random.normal());
  return tensor;
}

std::vector<TrainedParameter> as_parameters(const std::vector<Tensor>& values) {
  std::vector<TrainedParameter> parameters;
  for (const Tensor& value : values)
    parameters.push_back({.name = "p" + std::to_string(parameters.size()),
                          .value = value,
                          .first_moment = {},
                          .second_moment = {}});
  return parameters;
}

// A matrix and a bias, twice the same.
struct Twins {
  std::vector<Tensor> mine;
  std::vector<Tensor> theirs;
};

Twins twins(RandomStream& random) {
  Twins twins;
  for (const std::vector<std::int64_t>& shape :
       std::vector<std::vector<std::int64_t>>{{5, 7}, {7}}) {
    const Tensor value = random_tensor(shape, random);
    twins.mine.push_back(value.clone().set_requires_grad(true));
    twins.theirs.push_back(value.clone().set_requires_grad(true));
  }
  return twins;
}

void give_gradient(Twins& twins, RandomStream& random) {
  for (std::size_t i = 0; i < twins.mine.size(); ++i) {
    twins.mine[i].mutable_grad() = random_tensor(twins.mine[i].sizes().vec(), random);
    twins.theirs[i].mutable_grad() = twins.mine[i].grad().clone();
  }
}

TEST(AdamW, FirstStepByHand) {
  // One number, p = 1, g = 4: m^ = 4, v^ = 16, so p <- 1 (1 - .1 * .5) - .1 * 4/4, if a matrix.
  Tensor matrix = torch::ones({1, 1}).set_requires_grad(true);
  Tensor bias = torch::ones({1}).set_requires_grad(true);
  AdamW optimiser(as_parameters({matrix, bias}));
  matrix.mutable_grad() = torch::full({1, 1}, 4.0);
  bias.mutable_grad() = torch::full({1}, -3.0);
  const auto report =
      optimiser.step({.learning_rate = 0.1, .weight_decay = 0.5, .max_gradient_norm = 0.0});
  ASSERT_TRUE(report.ok());
  EXPECT_DOUBLE_EQ(report->gradient_norm, 5.0);
  EXPECT_NEAR(matrix.item<double>(), 0.95 - 0.1, 1e-6);
  EXPECT_NEAR(bias.item<double>(), 1.0 + 0.1, 1e-6);
  EXPECT_FALSE(matrix.grad().defined());
}

TEST(AdamW, EqualsLibTorchs) {
  RandomStream random(11);
  Twins twins = ::twins(random);
  AdamW optimiser(as_parameters(twins.mine));
  using Options = torch::optim::AdamWOptions;
  const auto options = [](double decay) {
    return std::make_unique<Options>(
        Options(3e-2).betas({0.8, 0.95}).eps(1e-6).weight_decay(decay));
  };
  std::vector<torch::optim::OptimizerParamGroup> groups;
  groups.emplace_back(std::vector<Tensor>{twins.theirs[0]}, options(0.1));
  groups.emplace_back(std::vector<Tensor>{twins.theirs[1]}, options(0.0));
  torch::optim::AdamW oracle(groups, Options(3e-2));
  for (int step = 0; step < 20; ++step) {
    give_gradient(twins, random);
    oracle.step();
    ASSERT_TRUE(optimiser
                    .step({.learning_rate = 3e-2,
                           .beta1 = 0.8,
                           .beta2 = 0.95,
                           .epsilon = 1e-6,
                           .weight_decay = 0.1,
                           .max_gradient_norm = 0.0})
                    .ok());
  }
  for (std::size_t i = 0; i < twins.mine.size(); ++i)
    EXPECT_TRUE(torch::allclose(twins.mine[i], twins.theirs[i], 1e-6, 1e-6));
  EXPECT_EQ(optimiser.steps(), 20U);
}

TEST(AdamW, ClippingScalesTheWholeGradient) {
  RandomStream random(12);
  Twins twins = ::twins(random);
  AdamW clipped(as_parameters(twins.mine));
  AdamW scaled(as_parameters(twins.theirs));
  for (int step = 0; step < 3; ++step) {
    give_gradient(twins, random);
    double square = 0.0;
    for (const Tensor& p : twins.theirs)
      square += std::pow(p.grad().to(torch::kDouble).norm().item<double>(), 2);
    for (Tensor& p : twins.theirs) p.mutable_grad().mul_(0.5 / std::sqrt(square));
    const auto report = clipped.step({.learning_rate = 0.1, .max_gradient_norm = 0.5});
    ASSERT_TRUE(report.ok());
    EXPECT_NEAR(report->gradient_norm, std::sqrt(square), 1e-6 * std::sqrt(square));
    ASSERT_TRUE(scaled.step({.learning_rate = 0.1, .max_gradient_norm = 0.0}).ok());
  }
  for (std::size_t i = 0; i < twins.mine.size(); ++i)
    EXPECT_TRUE(torch::allclose(twins.mine[i], twins.theirs[i], 1e-5, 1e-6));
}

TEST(AdamW, AGradientThatIsNoNumberChangesNothing) {
  RandomStream random(13);
  Twins twins = ::twins(random);
  AdamW optimiser(as_parameters(twins.mine));
  AdamW untouched(as_parameters(twins.theirs));
  for (const double bad : {std::nan(""), std::numeric_limits<double>::infinity()}) {
    give_gradient(twins, random);
    ASSERT_TRUE(optimiser.step({}).ok());
    ASSERT_TRUE(untouched.step({}).ok());
    give_gradient(twins, random);
    twins.mine[1].mutable_grad()[2] = bad;
    const auto report = optimiser.step({});
    ASSERT_FALSE(report.ok());
    EXPECT_EQ(report.error().code, ErrorCode::out_of_range);
    EXPECT_EQ(report.error().field, "gradient of p1");
    EXPECT_FALSE(twins.mine[0].grad().defined());
  }
  give_gradient(twins, random);
  ASSERT_TRUE(optimiser.step({}).ok());
  ASSERT_TRUE(untouched.step({}).ok());
  EXPECT_EQ(optimiser.steps(), 3U);
  for (std::size_t i = 0; i < twins.mine.size(); ++i)
    EXPECT_TRUE(torch::equal(twins.mine[i], twins.theirs[i]));
}

TEST(AdamW, OptionsOutOfRangeAreNamed) {
  AdamW optimiser(as_parameters({torch::ones({1}).set_requires_grad(true)}));
  const auto field = [&](const StepOptions& options) {
    const auto report = optimiser.step(options);
    return report.ok() ? std::string() : report.error().field;
  };
  EXPECT_EQ(field({.learning_rate = -1.0}), "learning_rate");
  EXPECT_EQ(field({.learning_rate = std::nan("")}), "learning_rate");
  EXPECT_EQ(field({.beta1 = 1.0}), "beta1");
  EXPECT_EQ(field({.beta2 = -0.1}), "beta2");
  EXPECT_EQ(field({.epsilon = 0.0}), "epsilon");
  EXPECT_EQ(field({.weight_decay = -1.0}), "weight_decay");
  EXPECT_EQ(field({.max_gradient_norm = -1.0}), "max_gradient_norm");
  EXPECT_EQ(optimiser.steps(), 0U);
}

struct Halving final : GradientReducer {
  Status average(std::span<float> values) override {
    if (fails) return candor::Error{ErrorCode::io, "gone"};
    for (float& value : values) value *= 0.5F;
    return {};
  }
  bool fails = false;
};

TEST(AdamW, TheReducerSeesTheGradientBeforeTheStep) {
  RandomStream random(14);
  Twins twins = ::twins(random);
  AdamW reduced(as_parameters(twins.mine));
  AdamW halved(as_parameters(twins.theirs));
  auto reducer = std::make_shared<Halving>();
  reduced.set_reducer(reducer);
  give_gradient(twins, random);
  for (Tensor& p : twins.theirs) p.mutable_grad().mul_(0.5);
  const auto mine = reduced.step({.max_gradient_norm = 0.0});
  const auto theirs = halved.step({.max_gradient_norm = 0.0});
  ASSERT_TRUE(mine.ok() && theirs.ok());
  EXPECT_EQ(mine->gradient_norm, theirs->gradient_norm);
  reducer->fails = true;
  give_gradient(twins, random);
  EXPECT_EQ(reduced.step({}).error().code, ErrorCode::io);
  for (std::size_t i = 0; i < twins.mine.size(); ++i)
    EXPECT_TRUE(torch::equal(twins.mine[i], twins.theirs[i]));
}

}  // namespace
