// The options of `candor train`, and what they mean together.
#pragma once

#include <CLI/CLI.hpp>
#include <memory>
#include <optional>
#include <string>

#include "candor/align/objective.h"
#include "candor/align/trainer.h"
#include "candor/lm/language_model.h"
#include "model_options.h"

namespace candor::app {

/// What is trained: a policy on pairs, a policy on texts, or a reward model on pairs.
enum class Training : std::uint8_t { preferences, texts, rewards };

struct TrainOptions {
  // Model
  std::string model;
  std::string new_config;
  std::string tokenizer;
  std::string chat_template;
  std::string adapter;
  std::string reference;
  std::size_t max_length = 0;
  // Adapter
  std::size_t lora = 0;
  std::optional<double> lora_alpha;
  std::string lora_targets = "all-linear";
  // Data
  std::string data;
  std::string eval;
  std::uint64_t eval_every = 0;
  // Training
  std::string objective;
  align::ObjectiveOptions objective_options;
  std::size_t epochs = 1;
  std::uint64_t steps = 0;
  std::size_t batch = 16;
  std::size_t piece = 0;
  std::optional<double> learning_rate;
  std::string schedule = "linear";
  std::uint64_t warmup = 0;
  double final_share = 0.0;
  double weight_decay = 0.0;
  double max_gradient_norm = 1.0;
  bool activation_checkpointing = false;
  std::uint64_t seed = 1;
  // Output
  std::string out;
  std::string log;
  std::uint64_t save_every = 0;
  bool resume = false;
  bool json = false;
  MachineOptions machine;

  void add_to(CLI::App& verb);

  /// Errors: invalid_argument for options that contradict one another or would change nothing.
  [[nodiscard]] Status check() const;

  [[nodiscard]] Training training() const;
  /// Where metrics go.
  [[nodiscard]] std::string log_folder() const { return log.empty() ? out : log; }
  /// What the run is about in a message: the model's path, or "a new model".
  [[nodiscard]] std::string model_name() const;

  [[nodiscard]] lm::ModelOptions model_options() const;
  /// piece: examples a forward pass (never 0).
  [[nodiscard]] Result<align::TrainerOptions> trainer_options(std::size_t piece_size) const;

 private:
  void add_model_options(CLI::App& verb);
  void add_data_options(CLI::App& verb);
  void add_training_options(CLI::App& verb);
  void add_objective_options(CLI::App& verb);
  void add_output_options(CLI::App& verb);
  [[nodiscard]] Status check_model() const;
  [[nodiscard]] Status check_objective() const;
  [[nodiscard]] Status check_adapter() const;
  [[nodiscard]] double peak_rate() const;

  std::vector<std::pair<CLI::Option*, std::string>> objective_option_;  // and whose they are
};

}  // namespace candor::app
