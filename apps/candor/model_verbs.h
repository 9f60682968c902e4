// The verbs that train or run language models live in a second program, candor-lm, so that all others
// start without LibTorch's half second and 160 MB. Users type `candor` for both.
#pragma once

#include "commands.h"

namespace candor::app {

/// Adds those verbs to the help; each hands its arguments over unread.
void add_model_verbs(CLI::App& program, Action& action);

}  // namespace candor::app
