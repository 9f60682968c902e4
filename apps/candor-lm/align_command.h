// candor align: a campaign from its folder, as far as its reports allow.
#pragma once

#include "verbs.h"

namespace candor::app {

void add_align(CLI::App& program, Action& action);

}  // namespace candor::app
