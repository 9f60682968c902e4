#include "candor/audit/audit.h"

#include <algorithm>
#include <map>

#include "audit/catalogue.h"
#include "audit/em_audit.h"
#include "audit/heat.h"
#include "audit/row_search.h"
#include "candor/base/parallel.h"
#include "candor/mechanism/mechanism.h"

namespace candor::audit {
namespace {

using game::Motive;

// A row to be made: a search, a textbook example, or an exact plan.
struct Job {
  Quest quest;
  const Textbook* textbook = nullptr;
  bool two_worker_dp = false;
};

bool looks_ahead(Motive motive) {
  return motive == Motive::total_weight || motive == Motive::final_weight;
}

void add_searches(std::vector<Job>& jobs, const Audited& audited, std::size_t variant,
                  Motive motive, bool thorough) {
  Quest quest{&audited, variant, motive, 1, 1};
  if (!looks_ahead(motive)) {
    for (quest.coalition = 1; quest.coalition <= 3; ++quest.coalition) jobs.push_back({quest});
    return;
  }
  const bool counts_wins =
      audited.note.name == "elf";  // finitely many states: three slots are cheap
  for (quest.horizon = 2; quest.horizon <= (thorough || counts_wins ? 3U : 2U); ++quest.horizon)
    jobs.push_back({quest});
}

void add_plans(std::vector<Job>& jobs, const Audited& audited, Motive motive, bool thorough) {
  if (!audited.two_worker_dp || !looks_ahead(motive)) return;
  Quest quest{&audited, 0, motive, 1, 10};
  jobs.push_back({quest, nullptr, true});
  quest.horizon = 100;
  jobs.push_back({quest, nullptr, true});
  if (!thorough) return;
  quest.horizon = 1000;
  jobs.push_back({quest, nullptr, true});
}

std::vector<Job> jobs_for(const Audited& audited, bool thorough) {
  std::vector<Job> jobs;
  for (const Motive motive : game::all_motives) {
    for (std::size_t v = 0; v < audited.variants.size(); ++v) {
      const auto& motives = audited.variants[v].motives;
      if (std::find(motives.begin(), motives.end(), motive) != motives.end())
        add_searches(jobs, audited, v, motive, thorough);
    }
    add_plans(jobs, audited, motive, thorough);
    for (const Textbook& textbook : audited.textbook)
      if (textbook.motive == motive)
        jobs.push_back({{&audited, textbook.variant, motive, 1, 1}, &textbook});
  }
  return jobs;
}

AuditRow run_job(const Job& job, const AuditOptions& options) {
  const Quest& quest = job.quest;
  if (job.two_worker_dp)
    return two_worker_row(quest.audited->note.name, quest.motive, quest.horizon);
  if (job.textbook == nullptr) return search_row(quest, options);
  const auto subject = quest.audited->variants[quest.variant].make(options.label);
  return row_of_instance(quest, **subject, job.textbook->instance, Effort{});
}

// The worst row of every mechanism and utility with one liar and one slot gets a map.
std::vector<HeatMap> heat_maps(const std::vector<Job>& jobs, const std::vector<AuditRow>& rows,
                               const AuditOptions& options) {
  std::map<std::pair<const Audited*, Motive>, std::size_t> worst;
  std::vector<std::size_t> chosen;
  for (std::size_t k = 0; k < jobs.size(); ++k) {
    if (rows[k].coalition != 1 || looks_ahead(rows[k].utility)) continue;
    const auto [place, added] = worst.try_emplace({jobs[k].quest.audited, rows[k].utility}, k);
    if (!added && rows[k].gain > rows[place->second].gain) place->second = k;
    if (added) chosen.push_back(k);
  }
  for (std::size_t& k : chosen) k = worst[{jobs[k].quest.audited, rows[k].utility}];
  std::vector<HeatMap> maps(chosen.size());
  for_each_block(chosen.size(), options.threads, [&](std::size_t j) {
    maps[j] = heat_of(jobs[chosen[j]].quest, rows[chosen[j]], options.label);
  });
  return maps;
}

Status check_label(const std::string& label) {
  mechanism::MechanismSpec spec;
  if (!label.empty()) spec.label = label;
  CANDOR_CHECK(mechanism::Mechanism::create(spec, 2));
  return {};
}

Result<AuditResult> run_all(const std::vector<const Audited*>& audited, bool em,
                            const AuditOptions& options) {
  CANDOR_CHECK(check_label(options.label));
  AuditResult result;
  std::vector<Job> jobs;
  for (const Audited* one : audited) {
    result.mechanisms.push_back(one->note);
    for (const Variant& variant : one->variants) CANDOR_CHECK(variant.make(options.label));
    for (Job& job : jobs_for(*one, options.thorough)) jobs.push_back(job);
  }
  result.rows.resize(jobs.size());
  for_each_block(jobs.size(), options.threads,
                 [&](std::size_t k) { result.rows[k] = run_job(jobs[k], options); });
  result.heat = heat_maps(jobs, result.rows, options);
  if (!em) return result;
  result.mechanisms.push_back(em_note());
  for (AuditRow& row : audit_em(options)) result.rows.push_back(std::move(row));
  return result;
}

}  // namespace

std::vector<MechanismNote> audited_mechanisms() {
  std::vector<MechanismNote> notes;
  for (const Audited& audited : catalogue()) notes.push_back(audited.note);
  notes.push_back(em_note());
  return notes;
}

Result<AuditResult> audit_mechanism(const std::string& name, const AuditOptions& options) {
  for (const Audited& audited : catalogue())
    if (audited.note.name == name) return run_all({&audited}, false, options);
  if (name == em_note().name) return run_all({}, true, options);
  std::string known;
  for (const MechanismNote& note : audited_mechanisms())
    known += (known.empty() ? "" : ", ") + note.name;
  return Error{ErrorCode::invalid_argument, name}
      .in_field("mechanism")
      .expecting("one of " + known + "; or a ledger's file")
      .way("candor audit --all shows them side by side");
}

Result<AuditResult> audit_all(const AuditOptions& options) {
  std::vector<const Audited*> all;
  for (const Audited& audited : catalogue()) all.push_back(&audited);
  return run_all(all, true, options);
}

}  // namespace candor::audit
