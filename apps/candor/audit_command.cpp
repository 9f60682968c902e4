#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "candor/audit/audit.h"
#include "candor/audit/ledger_audit.h"
#include "candor/base/file.h"
#include "candor/base/text.h"
#include "candor/report/report.h"
#include "commands.h"
#include "tables.h"

namespace candor::app {
namespace {

struct AuditCommand {
  std::string subject;
  bool all = false;
  bool json = false;
  std::string report;
  std::string invocation;
  audit::AuditOptions options;
  audit::LedgerAuditOptions ledger;

  Status run();
  Status run_ledger() const;
  Status run_mechanisms() const;
  Status write_report(const nlohmann::json& content) const;
};

void print(const std::string& text) {
  (void)std::fwrite(text.data(), 1, text.size(), stdout);
}

constexpr double nothing = 1e-12;  // below it, rounding

// The worst row of a mechanism and a utility, for single workers or for coalitions; the first
// among equals.
const audit::AuditRow* worst(const audit::AuditResult& result, const std::string& mechanism,
                             game::Motive motive, bool alone) {
  const audit::AuditRow* found = nullptr;
  for (const audit::AuditRow& row : result.rows)
    if (row.mechanism == mechanism && row.utility == motive && (row.coalition == 1) == alone &&
        (found == nullptr || row.gain > found->gain))
      found = &row;
  return found;
}

std::string cell(const audit::AuditRow* row) {
  if (row == nullptr) return fmt::format("{:>14}", "-");
  const std::string gain = row->gain <= nothing ? "0" : fmt::format("{:.2g}", row->gain);
  return fmt::format("{:>13}{}", gain, row->exact ? '=' : ' ');
}

std::string matrix(const audit::AuditResult& result, bool alone) {
  std::string text = padded(alone ? "one worker" : "pairs and rings of 3", 22);
  for (const game::Motive motive : game::all_motives)
    text += fmt::format("{:>13} ", game::name_of(motive));
  text += '\n';
  for (const audit::MechanismNote& note : result.mechanisms) {
    text += padded(note.name, 22);
    for (const game::Motive motive : game::all_motives)
      text += cell(worst(result, note.name, motive, alone));
    text += '\n';
  }
  return text + '\n';
}

std::string listed(const std::vector<double>& values) {
  std::string text;
  for (const double value : values)
    text += fmt::format("{}{:.4g}", text.empty() ? "" : ", ", value);
  return text;
}

std::string in_words(const audit::AuditRow& row) {
  const audit::AuditSlot& slot = row.instance.slots[0];
  const std::size_t liars = row.coalition;
  std::string text = fmt::format("{}: {} worker{} of {}", game::name_of(row.utility), liars,
                                 liars == 1 ? "" : "s", row.workers);
  if (row.horizon > 1) text += fmt::format(", {} slots", row.horizon);
  text += fmt::format(", weights {}", listed(row.instance.weights));
  if (row.instance.step_size > 0.0) text += fmt::format(", step {:.4g}", row.instance.step_size);
  if (row.mechanism == "dawid-skene") {
    text += "; " + row.note;
  } else {
    text += fmt::format(
        ", belief {:.4g}, the others report {}", slot.belief,
        listed({slot.reports.begin() + static_cast<std::ptrdiff_t>(liars), slot.reports.end()}));
    if (!row.note.empty()) text += ", " + row.note;
  }
  text += fmt::format("; {}report {} instead of {}: {:.6g} instead of {:.6g}",
                      row.horizon > 1 ? "first " : "", listed(row.best), listed(row.honest),
                      row.best_utility, row.honest_utility);
  if (row.utility == game::Motive::sway)
    text += fmt::format(" (label {:.4g} instead of {:.4g})", row.best_label, row.honest_label);
  return fmt::format("{}; gain {:.3g}, {}", text, row.gain, row.method);
}

// One worker's best lie for each utility; a coalition's where one worker gains nothing.
std::string caught(const audit::AuditResult& result) {
  std::string text;
  for (const audit::MechanismNote& note : result.mechanisms) {
    std::string lines;
    for (const game::Motive motive : game::all_motives) {
      const audit::AuditRow* row = worst(result, note.name, motive, true);
      if (row == nullptr || row->gain <= nothing) row = worst(result, note.name, motive, false);
      if (row != nullptr && row->gain > nothing) lines += "  " + in_words(*row) + '\n';
    }
    text += note.name + ": " + note.description + '\n' +
            (lines.empty() ? "  no lie was found to gain anything\n" : lines) + '\n';
  }
  return text;
}

std::string table(const audit::AuditResult& result) {
  return "Most that a lie was found to gain over honesty; = exact for its instance.\n\n" +
         matrix(result, true) + matrix(result, false) + caught(result);
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
  print(json ? audit::rows_json(result).dump(1) + "\n" : table(result));
  return {};
}

Status AuditCommand::run() {
  if (all == !subject.empty()) {
    return Error{ErrorCode::invalid_argument, all ? subject + " and --all" : "nothing to audit"}
        .in_field("MECHANISM")
        .expecting("a mechanism, a ledger's file, or --all")
        .way("candor audit --all shows every mechanism");
  }
  std::error_code ignored;
  const bool file = !all && std::filesystem::is_regular_file(subject, ignored);
  return file ? run_ledger() : run_mechanisms();
}

}  // namespace

void add_audit(CLI::App& program, Action& action, const std::string& invocation) {
  CLI::App* verb = program.add_subcommand(
      "audit",
      "What a lie would have earned: in a mechanism's worst case, or in a recorded ledger");
  const auto command = std::make_shared<AuditCommand>();
  command->invocation = invocation;
  command->ledger.progress = true;
  std::string known;
  for (const audit::MechanismNote& note : audit::audited_mechanisms())
    known += (known.empty() ? "" : ", ") + note.name;
  verb->add_option("mechanism", command->subject, known + "; or a ledger's file");
  verb->add_flag("--all", command->all, "Every mechanism (under a minute)");
  verb->add_flag("--thorough", command->options.thorough,
                 "Ten times the instances, and longer horizons");
  verb->add_option("--label", command->options.label,
                   "The label pool of weight rules; left out: the weighted mean")
      ->type_name("POOL");
  verb->add_option("--seed", command->options.seed, "Of the random instances")
      ->capture_default_str();
  verb->add_option("--threads", command->options.threads, "0: all")->capture_default_str();
  verb->add_option("--workers", command->ledger.workers,
                   "Ledger: so many workers with most answers; 0: all")
      ->capture_default_str();
  verb->add_option("--report", command->report, "Write a self-contained HTML report");
  verb->add_flag("--json", command->json, "Print JSON instead of tables");
  verb->callback([command, &action] {
    command->ledger.threads = command->options.threads;
    action = [command] { return command->run(); };
  });
}

}  // namespace candor::app
