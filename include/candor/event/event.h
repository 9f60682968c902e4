// candor/event/event.h
// What can happen in a campaign. The list of these, in order, is the campaign: weights, labels,
// regret and balances are a fold over it (fold.h), never stored beside it.
//
// Order of one slot:  slot.opened  report.submitted*  slot.pooled  then either
//                     outcome.revealed  slot.settled   or   slot.expired
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

/// "slot.opened": introduces a slot's number and name. Numbers count up from 0.
struct SlotOpened {
  SlotId slot;
  std::string name;
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

/// "slot.expired": no outcome will come; stakes go back.
struct SlotExpired {
  SlotId slot;
};

/// "campaign.closed": the last event. `check` is the checksum over every worker's final weight.
struct CampaignClosed {
  std::uint64_t check = 0;
};

using Event = std::variant<CampaignOpened, WorkerJoined, SlotOpened, ReportSubmitted, SlotPooled,
                           OutcomeRevealed, SlotSettled, SlotExpired, CampaignClosed>;

}  // namespace candor::event
