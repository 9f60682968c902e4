// candor-lm: the verbs of `candor` that train and run language models. `candor` hands them over, so
// that the others do not pay for LibTorch's start-up; messages speak of `candor`.
#include <cstdio>
#include <exception>

#include "align_command.h"
#include "demo_command.h"
#include "verbs.h"

namespace {

int run(int argc, char** argv) {
  CLI::App program{"What of candor trains and runs language models."};
  program.name("candor");
  program.set_version_flag("--version", std::string(CANDOR_VERSION));
  program.require_subcommand(1);
  program.fallthrough();
  program.footer("Exit: 0 done, 2 wrong usage or value, 3 to 8 as docs/errors.md lists.");
  candor::app::Action action;
  candor::app::add_align(program, action);
  candor::app::add_train(program, action);
  candor::app::add_generate(program, action);
  candor::app::add_export(program, action);
  candor::app::add_demo(program, action);
  try {
    program.parse(argc, argv);
  } catch (const CLI::ParseError& problem) {
    const int shown = program.exit(problem);
    return shown == 0 ? 0 : 2;
  }
  const candor::Status status = action();
  if (status.ok()) return 0;
  (void)std::fprintf(stderr, "candor: %s\n", status.error().message().c_str());
  return candor::exit_status_of(status.error().code);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& problem) {
    (void)std::fprintf(stderr, "candor: unexpected failure: %s\n", problem.what());
    return 1;
  }
}
