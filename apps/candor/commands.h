// The verbs of the program. Each adds its options to the command line and leaves behind what to do.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>

#include "candor/base/result.h"

namespace candor::app {

/// What the chosen verb does once the options are read.
using Action = std::function<Status()>;

/// invocation: the command line as typed, for reports to quote.
void add_audit(CLI::App& program, Action& action, const std::string& invocation);
void add_peer_pay(CLI::App& program, Action& action);
void add_replay(CLI::App& program, Action& action, const std::string& invocation);
void add_simulate(CLI::App& program, Action& action, const std::string& invocation);
void add_statement(CLI::App& program, Action& action);
void add_verify(CLI::App& program, Action& action);

}  // namespace candor::app
