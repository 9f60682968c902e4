// candor/event/event.h
// What can happen in a campaign. The list of these, in order, is the campaign: weights, labels,
// regret and balances are a fold over it (fold.h), never stored beside it.
//
// Order of one slot:  slot.opened  (answers.written)  report.submitted*  slot.pooled  then either
//                     outcome.revealed  slot.settled   or   slot.expired (also before it is pooled)
// Where the weight rule asks workers, workers.asked comes before the reports; if one of them does
// not answer, worker.missed makes the asks void, and others are asked:
//     slot.opened  (workers.asked  report.submitted*  worker.missed)*  workers.asked  report.submitted*
// Slots overlap freely; an outcome may come long after later slots were settled.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "candor/base/ids.h"
#include "candor/mechanism/mechanism.h"

namespace candor::event {

/// "campaign.opened": the first event, once. What is chosen here holds for the whole campaign.
struct CampaignOpened {
  std::string name;
  std::vector<std::string> answers;  ///< K >= 2 names
  mechanism::MechanismSpec spec;
};

/// "worker.joined": introduces a worker's number and name. Numbers count up from 0.
struct WorkerJoined {
  WorkerId worker;
  std::string name;
};

/// "worker.left": away from now on, and not asked.
struct WorkerLeft {
  WorkerId worker;
};

/// "worker.returned": may be asked again.
struct WorkerReturned {
  WorkerId worker;
};

/// "slot.opened": introduces a slot's number and name. Numbers count up from 0.
struct SlotOpened {
  SlotId slot;
  std::string name;
};

/// "answers.written": what the workers of the slot are shown, and which policy wrote each answer.
/// At most once a slot, before it is pooled; a slot about things that no policy wrote has none.
struct AnswersWritten {
  SlotId slot;
  std::string prompt;
  std::vector<std::string> text;                  ///< [K]
  std::vector<std::uint32_t> policy;              ///< [K] versions, each published
  std::vector<std::vector<std::uint32_t>> token;  ///< [K] as sampled: training needs them exactly
};

/// "workers.asked": those whom the rule drew for the slot, each with the probability of being among
/// them at this moment, and the number that decides the slot's lottery, where the rule holds one.
/// One event, since it is one draw: what each worker's answer moves depends on all of its
/// probabilities.
struct WorkersAsked {
  SlotId slot;
  std::vector<WorkerId> worker;
  std::vector<double> probability;
  double lottery = 0.0;
};

/// "worker.missed": asked, and did not answer. The slot's asks are void (reports already given are
/// kept, and count if their worker is asked again), and the worker is away until worker.returned.
struct WorkerMissed {
  SlotId slot;
  WorkerId worker;
};

/// "report.submitted": one worker's probabilities [K]. One a worker and slot, while the slot is
/// open.
struct ReportSubmitted {
  SlotId slot;
  WorkerId worker;
  std::vector<double> report;
};

/// "slot.pooled": the slot is closed to reports and its label formed with the weights of this
/// moment. `draw`, uniform in [0,1), decides whose report is the label where the campaign draws.
struct SlotPooled {
  SlotId slot;
  double draw = 0.0;
};

/// "outcome.revealed": what turned out to be right, as probabilities [K] (a certain answer or a
/// split).
struct OutcomeRevealed {
  SlotId slot;
  std::vector<double> outcome;
};

/// "slot.settled": the outcome moves the weights. `check` is the fold's checksum after it (fold.h).
struct SlotSettled {
  SlotId slot;
  std::uint64_t check = 0;
};

/// "slot.expired": no outcome will come; stakes and the slot's budget go back.
struct SlotExpired {
  SlotId slot;
};

/// "policy.published": a version of the policy is on disk and writes answers from now on. Versions
/// count up from 0, the policy that the campaign began with.
struct PolicyPublished {
  std::uint32_t policy = 0;
  std::uint32_t pairs = 0;  ///< preference pairs that it was trained on since the version before
  std::string digest;       ///< BLAKE2b-256 of its model file, hexadecimal
};

/// "campaign.closed": the last event. `check` is the checksum over every worker's final weight.
struct CampaignClosed {
  std::uint64_t check = 0;
};

using Event =
    std::variant<CampaignOpened, WorkerJoined, WorkerLeft, WorkerReturned, SlotOpened,
                 AnswersWritten, WorkersAsked, WorkerMissed, ReportSubmitted, SlotPooled,
                 OutcomeRevealed, SlotSettled, SlotExpired, PolicyPublished, CampaignClosed>;

}  // namespace candor::event
