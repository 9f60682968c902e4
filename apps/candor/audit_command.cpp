#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

#include "audit_table.h"
#include "candor/audit/audit.h"
#include "candor/audit/ledger_audit.h"
#include "candor/base/file.h"
#include "candor/base/text.h"
#include "candor/report/report.h"
#include "commands.h"
#include "options.h"

namespace candor::app {
namespace {

struct AuditCommand {
  std::string subject;
  bool all = false;
  bool json = false;
  std::string report;
  std::string invocation;
  const CLI::App* verb = nullptr;
  audit::AuditOptions options;
  audit::LedgerAuditOptions ledger;

  Status run();
  Status run_ledger() const;
  Status run_mechanisms() const;
  Status write_report(const nlohmann::json& content) const;
  Status refuse(std::initializer_list<const char*> unused, const char* goes_with) const;
};

void print(const std::string& text) {
  (void)std::fwrite(text.data(), 1, text.size(), stdout);
}

Status AuditCommand::write_report(const nlohmann::json& content) const {
  if (report.empty()) return {};
  CANDOR_CHECK(write_file(report, report::render_report(content)));
  (void)std::fprintf(stderr, "candor: open %s in a browser\n", report.c_str());
  return {};
}

Status AuditCommand::run_ledger() const {
  CANDOR_TRY(const audit::LedgerAudit result, audit::audit_ledger(subject, ledger));
  CANDOR_CHECK(
      write_report(audit::report_json(result, "What a lie would have earned", invocation)));
  print(json ? audit::to_json(result).dump(1) + "\n" : audit::text_table(result));
  return {};
}

Status AuditCommand::run_mechanisms() const {
  CANDOR_TRY(const audit::AuditResult result,
             all ? audit::audit_all(options) : audit::audit_mechanism(subject, options));
  CANDOR_CHECK(write_report(audit::report_json(result, invocation)));
  print(json ? audit::rows_json(result).dump(1) + "\n" : audit_table(result));
  return {};
}

// An option that would change nothing is a misunderstanding; better said than ignored.
Status AuditCommand::refuse(std::initializer_list<const char*> unused,
                            const char* goes_with) const {
  for (const char* option : unused) {
    if (verb->count(option) == 0) continue;
    return Error{ErrorCode::invalid_argument, "an option that would change nothing"}
        .in_field(option)
        .expecting(goes_with)
        .way("leave it out");
  }
  return {};
}

// Mechanisms that are a way to make labels.
constexpr std::array<std::string_view, 7> own_label{
    "weighted-score-drawn", "m-set",    "average",    "median",
    "inverse-error",        "vcg-pool", "dawid-skene"};

// No mechanism's name has a dot or a slash.
bool is_file_name(const std::string& subject) {
  std::error_code ignored;
  return subject.find_first_of("./") != std::string::npos ||
         std::filesystem::is_regular_file(subject, ignored);
}

Status AuditCommand::run() {
  if (all == !subject.empty()) {
    return Error{ErrorCode::invalid_argument, all ? subject + " and --all" : "nothing to audit"}
        .in_field("MECHANISM")
        .expecting("a mechanism, a ledger's file, or --all")
        .way("candor audit --all shows every mechanism");
  }
  if (!all && is_file_name(subject)) {
    CANDOR_CHECK(refuse({"--label", "--thorough", "--seed"}, "a mechanism's name, or --all"));
    return run_ledger();
  }
  CANDOR_CHECK(refuse({"--workers"}, "a ledger's file"));
  if (std::find(own_label.begin(), own_label.end(), subject) != own_label.end())
    CANDOR_CHECK(refuse({"--label"}, "a weight rule whose label any pool may make"));
  return run_mechanisms();
}

}  // namespace

void add_audit(CLI::App& program, Action& action, const std::string& invocation) {
  CLI::App* verb = program.add_subcommand(
      "audit",
      "What a lie would have earned: in a mechanism's worst case, or in a recorded ledger");
  const auto command = std::make_shared<AuditCommand>();
  command->invocation = invocation;
  command->verb = verb;
  command->ledger.progress = true;
  std::string known;
  for (const audit::MechanismNote& note : audit::audited_mechanisms())
    known += (known.empty() ? "" : ", ") + note.name;
  verb->add_option("mechanism", command->subject, known + "; or a ledger's file");
  verb->add_flag("--all", command->all, "Every mechanism (under a minute)");
  verb->add_flag("--thorough", command->options.thorough,
                 "Ten times the instances, and longer horizons (--all: about 8 minutes)");
  verb->add_option("--label", command->options.label,
                   "The label pool of weight rules; left out: the weighted mean")
      ->type_name("POOL");
  verb->add_option("--seed", command->options.seed, "Of the random instances")
      ->check(whole_number)
      ->capture_default_str();
  verb->add_option("--threads", command->options.threads, "0: all")
      ->check(whole_number)
      ->capture_default_str();
  verb->add_option("--workers", command->ledger.workers,
                   "Ledger: so many workers with most answers; 0: all")
      ->check(whole_number)
      ->capture_default_str();
  verb->add_option("--report", command->report, "Write a self-contained HTML report");
  verb->add_flag("--json", command->json, "Print JSON instead of tables");
  verb->callback([command, &action] {
    command->ledger.threads = command->options.threads;
    action = [command] { return command->run(); };
  });
}

}  // namespace candor::app
