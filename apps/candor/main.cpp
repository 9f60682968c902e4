// candor: one program, a verb for each job. Data goes to stdout, everything else to stderr.
#include <cstdio>
#include <exception>
#include <string>

#include "commands.h"
#include "model_verbs.h"

namespace {

// As a shell would take it again; quoted where a shell would split or expand it.
std::string quoted(const std::string& argument) {
  constexpr const char* harmless =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:,=+@%";
  if (!argument.empty() && argument.find_first_not_of(harmless) == std::string::npos)
    return argument;
  std::string text = "'";
  for (const char c : argument) text += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return text + "'";
}

std::string invocation(int argc, char** argv) {
  std::string line = "candor";
  for (int i = 1; i < argc; ++i) line += " " + quoted(argv[i]);
  return line;
}

int run(int argc, char** argv) {
  CLI::App program{
      "Truthful online preference aggregation: whom to follow, what the crowd prefers."};
  program.name("candor");
  program.set_version_flag("--version", std::string(CANDOR_VERSION));
  program.set_config("--config", "",
                     "Read options from a TOML file; [replay] holds those of replay");
  program.allow_config_extras(CLI::config_extras_mode::error);
  program.require_subcommand(1);
  program.fallthrough();
  program.footer("Exit: 0 done, 2 wrong usage or value, 3 to 8 as docs/errors.md lists.");
  candor::app::Action action;
  candor::app::add_replay(program, action, invocation(argc, argv));
  candor::app::add_simulate(program, action, invocation(argc, argv));
  candor::app::add_statement(program, action);
  candor::app::add_audit(program, action, invocation(argc, argv));
  candor::app::add_peer_pay(program, action);
  candor::app::add_verify(program, action);
  candor::app::add_model_verbs(program, action);
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
