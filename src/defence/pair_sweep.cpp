#include "defence/pair_sweep.h"

#include <algorithm>
#include <cmath>

#include "candor/base/parallel.h"
#include "defence/slot_panel.h"

namespace candor::defence {
namespace {

constexpr double deviations = 3.0;
constexpr std::size_t workers_a_block = 16;

// What a worker has in common with the workers after it, partner by partner.
class Partners {
 public:
  Partners(const SlotIndex& index, const SlotPanel& panel, std::size_t min_common)
      : index_(index),
        panel_(panel),
        min_common_(min_common),
        common_(index.sheet().workers()),
        strata_(panel.strata()) {}

  void collect(std::uint32_t worker, Sweep& into) {
    count_common(worker);
    keep_frequent();
    note_slots(worker);
    for (std::size_t n = 0; n < partner_.size(); ++n) test(worker, n, into);
    for (const std::uint32_t partner : partner_) common_[partner] = 0;
  }

 private:
  struct Note {
    std::uint32_t stratum = 0;
    bool first = false;
    bool second = false;
  };

  template <class Visit>
  void for_each_co_answer(std::uint32_t worker, Visit visit) {
    for (const SlotIndex::Place place : index_.places_of(worker))
      for (const AnswerSheet::Lean lean : index_.sheet().leans_of(place.slot))
        if (lean.worker.value > worker) visit(place, lean);
  }
  void count_common(std::uint32_t worker) {
    partner_.clear();
    for_each_co_answer(worker, [this](SlotIndex::Place, AnswerSheet::Lean lean) {
      if (common_[lean.worker.index()]++ == 0) partner_.push_back(lean.worker.value);
    });
  }
  // From here common_[partner] is where the partner's notes go next; 0 for those left out.
  void keep_frequent() {
    std::erase_if(partner_, [this](std::uint32_t partner) {
      const bool rare = common_[partner] < min_common_;
      if (rare) common_[partner] = 0;
      return rare;
    });
    std::sort(partner_.begin(), partner_.end());
    start_.assign(1, 0);
    for (const std::uint32_t partner : partner_) {
      const std::size_t begin = start_.back();
      start_.push_back(begin + common_[partner]);
      common_[partner] = static_cast<std::uint32_t>(begin + 1);
    }
    note_.resize(start_.back());
  }
  void note_slots(std::uint32_t worker) {
    for_each_co_answer(worker, [&](SlotIndex::Place place, AnswerSheet::Lean lean) {
      std::uint32_t& at = common_[lean.worker.index()];
      if (at == 0) return;
      const auto judged =
          panel_.judge(place.slot, {WorkerId{worker}, place.answer}, lean, scratch_);
      note_[at++ - 1] = {judged.stratum, place.answer == judged.reference,
                         lean.answer == judged.reference};
    });
  }
  void test(std::uint32_t worker, std::size_t n, Sweep& into) {
    const auto notes = std::span(note_).subspan(start_[n], start_[n + 1] - start_[n]);
    std::size_t judged = 0;
    for (const Note& note : notes) {
      if (note.stratum == SlotPanel::no_stratum) continue;
      Stratum& stratum = strata_[note.stratum];
      ++judged;
      ++stratum.slots;
      stratum.first += note.first ? 1 : 0;
      stratum.second += note.second ? 1 : 0;
      stratum.both += note.first && note.second ? 1 : 0;
    }
    if (judged >= min_common_) weigh(WorkerId{worker}, WorkerId{partner_[n]}, into);
    if (judged > 0) std::fill(strata_.begin(), strata_.end(), Stratum{});
  }
  void weigh(WorkerId first, WorkerId second, Sweep& into) {
    ++into.tested;
    into.odds.add(odds_sums(strata_));
    const Moments chance = moments(strata_);
    double both = 0.0;
    for (const Stratum& s : strata_) both += s.both;
    if (!(both - chance.mean > deviations * std::sqrt(chance.variance))) return;
    Candidate candidate{first, second, {}};
    for (const Stratum& s : strata_)
      if (s.slots > 0) candidate.strata.push_back(s);
    into.candidates.push_back(std::move(candidate));
  }

  const SlotIndex& index_;
  const SlotPanel& panel_;
  std::size_t min_common_;
  std::vector<std::uint32_t> common_;   // [workers]
  std::vector<std::uint32_t> partner_;  // with enough in common, rising
  std::vector<std::size_t> start_;      // [partners + 1] into note_
  std::vector<Note> note_;
  std::vector<Stratum> strata_;
  std::vector<std::uint32_t> scratch_;
};

}  // namespace

SlotIndex::SlotIndex(const AnswerSheet& sheet)
    : sheet_(sheet), start_(sheet.workers() + 1), place_(sheet.leans()) {
  for (std::size_t slot = 0; slot < sheet.slots(); ++slot)
    for (const AnswerSheet::Lean lean : sheet.leans_of(slot)) ++start_[lean.worker.index() + 1];
  for (std::size_t i = 1; i < start_.size(); ++i) start_[i] += start_[i - 1];
  std::vector<std::size_t> next(start_.begin(), start_.end() - 1);
  for (std::uint32_t slot = 0; slot < sheet.slots(); ++slot) {
    for (const AnswerSheet::Lean lean : sheet.leans_of(slot))
      place_[next[lean.worker.index()]++] = {slot, lean.answer};
  }
}

Sweep sweep_pairs(const SlotIndex& index, const Suspects& suspects, const SweepOptions& options) {
  const SlotPanel panel(index.sheet(), suspects, options.by_difficulty);
  const std::size_t workers = index.sheet().workers();
  const std::size_t blocks = (workers + workers_a_block - 1) / workers_a_block;
  std::vector<Sweep> part(blocks);
  for_each_block(blocks, options.threads, [&](std::size_t block) {
    Partners partners(index, panel, options.min_common);
    const std::size_t end = std::min(workers, (block + 1) * workers_a_block);
    for (std::size_t i = block * workers_a_block; i < end; ++i)
      partners.collect(static_cast<std::uint32_t>(i), part[block]);
  });
  Sweep all;
  for (Sweep& one : part) {
    all.tested += one.tested;
    all.odds.add(one.odds);
    std::move(one.candidates.begin(), one.candidates.end(), std::back_inserter(all.candidates));
  }
  return all;
}

}  // namespace candor::defence
