#include "candor/game/strategy.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "candor/base/text.h"
#include "game/strategy_classes.h"

namespace candor::game {
namespace {

struct Known {
  StrategyEntry entry;
  MakeStrategy make = nullptr;
  Party party = Party::none;
};

constexpr std::size_t most_workers = 1'000'000;

const std::vector<Known>& known_strategies() {
  static const std::vector<Known> known{
      {{"truthful", "", "reports its belief"}, make_truthful},
      {{"exaggerating", "", "reports 1 or 0, whichever the belief leans to"}, make_exaggerating},
      {{"hedging", "p=0.5", "moves its belief toward 1/2, by the part p"}, make_hedging},
      {{"always-wrong", "", "reports 1 or 0, the opposite of its belief; also called lying"},
       make_always_wrong},
      {{"constant", "r=0.5", "always reports r"}, make_constant},
      {{"random", "", "reports a new random number every time"}, make_random},
      {{"side-biased", "p=0.5", "moves its belief toward A, by the part p (below 0: toward B)"},
       make_side_biased},
      {{"herding", "", "reports the mean label of the last 10 slots"}, make_herding},
      {{"copying", "i=0", "reports what worker i did in the slot before"}, make_copying},
      {{"agreement-seeking", "", "reports what it expects the label to be"},
       make_agreement_seeking},
      {{"ring", "side", "all members report 1 or 0 with their leader; or one side, a or b, always"},
       make_ring,
       Party::ring},
      {{"sybil", "", "one owner's identities, all reporting the owner's belief"},
       make_sybil,
       Party::owner},
      {{"sleeper", "s=500", "honest before slot s, always wrong from there on"}, make_sleeper},
      {{"drifter", "h=500", "its effort halves every h slots; reports go to 1/2"}, make_drifter},
      {{"gold-memoriser", "r=0.5", "honest where it knows that the slot is checked, else r"},
       make_gold_memoriser},
      {{"best-responding", "u=next-weight", "the best report in this slot for the utility u"},
       make_best_responding},
      {{"forward-looking", "u=final-weight",
        "plans over the slots that are left for the utility u"},
       make_forward_looking},
      {{"no-show", "p=0.5", "answers with probability p, honestly"}, make_no_show},
  };
  return known;
}

const Known* find(std::string_view name) {
  if (name == "lying") name = "always-wrong";
  for (const Known& one : known_strategies())
    if (one.entry.name == name) return &one;
  return nullptr;
}

std::string known_names() {
  std::string names;
  for (const Known& one : known_strategies())
    names += (names.empty() ? "" : ", ") + std::string(one.entry.name);
  return names;
}

Error unknown(std::string_view name) {
  return Error{ErrorCode::invalid_argument, std::string(name)}
      .in_field("strategy")
      .expecting("one of " + known_names())
      .way("a parameter stands in parentheses, a number of workers after a colon: sleeper(500):2");
}

// The items between commas that do not stand in parentheses.
std::vector<std::string_view> items_of(std::string_view text) {
  std::vector<std::string_view> items;
  int depth = 0;
  std::size_t start = 0;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    const char c = i < text.size() ? text[i] : ',';
    depth += c == '(' ? 1 : c == ')' ? -1 : 0;
    if (c != ',' || (depth > 0 && i < text.size())) continue;
    items.push_back(text.substr(start, i - start));
    start = i + 1;
  }
  return items;
}

Result<std::size_t> count_of(std::string_view text) {
  std::size_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error == std::errc{} && end == text.data() + text.size() && count >= 1 &&
      count <= most_workers)
    return count;
  return Error{ErrorCode::invalid_argument, std::string(text)}
      .in_field("strategy")
      .expecting("a number of workers from 1 to " + std::to_string(most_workers))
      .way("write exaggerating:3 for three exaggerating workers");
}

Result<StrategyCount> count_item(std::string_view item) {
  const std::size_t after = item.rfind(')') == std::string_view::npos ? 0 : item.rfind(')');
  const std::size_t colon = item.find(':', after);
  StrategyCount result;
  CANDOR_TRY(result.strategy, StrategySpec::parse(item.substr(0, colon)));
  if (colon != std::string_view::npos) {
    CANDOR_TRY(result.workers, count_of(item.substr(colon + 1)));
  }
  return result;
}

}  // namespace

bool Strategy::answers(const Information&, RandomStream&) {
  return true;
}

void Strategy::observe(const PastSlot&, double) {}

std::string StrategySpec::text() const {
  return parameter.empty() ? name : name + "(" + parameter + ")";
}

Result<StrategySpec> StrategySpec::parse(std::string_view text) {
  const std::size_t open = text.find('(');
  StrategySpec spec{std::string(text.substr(0, open)), {}};
  if (open != std::string_view::npos) {
    if (text.back() != ')') {
      return Error{ErrorCode::invalid_argument, std::string(text)}
          .in_field("strategy")
          .expecting("a closing parenthesis")
          .way("write sleeper(500)");
    }
    spec.parameter = text.substr(open + 1, text.size() - open - 2);
  }
  CANDOR_CHECK(make_strategy(spec));
  return spec;
}

Result<std::unique_ptr<Strategy>> make_strategy(const StrategySpec& spec) {
  const Known* known = find(spec.name);
  if (known == nullptr) return unknown(spec.name);
  return known->make(spec.parameter);
}

Party party_of(const StrategySpec& spec) {
  const Known* known = find(spec.name);
  return known == nullptr ? Party::none : known->party;
}

Result<std::vector<StrategyCount>> parse_strategies(std::string_view text) {
  std::vector<StrategyCount> counts;
  std::size_t workers = 0;
  for (const std::string_view item : items_of(text)) {
    CANDOR_TRY(StrategyCount count, count_item(item));
    workers += count.workers;
    counts.push_back(std::move(count));
  }
  if (workers > most_workers) CANDOR_CHECK(count_of(std::to_string(workers)));
  return counts;
}

const std::vector<StrategyEntry>& strategy_catalogue() {
  static const std::vector<StrategyEntry> catalogue = [] {
    std::vector<StrategyEntry> entries;
    for (const Known& one : known_strategies()) entries.push_back(one.entry);
    return entries;
  }();
  return catalogue;
}

std::string strategy_help() {
  std::string help;
  for (const StrategyEntry& entry : strategy_catalogue()) {
    std::string line(entry.name);
    if (!entry.parameter.empty()) line += "(" + std::string(entry.parameter) + ")";
    line.resize(std::max<std::size_t>(line.size() + 2, 34), ' ');
    help += line + std::string(entry.description) + "\n";
  }
  return help;
}

Result<double> number_in(std::string_view parameter, double standard, double low, double high) {
  if (parameter.empty()) return standard;
  const auto value = parse_number(parameter);
  if (value && *value >= low && *value <= high) return *value;
  return Error{ErrorCode::out_of_range, std::string(parameter)}
      .in_field("strategy")
      .expecting("a number in [" + number_text(low) + "," + number_text(high) +
                 "] in the parentheses")
      .way("leave the parentheses out for " + number_text(standard));
}

Status no_parameter(std::string_view parameter) {
  if (parameter.empty()) return {};
  return Error{ErrorCode::invalid_argument, "(" + std::string(parameter) + ")"}
      .in_field("strategy")
      .expecting("no parentheses: this strategy has no parameter")
      .way("leave them out");
}

}  // namespace candor::game
