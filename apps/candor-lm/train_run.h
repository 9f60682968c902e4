// A training run from its options to its summary.
#pragma once

#include "train_options.h"

namespace candor::app {

/// Trains, writes what --out asks for, and prints the summary on stdout. Errors: those of every
/// part; the last checkpoint in OUT/checkpoint stays.
Status run_training(const TrainOptions& options);

}  // namespace candor::app
