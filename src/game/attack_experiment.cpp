#include "candor/game/attack_experiment.h"

#include <fmt/format.h>

#include <optional>

#include "candor/base/parallel.h"
#include "candor/base/text.h"
#include "game/attack_campaign.h"

namespace candor::game {
namespace {

Error outside(std::string found, std::string_view field, std::string_view expected) {
  return Error{ErrorCode::out_of_range, std::move(found)}.in_field(field).expecting(expected).way(
      "see the defaults in candor simulate --help");
}

Status check_crowd(const AttackOptions& options) {
  if (options.honest < 2) return outside(std::to_string(options.honest), "honest", "at least 2");
  if (options.slots < 4) return outside(std::to_string(options.slots), "slots", "at least 4");
  if (options.seeds < 1) return outside("0", "seeds", "at least 1");
  if (options.inspect_every < 1) return outside("0", "slots between inspections", "at least 1");
  return mechanism::Admission::check(options.admission);
}

Status check_numbers(const AttackOptions& options) {
  if (!(options.accuracy_low >= 0.5 && options.accuracy_low <= options.accuracy_high &&
        options.accuracy_high <= 1.0)) {
    return outside(number_text(options.accuracy_low) + ":" + number_text(options.accuracy_high),
                   "accuracy", "0.5 <= low <= high <= 1");
  }
  if (!(options.attendance > 0.0 && options.attendance <= 1.0))
    return outside(number_text(options.attendance), "attendance", "a number in (0,1]");
  if (!(options.targeted >= 0.0 && options.targeted <= 1.0))
    return outside(number_text(options.targeted), "targeted", "a number in [0,1]");
  return {};
}

// The last one is the campaign without attackers.
std::vector<Defences> defences_against(Attack attack) {
  std::vector<Defences> defences{{"none", false, false}, {"copy detector", true, false}};
  if (attack == Attack::sybil) {
    defences.push_back({"admission", false, true});
    defences.push_back({"both", true, true});
  }
  defences.push_back({"no attack", false, true, false});
  return defences;
}

void add(DefenceOutcome& sum, const DefenceOutcome& one, double part) {
  sum.defence = one.defence;
  sum.label_loss += part * one.label_loss;
  sum.targeted_loss += part * one.targeted_loss;
  sum.say += part * one.say;
  sum.weight += part * one.weight;
  sum.pay += part * one.pay;
  sum.held += part * one.held;
  sum.attackers_found += part * one.attackers_found;
  sum.honest_accused += part * one.honest_accused;
}

}  // namespace

std::string_view name_of(Attack attack) {
  return attack == Attack::ring ? "ring" : "sybil";
}

Result<Attack> parse_attack(std::string_view text) {
  for (const Attack attack : {Attack::ring, Attack::sybil})
    if (text == name_of(attack)) return attack;
  return Error{ErrorCode::invalid_argument, std::string(text)}
      .in_field("attack")
      .expecting("ring or sybil")
      .way("choose one of these");
}

Result<AttackResult> run_attack(const AttackOptions& options) {
  CANDOR_CHECK(check_crowd(options));
  CANDOR_CHECK(check_numbers(options));
  const std::vector<Defences> defences = defences_against(options.attack);
  const std::size_t jobs = defences.size() * options.seeds;
  std::vector<std::optional<Result<DefenceOutcome>>> done(jobs);
  for_each_block(jobs, options.threads, [&](std::size_t job) {
    const std::uint64_t seed = options.first_seed + job % options.seeds;
    done[job] = AttackCampaign(options, defences[job / options.seeds], seed).run();
  });
  std::vector<DefenceOutcome> outcomes(defences.size());
  for (std::size_t job = 0; job < jobs; ++job) {
    if (!done[job]->ok()) return done[job]->error();
    add(outcomes[job / options.seeds], **done[job], 1.0 / options.seeds);
  }
  AttackResult result{options, outcomes.back().label_loss, std::move(outcomes)};
  result.outcomes.pop_back();
  return result;
}

nlohmann::json to_json(const AttackResult& result) {
  nlohmann::json json{{"attack", name_of(result.options.attack)},
                      {"honest", result.options.honest},
                      {"attackers", result.options.attackers},
                      {"slots", result.options.slots},
                      {"seeds", result.options.seeds},
                      {"false_alarms", result.options.detector.false_alarms},
                      {"loss_without_attack", result.honest_loss},
                      {"defences", nlohmann::json::array()}};
  for (const DefenceOutcome& one : result.outcomes) {
    json["defences"].push_back({{"defence", one.defence},
                                {"label_loss", one.label_loss},
                                {"targeted_loss", one.targeted_loss},
                                {"say", one.say},
                                {"weight", one.weight},
                                {"pay", one.pay},
                                {"held", one.held},
                                {"attackers_found", one.attackers_found},
                                {"honest_accused", one.honest_accused}});
  }
  return json;
}

std::string text_table(const AttackResult& result) {
  const AttackOptions& options = result.options;
  std::string text = fmt::format(
      "{}: {} attackers among {} honest workers, {} slots, mean of {} campaigns\n"
      "label loss without them: {:.4f}\n\n{:<15}{:>11}{:>10}{:>8}{:>8}{:>8}{:>8}{:>8}{:>9}\n",
      name_of(options.attack), options.attackers, options.honest, options.slots, options.seeds,
      result.honest_loss, "defence", "label loss", "targeted", "say", "weight", "pay", "held",
      "found", "accused");
  for (const DefenceOutcome& one : result.outcomes) {
    text +=
        fmt::format("{:<15}{:>11.4f}{:>10.4f}{:>8.3f}{:>8.3f}{:>8.3f}{:>8.3f}{:>8.2f}{:>9.2f}\n",
                    one.defence, one.label_loss, one.targeted_loss, one.say, one.weight, one.pay,
                    one.held, one.attackers_found, one.honest_accused);
  }
  return text +
         "\nsay, weight, pay: the attackers' part of labels, of reputation at the end, of the "
         "money paid out;\nheld: their part of money held; found: part of the attackers "
         "suspected; accused: honest workers suspected\n";
}

}  // namespace candor::game
