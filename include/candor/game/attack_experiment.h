// candor/game/attack_experiment.h
// What a ring or a person with many accounts does to a campaign, and what is left of it behind the
// defences: the same attack is played against each of them, on the same seeds.
//
//   AttackOptions options;
//   options.attack = Attack::sybil;
//   CANDOR_TRY(const AttackResult result, run_attack(options));
//   fmt::print("{}", text_table(result));
//
// The campaign. Honest workers see signals that are right with probability `accuracy` in an easy
// slot and (1/2 + accuracy) / 2 in a hard one, every second by chance, and report accordingly.
// Everybody answers a slot with probability `attendance`. The weight rule is weighted-score, the
// label the linear pool by shares, pay by weight. Outcomes come at once.
// The attack. One mind of the same accuracy stands behind all attackers, who give one report. In
// `targeted` of the slots it wants A to win and says so with certainty; elsewhere it is honest, to
// gather weight.
//   ring    founders like everybody else, who copy their leader
//   sybil   accounts that join together after a quarter of the slots
// The defences.
//   none                 newcomers get 1/N each (naive), labels count everyone
//   copy detector        every `inspect_every` slots, whoever copies is put under quarantine, and
//                        whoever is not found any more is cleared and paid what was held
//   admission            newcomers share a cohort's mass (mechanism/admission.h); sybil only
//   both
//
// Deterministic: a function of the options; the same bits for any number of threads. Parallel over
// seeds. Cost: about 40 ms a seed and defence with the defaults.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "candor/base/result.h"
#include "candor/defence/copy_detector.h"
#include "candor/mechanism/admission.h"

namespace candor::game {

enum class Attack : std::uint8_t { ring, sybil };
/// "ring", "sybil".
[[nodiscard]] std::string_view name_of(Attack attack);
/// Errors: invalid_argument, listing the names.
[[nodiscard]] Result<Attack> parse_attack(std::string_view text);

struct AttackOptions {
  Attack attack = Attack::ring;
  std::uint32_t honest = 20;    ///< at least 2
  std::uint32_t attackers = 8;  ///< members or accounts; 0: an honest crowd, to see false alarms
  std::uint32_t slots = 2000;   ///< at least 4
  double accuracy_low = 0.6;    ///< honest accuracies are uniform between these, in [1/2,1]
  double accuracy_high = 0.85;
  double attendance = 0.5;  ///< in (0,1]
  double targeted = 0.2;    ///< part of the slots, in [0,1]
  double step_size = 0.05;  ///< of weighted-score
  std::uint32_t inspect_every = 200;
  defence::CopyOptions detector = {};
  mechanism::AdmissionOptions admission = {};
  std::uint64_t first_seed = 1;
  std::uint32_t seeds = 10;
  std::size_t threads = 0;  ///< 0: all
};

/// Means over seeds, over the slots since the attackers came.
struct DefenceOutcome {
  std::string defence;
  double label_loss = 0.0;     ///< (label - outcome)^2
  double targeted_loss = 0.0;  ///< the same in targeted slots
  double say = 0.0;            ///< attackers' share of labels
  double weight = 0.0;  ///< attackers' weight at the end: their reputation, whatever is suspected
  double pay = 0.0;     ///< attackers' part of the money paid out
  double held = 0.0;    ///< attackers' part of all money that is held at the end
  double attackers_found = 0.0;  ///< part of the attackers under quarantine at the end
  double honest_accused = 0.0;   ///< honest workers under quarantine at the end, in number
};

struct AttackResult {
  AttackOptions options;
  double honest_loss = 0.0;              ///< label loss if the attackers had not come
  std::vector<DefenceOutcome> outcomes;  ///< none first
};

/// Errors: out_of_range, naming the option; those of the detector and of the weight rule.
[[nodiscard]] Result<AttackResult> run_attack(const AttackOptions& options);

[[nodiscard]] nlohmann::json to_json(const AttackResult& result);
/// One line a defence. Ends in a newline.
[[nodiscard]] std::string text_table(const AttackResult& result);

}  // namespace candor::game
