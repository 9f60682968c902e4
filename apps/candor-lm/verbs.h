// The verbs that train one model, let it write, and hand it to other programs. Each adds its
// options to the command line and leaves behind what to do.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>

#include "candor/base/result.h"

namespace candor::app {

/// What the chosen verb does once the options are read.
using Action = std::function<Status()>;

void add_train(CLI::App& program, Action& action);
void add_generate(CLI::App& program, Action& action);
void add_export(CLI::App& program, Action& action);

}  // namespace candor::app
