// candor: one program, a verb for each job. Data goes to stdout, everything else to stderr.
#include <cstdio>
#include <exception>
#include <string>

#include "commands.h"

namespace {

int run(int argc, char** argv) {
  CLI::App program{
      "Truthful online preference aggregation: whom to follow, what the crowd prefers."};
  program.name("candor");
  program.set_version_flag("--version", std::string(CANDOR_VERSION));
  program.set_config("--config", "",
                     "Read options from a TOML file; [replay] holds those of replay");
  program.require_subcommand(1);
  program.fallthrough();
  program.footer("Exit: 0 done, 2 wrong usage or value, 3 to 8 as docs/errors.md lists.");
  candor::app::Action action;
  candor::app::add_replay(program, action);
  candor::app::add_simulate(program, action);
  candor::app::add_verify(program, action);
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
