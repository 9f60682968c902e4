#include "audit/catalogue.h"

#include "audit/mechanism_subject.h"
#include "audit/plain_subjects.h"

namespace candor::audit {
namespace {

using game::Motive;
using Made = Result<std::unique_ptr<Subject>>;

template <class Kind, class... Arguments>
Made made(Arguments&&... arguments) {
  return std::unique_ptr<Subject>(std::make_unique<Kind>(std::forward<Arguments>(arguments)...));
}

// A rule's own pools are called after it.
std::string label_for(const std::string& rule, const std::string& label) {
  if (label.empty() || label == "weighted-score") return rule;
  return label == "weighted-log" && rule != "weighted-score" ? rule + "-log" : label;
}

// A campaign's mechanism; without a chosen label the rule's own linear pool.
Variant campaign(MechanismChoice choice, const InstanceKind& kind) {
  Variant variant;
  variant.kind = kind;
  variant.make = [choice = std::move(choice)](const std::string& label) {
    MechanismChoice chosen = choice;
    chosen.spec.label = label_for(chosen.spec.weight_rule, label);
    const bool own = chosen.spec.label == chosen.spec.weight_rule;
    chosen.linear_label = own || chosen.spec.output == mechanism::Output::drawn;
    return MechanismSubject::create(chosen);
  };
  return variant;
}

Variant plain(const std::string& setting, std::function<Made(const std::string&)> make,
              const InstanceKind& kind) {
  Variant variant;
  variant.setting = setting;
  variant.make = std::move(make);
  variant.kind = kind;
  return variant;
}

InstanceKind sizes(std::size_t least, std::size_t most, std::vector<double> step_sizes) {
  InstanceKind kind;
  kind.least = least;
  kind.most = most;
  kind.step_sizes = std::move(step_sizes);
  return kind;
}

InstanceKind equal_start(std::size_t least, std::size_t most,
                         std::vector<double> step_sizes = {0.0}) {
  InstanceKind kind = sizes(least, most, std::move(step_sizes));
  kind.equal = true;
  return kind;
}

// One slot, everybody present; worker 0 holds the belief.
AuditInstance one_slot(const std::string& name, std::vector<double> weights, double step_size,
                       std::vector<double> reports) {
  AuditInstance instance;
  instance.name = name;
  instance.weights = std::move(weights);
  instance.step_size = step_size;
  instance.slots.resize(1);
  instance.slots[0].belief = reports[0];
  instance.slots[0].reports = std::move(reports);
  return instance;
}

MechanismChoice rule_named(const std::string& name) {
  MechanismChoice choice;
  choice.spec.weight_rule = name;
  return choice;
}

const std::vector<double> usual_steps{0.1, 0.5, 1.0};

Audited entry(const std::string& name, const std::string& description, Variant variant) {
  Audited audited;
  audited.note = {name, description};
  audited.variants.push_back(std::move(variant));
  return audited;
}

Audited weighted_score() {
  Audited audited = entry(
      "weighted-score",
      "Weights move by w + eta w (L - l), L the weighted mean of all losses l (squared errors "
      "against the outcome). Label: the weighted mean of the reports. Pay: the worker's weight "
      "after the slot.",
      campaign(rule_named("weighted-score"), sizes(2, 4, usual_steps)));
  audited.textbook.push_back(
      {0, Motive::sway, one_slot("two workers, one slot", {0.5, 0.5}, 0.5, {0.7, 0.3})});
  audited.two_worker_dp = true;
  return audited;
}

Audited weighted_score_drawn() {
  MechanismChoice choice = rule_named("weighted-score");
  choice.spec.output = mechanism::Output::drawn;
  Audited audited =
      entry("weighted-score-drawn",
            "As weighted-score, but the label is the report of one worker, drawn by weight.",
            campaign(choice, sizes(2, 4, usual_steps)));
  audited.two_worker_dp = true;
  return audited;
}

Audited sleeping() {
  InstanceKind kind = sizes(3, 4, usual_steps);
  kind.absent = true;
  return entry(
      "sleeping",
      "weighted-score where only some of the workers answer a slot: means and weights are "
      "those of the workers who do, the others keep their weight. Pay: the share of weight "
      "among those who answered.",
      campaign(rule_named("weighted-score"), kind));
}

// Two of three or four are asked, or one.
Audited asking(const std::string& name, std::size_t asks, std::vector<double> step_sizes,
               const std::string& description) {
  MechanismChoice choice = rule_named(name);
  choice.spec.asking.asks = asks;
  return entry(name, description, campaign(choice, sizes(asks + 1, 4, std::move(step_sizes))));
}

Audited m_set() {
  return entry(
      "m-set",
      "Two workers are chosen, each with probability 2 w. Weights start equal and move by w + g (L "
      "- l), "
      "g = eta w (1 - 2w), L the g-weighted mean loss. Label: the weighted mean. Pay: the weight "
      "after "
      "the slot.",
      plain(
          "", [](const std::string&) { return made<TwoOfAll>(); }, equal_start(3, 4, usual_steps)));
}

Audited elf() {
  MechanismChoice choice = rule_named("elf");
  choice.spec.asking.asks = 0;
  choice.memory = Memory::wins;
  Audited audited = entry(
      "elf",
      "Each settled slot is an event lottery with one win, with odds (1 + mean loss - loss) / N; "
      "weight is the chance of being the leader, the worker with most wins (ties share). Label: "
      "the "
      "leaders' mean report. Pay: the weight after the slot. Beliefs about different slots "
      "are independent. With 2 asked: a leader, drawn among equals, and one of the others.",
      campaign(choice, equal_start(3, 3, {1.0})));
  audited.variants[0].setting = "everyone asked";
  choice.spec.asking.asks = 2;
  audited.variants.push_back(campaign(choice, equal_start(3, 3, {1.0})));
  audited.variants[1].setting = "2 asked";
  audited.variants[1].motives = {Motive::next_weight, Motive::total_weight, Motive::final_weight};
  return audited;
}

Audited average() {
  Audited audited = entry(
      "average",
      "Everybody weighs 1/N, always. Label: the mean report. Pay: agreement with "
      "the label, (1 - (report - label)^2) / N.",
      plain(
          "", [](const std::string&) { return made<EqualWeights>(EqualWeights::Label::average); },
          equal_start(2, 4)));
  const AuditInstance undecided =
      one_slot("two undecided", {1.0 / 3, 1.0 / 3, 1.0 / 3}, 0.0, {0.9, 0.5, 0.5});
  audited.textbook.push_back({0, Motive::sway, undecided});
  audited.textbook.push_back({0, Motive::pay, undecided});
  return audited;
}

Audited median() {
  const auto make = [](const std::string&) {
    return made<EqualWeights>(EqualWeights::Label::median);
  };
  Audited audited = entry(
      "median",
      "Everybody weighs 1/N, always. Label: the median report (the midpoint of the middle two "
      "for even N). Pay: agreement with the label, (1 - (report - label)^2) / N.",
      plain("odd N", make, equal_start(3, 3)));
  audited.variants.push_back(plain("even N", make, equal_start(4, 4)));
  audited.variants[1].motives = {Motive::pay, Motive::sway};
  audited.textbook.push_back({1, Motive::sway,
                              one_slot("four workers, one near the middle lies",
                                       {0.25, 0.25, 0.25, 0.25}, 0.0, {0.6, 0.9, 0.4, 0.1})});
  return audited;
}

Audited exponential() {
  MechanismChoice choice = rule_named("exponential");
  choice.affine = false;
  Audited audited = entry(
      "exponential",
      "Hedge: weights in proportion to w exp(-eta loss), at a campaign's step eta = 1/2 and at "
      "eta = 8. Label: the weighted mean. Pay: the weight after the slot.",
      campaign(choice, sizes(2, 4, {0.5})));
  audited.variants[0].setting = "step 1/2";
  audited.variants.push_back(
      plain("larger steps", [](const std::string&) { return made<Hedge>(); }, sizes(2, 4, {8.0})));
  audited.variants[1].motives = {Motive::next_weight, Motive::total_weight, Motive::final_weight,
                                 Motive::pay};
  const auto add = [&](double rate, double weight, double belief, double other) {
    audited.textbook.push_back(
        {1, Motive::next_weight,
         one_slot("two workers", {weight, 1.0 - weight}, rate, {belief, other})});
  };
  add(0.5, 0.5, 0.7, 0.4);
  add(2.0, 0.5, 0.7, 0.4);
  add(4.0, 0.5, 0.7, 0.4);
  add(8.0, 0.2, 0.6, 0.1);
  return audited;
}

Audited inverse_error() {
  Audited audited = entry(
      "inverse-error",
      "Weights in proportion to 1 / (mean squared error + .01), equal before the first outcome. "
      "Label: the weighted mean. Pay: the weight after the slot.",
      plain("", [](const std::string&) { return made<InverseError>(); }, equal_start(2, 4)));
  audited.textbook.push_back(
      {0, Motive::next_weight, one_slot("two workers, first slot", {0.5, 0.5}, 0.0, {0.7, 0.4})});
  return audited;
}

Audited follow_the_best() {
  MechanismChoice choice = rule_named("follow-the-best");
  choice.affine = false;
  choice.memory = Memory::slots;
  return entry(
      "follow-the-best",
      "All weight to the worker with the lowest mean loss so far (each starts with one loss of "
      "1/4; ties share). Label: the weighted mean. Pay: the weight after the slot.",
      campaign(choice, equal_start(2, 4)));
}

Variant vcg_variant(const std::string& setting, double alpha) {
  InstanceKind kind = equal_start(2, 4);
  kind.floor = 0.01;
  return plain(setting, [alpha](const std::string&) { return made<VcgPool>(alpha); }, kind);
}

Audited vcg_pool() {
  Audited audited =
      entry("vcg-pool",
            "Everybody weighs 1/N, always. Label: Agg-p_alpha of the reports; each worker is "
            "charged what its "
            "presence costs the others. Pay: minus the charge. Sway is quasi-linear here: "
            "-D_alpha(belief || label) - charge. Reports lie in [.01, .99].",
            vcg_variant("alpha 1", 1.0));
  audited.variants.push_back(vcg_variant("alpha 0", 0.0));
  audited.variants.push_back(vcg_variant("alpha -1", -1.0));
  for (std::size_t v = 1; v < 3; ++v) audited.variants[v].motives = {Motive::pay, Motive::sway};
  return audited;
}

Audited pay_apart() {
  MechanismChoice choice = rule_named("exponential");
  choice.affine = false;
  choice.spec.payment = "per-answer";
  return entry(
      "pay-apart",
      "Exponential weights (eta = 1/2) for the label, and pay that does not depend on them: "
      "(1 - loss) / N an answer. For workers who care about pay alone.",
      campaign(choice, sizes(2, 4, {0.5})));
}

Made make_wagering(const std::string& /*label*/) {
  CANDOR_TRY(auto rule, payment::make_payment_rule("wagering"));
  return made<EqualWeights>(EqualWeights::Label::average, std::move(rule));
}

Audited wagering() {
  return entry(
      "wagering",
      "Weighted-score wagering with equal wagers, put up by the platform: pay is (1 + mean loss "
      "- loss) / N. Everybody weighs 1/N, always. Label: the mean report.",
      plain("", make_wagering, equal_start(2, 4)));
}

std::vector<Audited> make_catalogue() {
  return {
      weighted_score(),
      weighted_score_drawn(),
      sleeping(),
      asking(
          "lf", 2, {0.1, 0.3},
          "Two workers are asked a slot: one by weight, one at random; losses are weighted by 1/q, "
          "q the "
          "chance of being asked. Label: the weighted mean of the two. Pay: the weight after the "
          "slot, of those asked."),
      asking("wsu-ux", 1, {0.02, 0.05},
             "One worker is asked a slot, by weight mixed with chance; losses are weighted by 1/p. "
             "Label: "
             "its report. Pay: its weight after the slot."),
      asking("log-barrier", 1, {0.1, 0.5},
             "One worker is asked a slot, by weight; no importance weights. Label: its report. "
             "Pay: its "
             "weight after the slot."),
      asking("loss-biased", 1, {0.01, 0.03},
             "As wsu-ux, with a bonus for not being asked that does not depend on reports."),
      m_set(),
      elf(),
      average(),
      median(),
      exponential(),
      inverse_error(),
      follow_the_best(),
      vcg_pool(),
      pay_apart(),
      wagering(),
  };
}

}  // namespace

const std::vector<Audited>& catalogue() {
  static const std::vector<Audited> all = make_catalogue();
  return all;
}

}  // namespace candor::audit
