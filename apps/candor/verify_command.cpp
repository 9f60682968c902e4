#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <numeric>
#include <string>

#include "candor/event/fold.h"
#include "candor/store/ledger.h"
#include "commands.h"
#include "tables.h"

namespace candor::app {
namespace {

std::string weight_rows(const event::Fold& fold, std::size_t shown) {
  const std::vector<double> weights = fold.mechanism()->weight_rule().weights();
  std::vector<std::size_t> order(weights.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return weights[a] > weights[b]; });
  std::string text = padded("worker", 24) + fmt::format("{:>26}\n", "weight");
  for (std::size_t rank = 0; rank < std::min(shown, order.size()); ++rank)
    text += padded(fold.worker_names()[order[rank]], 24) +
            fmt::format("{:>26}\n", weights[order[rank]]);
  return text;
}

Status verify(const std::string& path, std::size_t shown) {
  event::Fold fold;
  CANDOR_TRY(const std::uint64_t events,
             store::read_ledger(path, [&](const event::Event& e) { return fold.apply(e); }));
  fmt::print("{} events, {} slots settled, {} workers\n", events, fold.settled_slots(),
             fold.worker_names().size());
  fmt::print("hash chain: good\nweights and labels: recomputed, equal to the bit\n{}\n",
             fold.closed() ? "campaign: closed"
                           : "campaign: open (no campaign.closed; what follows is not known)");
  fmt::print("{}", weight_rows(fold, shown));
  return {};
}

}  // namespace

void add_verify(CLI::App& program, Action& action) {
  CLI::App* verb = program.add_subcommand(
      "verify", "Check a ledger's hash chain and recompute every weight and label in it");
  const auto path = std::make_shared<std::string>();
  const auto shown = std::make_shared<std::size_t>(5);
  verb->add_option("LEDGER", *path, "A ledger.jsonl")->required();
  verb->add_option("--top", *shown, "How many of the heaviest workers to print")
      ->capture_default_str();
  verb->callback(
      [path, shown, &action] { action = [path, shown] { return verify(*path, *shown); }; });
}

}  // namespace candor::app
