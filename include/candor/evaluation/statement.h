// candor/evaluation/statement.h
// What a worker may ask for: every settled answer it gave, line by line, with what happened to its
// weight and what it was paid, and a total. Recomputed from the ledger by the fold, so that it is
// right to the unit or the ledger is refused.
//
//   CANDOR_TRY(const Statement statement, read_statement("ledger.jsonl", "ada"));
//   explain(statement, statement.worker[0]);   // "You reported on 40 slots: ..."
//   // and the lines, in the order in which slots were settled, without holding them all:
//   CANDOR_TRY(..., read_statement("ledger.jsonl", "ada", [](const StatementLine& line) { ... }));
//
// Worked (also the first test): two workers, step size 1/4, 1000 micro-units a slot, pay by weight.
//   slot  worker  report  outcome  loss  weight before  after     share  paid  balance
//   s0    ada     0.8     1        .04   .5             .52       .5     520   520
//   s0    ben     0.4     1        .36   .5             .48       .5     480   480
//   s1    ada     0.6     0        .36   .52            .513136   .52    513   1033
//   s1    ben     0.5     0        .25   .48            .486864   .48    487   967
//
// Cost: one pass over the ledger, that of candor verify. Memory: that of the fold and 150 bytes a
// worker; lines are not kept.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "candor/event/event.h"

namespace candor::evaluation {

/// One settled answer of one worker.
struct StatementLine {
  WorkerId worker;
  SlotId slot;
  std::string worker_name;
  std::string slot_name;
  std::vector<double> report;   ///< [K]
  std::vector<double> outcome;  ///< [K]
  double loss = 0.0;            ///< of the report, by the campaign's loss rule, in [0,1]
  std::size_t answered = 0;     ///< workers whose answers counted in the slot, this one too
  double others_loss = 0.0;     ///< the mean loss of the others; 0 where there is none
  double weight_before = 0.0;   ///< just before the slot was settled
  double weight_after = 0.0;    ///< just after
  double share = 0.0;           ///< of the say in the slot, when it was pooled
  std::int64_t paid_micro = 0;
  std::int64_t slot_paid_micro = 0;  ///< to all who answered it
  std::int64_t balance_micro = 0;    ///< of the worker, this payment included
};

/// Settled answers that moved a worker's weight one way.
struct WeightMoves {
  std::uint64_t answers = 0;
  double weight = 0.0;       ///< how far they moved it in all, >= 0
  double loss = 0.0;         ///< sum of the worker's own losses
  double others_loss = 0.0;  ///< sum of others_loss
};

/// A worker's totals.
struct WorkerAccount {
  WorkerId worker;
  std::string name;
  std::uint64_t reported = 0;  ///< answers given
  std::uint64_t settled = 0;   ///< of these, settled (a line each)
  std::uint64_t expired = 0;   ///< no outcome came: no weight moved, nothing paid
  std::uint64_t unused = 0;    ///< the slot was settled by others' answers
  std::uint64_t missed = 0;    ///< asked, and did not answer (not in reported)
  double first_weight = 0.0;   ///< when its first slot was pooled
  double weight = 0.0;         ///< at the ledger's end
  double loss = 0.0;           ///< sum over settled answers
  WeightMoves rises;
  WeightMoves falls;
  std::int64_t paid_micro = 0;  ///< equal to Fold::balances_micro

  [[nodiscard]] std::uint64_t waiting() const { return reported - settled - expired - unused; }
  /// How far the weight moved otherwise: newcomers who were given room, slots of others.
  [[nodiscard]] double moved_between() const {
    return weight - first_weight - rises.weight + falls.weight;
  }
};

struct Statement {
  std::string campaign;
  std::vector<std::string> answers;
  mechanism::MechanismSpec spec;
  bool closed = false;
  std::uint64_t settled_slots = 0;
  std::size_t workers = 0;            ///< who joined the campaign
  std::int64_t paid_micro = 0;        ///< to all of them
  std::vector<WorkerAccount> worker;  ///< all of them by id, or the one that was asked for
};

/// Called for each line, after the ledger's own checksum has confirmed it. An Error stops the
/// reading.
using LineVisitor = std::function<Status(const StatementLine&)>;

/// worker: a name, or empty for everyone. Errors: those of store::read_ledger and Fold::apply;
/// not_found for a name that nobody has (some that are there are listed), conflict for one that two
/// workers have; whatever visit returns.
Result<Statement> read_statement(const std::string& ledger, const std::string& worker,
                                 const LineVisitor& visit = {});

/// A few sentences in the second person: what the worker did, why its weight is what it is, and how
/// its pay came about.
[[nodiscard]] std::string explain(const Statement& statement, const WorkerAccount& account);

/// Micro-units as currency units, exactly: 1234567 -> "1.234567", -5 -> "-0.000005".
[[nodiscard]] std::string money_text(std::int64_t micro);

/// A line as CSV, with newline; columns: worker, slot, report_ANSWER and outcome_ANSWER for every
/// answer, loss, others_loss, answered, weight_before, weight_after, share, paid_micro,
/// slot_paid_micro, balance_micro.
[[nodiscard]] std::string csv_header(const Statement& statement);
[[nodiscard]] std::string csv_row(const StatementLine& line);

/// A line, and the totals (workers and campaign), as one JSON object each, with the members' names
/// above.
[[nodiscard]] std::string json_text(const StatementLine& line);
[[nodiscard]] std::string json_text(const Statement& statement);

}  // namespace candor::evaluation
