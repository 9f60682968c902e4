#include "audit_table.h"

#include <fmt/format.h>

#include "tables.h"

namespace candor::app {
namespace {

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

// As many digits as it takes to redo the instance.
std::string listed(const std::vector<double>& values) {
  std::string text;
  for (const double value : values) text += fmt::format("{}{}", text.empty() ? "" : ", ", value);
  return text;
}

// "belief 0.9, the others report 0.5, 0.5", with who stays away.
std::string slot_in_words(const audit::AuditSlot& slot, std::size_t liars) {
  std::string text = fmt::format("belief {}, the others ", slot.belief);
  std::string away;
  for (std::size_t i = 0; i < slot.present.size(); ++i)
    if (!slot.present[i]) away += fmt::format("{}{}", away.empty() ? "" : ", ", i);
  text += "report " +
          listed({slot.reports.begin() + static_cast<std::ptrdiff_t>(liars), slot.reports.end()});
  return away.empty() ? text : text + " (of whom worker " + away + " does not answer)";
}

std::string slots_in_words(const audit::AuditRow& row) {
  if (row.instance.slots.size() == 1)
    return ", " + slot_in_words(row.instance.slots[0], row.coalition);
  std::string text;
  for (std::size_t t = 0; t < row.instance.slots.size(); ++t)
    text +=
        fmt::format("; slot {}: {}", t + 1, slot_in_words(row.instance.slots[t], row.coalition));
  return text;
}

std::string in_words(const audit::AuditRow& row) {
  std::string text = fmt::format("{}: {} worker{} of {}", game::name_of(row.utility), row.coalition,
                                 row.coalition == 1 ? "" : "s", row.workers);
  if (row.horizon > 1) text += fmt::format(", {} slots", row.horizon);
  text += fmt::format(", weights {}", listed(row.instance.weights));
  if (row.instance.step_size > 0.0) text += fmt::format(", step {}", row.instance.step_size);
  if (row.mechanism == "dawid-skene") {
    text += "; " + row.note;
  } else {
    text += slots_in_words(row);
    if (!row.note.empty()) text += ", " + row.note;
  }
  text += fmt::format("; {}report {} instead of {}: {:.10g} instead of {:.10g}",
                      row.horizon > 1 ? "first " : "", listed(row.best), listed(row.honest),
                      row.best_utility, row.honest_utility);
  if (row.utility == game::Motive::sway)
    text += fmt::format(" (label {:.6g} instead of {:.6g})", row.best_label, row.honest_label);
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

}  // namespace

std::string audit_table(const audit::AuditResult& result) {
  return "Most that a lie was found to gain over honesty; = exact for its instance.\n\n" +
         matrix(result, true) + matrix(result, false) + caught(result);
}

}  // namespace candor::app
