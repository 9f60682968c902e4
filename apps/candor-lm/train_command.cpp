#include <memory>

#include "train_run.h"
#include "verbs.h"

namespace candor::app {

void add_train(CLI::App& program, Action& action) {
  CLI::App* verb = program.add_subcommand(
      "train", "Train a language model on preferences or texts, or a reward model");
  const auto options = std::make_shared<TrainOptions>();
  options->add_to(*verb);
  verb->callback([options, &action] { action = [options] { return run_training(*options); }; });
}

}  // namespace candor::app
