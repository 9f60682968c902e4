// candor demo: the experiments on real data, with models trained on the spot.
#pragma once

#include "verbs.h"

namespace candor::app {

void add_demo(CLI::App& program, Action& action);
/// candor demo arguments (demo_arguments.cpp).
void add_arguments_demo(CLI::App& demo, Action& action);

}  // namespace candor::app
