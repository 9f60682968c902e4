#include "candor/policy/parameter_table.h"

#include <cmath>
#include <limits>

#include "policy/test_folder.h"

namespace candor::policy {
namespace {

void set(std::span<double> to, std::initializer_list<double> values) {
  std::copy(values.begin(), values.end(), to.begin());
}

// Values of torch.optim.AdamW 2.x in double precision.
TEST(ParameterTable, takes_the_steps_of_the_reference_adamw) {
  ParameterTable table(1, 3, Optimiser::adamw);
  set(table.row(0), {1.0, -2.0, 0.5});
  const StepOptions options{.learning_rate = 0.1,
                            .beta1 = 0.9,
                            .beta2 = 0.99,
                            .weight_decay = 0.01,
                            .max_gradient_norm = 0};
  const std::vector<std::vector<double>> gradient = {
      {0.3, -0.1, 0.0}, {0.2, 0.4, -0.5}, {-1.0, 0.0, 2.0}};
  const std::vector<std::vector<double>> expected = {
      {0.8990000033333332, -1.898000009999999, 0.4995},
      {0.8009812306975346, -1.9519410478837447, 0.57324647674561},
      {0.8347323355576735, -1.9932510620420865, 0.5248453376202736}};
  for (std::size_t t = 0; t < gradient.size(); ++t) {
    std::copy(gradient[t].begin(), gradient[t].end(), table.gradient(0).begin());
    must(table.step(options));
    for (std::size_t i = 0; i < 3; ++i) EXPECT_NEAR(table.row(0)[i], expected[t][i], 1e-14);
  }
}

TEST(ParameterTable, a_plain_step_follows_the_gradient_scaled_down_to_its_limit) {
  ParameterTable table(1, 2, Optimiser::plain);
  set(table.gradient(0), {3.0, 4.0});
  const StepReport report = must(table.step({.learning_rate = 0.5, .max_gradient_norm = 1.0}));
  EXPECT_DOUBLE_EQ(report.gradient_norm, 5.0) << "the norm before scaling";
  EXPECT_NEAR(table.row(0)[0], -0.3, 1e-15);
  EXPECT_NEAR(table.row(0)[1], -0.4, 1e-15);
  must(table.step({.learning_rate = 0.5}));
  EXPECT_NEAR(table.row(0)[0], -0.3, 1e-15) << "a step empties the gradient";
}

TEST(ParameterTable, a_gradient_that_is_not_finite_changes_nothing_and_is_dropped) {
  ParameterTable once(1, 2, Optimiser::adamw);
  ParameterTable twice(1, 2, Optimiser::adamw);
  twice.gradient(0)[1] = std::numeric_limits<double>::quiet_NaN();
  const auto refused = twice.step({});
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::out_of_range);
  for (ParameterTable* table : {&once, &twice}) {
    set(table->gradient(0), {1.0, 2.0});
    must(table->step({}));
  }
  EXPECT_EQ(once.row(0)[0], twice.row(0)[0]) << "neither moments nor step count had moved";
  EXPECT_EQ(once.row(0)[1], twice.row(0)[1]);
}

TEST(ParameterTable, names_the_option_that_is_out_of_range) {
  const std::vector<std::pair<std::string, StepOptions>> bad = {
      {"learning_rate", {.learning_rate = -1}},
      {"beta1", {.beta1 = 1}},
      {"beta2", {.beta2 = -0.1}},
      {"epsilon", {.epsilon = 0}},
      {"weight_decay", {.weight_decay = -1}},
      {"max_gradient_norm", {.max_gradient_norm = NAN}}};
  for (const auto& [name, options] : bad) {
    const Status status = check(options);
    ASSERT_FALSE(status.ok()) << name;
    EXPECT_EQ(status.error().field, name);
  }
}

TEST(ParameterTable, a_loaded_state_goes_on_bit_for_bit) {
  const TestFolder folder;
  ParameterTable table(2, 2, Optimiser::adamw);
  const auto train = [](ParameterTable& t, double g) {
    for (std::size_t i = 0; i < 2; ++i)
      for (std::size_t j = 0; j < 2; ++j)
        t.gradient(i)[j] = g / (1.0 + static_cast<double>(i + 3 * j));
    must(t.step({}));
  };
  for (const double g : {1.0, 0.3, -0.7}) train(table, g);
  must(table.save(folder.path("state"), "table"));
  ParameterTable other(2, 2, Optimiser::adamw);
  other.gradient(1)[1] = 5;
  must(other.load(folder.path("state"), "table"));
  for (const double g : {0.1, 0.9}) {
    train(table, g);
    train(other, g);
  }
  for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(table.values()[i], other.values()[i]);
}

TEST(ParameterTable, refuses_states_that_are_not_its_own) {
  const TestFolder folder;
  ParameterTable table(1, 2, Optimiser::adamw);
  must(table.save(folder.path("state"), "table of 2"));
  const auto code = [&](const char* name, const char* kind) {
    const Status status = table.load(folder.path(name), kind);
    return status.ok() ? "loaded" : std::string(name_of(status.error().code));
  };
  EXPECT_EQ(code("state", "table of 2"), "loaded");
  EXPECT_EQ(code("state", "table of 3"), "conflict");
  EXPECT_EQ(code("nowhere", "table of 2"), "not_found");
  const std::string text = folder.read("state/state.json");
  std::ofstream(folder.path("state/state.json")) << text.substr(0, text.size() / 2);
  EXPECT_EQ(code("state", "table of 2"), "corrupt");
  std::ofstream(folder.path("state/state.json"))
      << R"({"kind":"t","steps":1,"value":[1],"first_moment":[0,0],"second_moment":[0,0]})";
  EXPECT_EQ(code("state", "t"), "corrupt") << "one value is missing";
}

}  // namespace
}  // namespace candor::policy
