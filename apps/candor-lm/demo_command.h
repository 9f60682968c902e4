// candor demo: the experiments on real data, with models trained on the spot.
#pragma once

#include "verbs.h"

namespace candor::app {

void add_demo(CLI::App& program, Action& action);

}  // namespace candor::app
