#include "candor/arguments/pooled_labels.h"

#include <algorithm>
#include <limits>

#include "candor/baseline/dawid_skene.h"
#include "candor/evaluation/producer.h"
#include "candor/learning/weighted_score_update.h"

namespace candor::arguments {
namespace {

using Labels = std::vector<std::vector<double>>;

const std::string em = "dawid-skene";
const std::string oracle = "oracle";

Status check(const std::vector<std::string>& methods, std::span<const std::size_t> pairs) {
  if (pairs.empty())
    return Error{ErrorCode::invalid_argument, "no pairs"}
        .expecting("at least one")
        .way("hold out fewer debates");
  std::string known;
  for (const std::string& name : label_methods()) known += (known.empty() ? "" : ", ") + name;
  for (const std::string& name : methods) {
    const auto& all = label_methods();
    if (std::find(all.begin(), all.end(), name) != all.end()) continue;
    return Error{ErrorCode::invalid_argument, name}
        .in_field("method")
        .expecting("one of " + known)
        .way("choose one of these");
  }
  return {};
}

// Plays pairs as slots and keeps every label of the pool.
class PairCampaign final : public event::FoldObserver {
 public:
  PairCampaign(const CrowdText& text, std::span<const std::size_t> pairs,
               const LabelOptions& options)
      : text_(text), pairs_(pairs), options_(options), producer_(this), id_(text.workers.size()) {}

  Status run() {
    CANDOR_TRY(const mechanism::MechanismSpec spec, spec_of());
    CANDOR_CHECK(producer_.emit(event::CampaignOpened{"arguments", {"a", "b"}, spec}));
    if (!options_.newcomers)
      for (const std::size_t i : pairs_) CANDOR_CHECK(join_voters(text_.pairs[i]));
    for (const std::size_t i : pairs_) CANDOR_CHECK(play(text_.pairs[i]));
    return producer_.close();
  }

  /// P(a) by one of the pool's labels, by slot.
  [[nodiscard]] std::vector<double> labels(const std::string& name) const {
    const auto& names = producer_.fold().mechanism()->label_names();
    const auto place = std::find(names.begin(), names.end(), name) - names.begin();
    std::vector<double> label;
    for (std::size_t i = static_cast<std::size_t>(place); i < label_.size(); i += names.size())
      label.push_back(label_[i]);
    return label;
  }

 private:
  void on_pooled(SlotId, const mechanism::PooledSlot& slot) override {
    // A label's two entries sum to 1 up to rounding, so a sure one can lie just above 1.
    for (std::size_t l = 0; l < slot.labels.size(); l += 2)
      label_.push_back(slot.labels[l] / (slot.labels[l] + slot.labels[l + 1]));
  }

  [[nodiscard]] Result<mechanism::MechanismSpec> spec_of() const {
    mechanism::MechanismSpec spec;
    spec.weighted_score.step_size = options_.step_size;
    if (options_.step_size > 0.0) return spec;
    std::vector<bool> voted(text_.workers.size(), false);
    std::size_t settled = 0;
    for (const std::size_t i : pairs_) {
      for (const Vote& vote : text_.pairs[i].votes) voted[vote.worker.index()] = true;
      if (text_.pairs[i].gold) settled += text_.pairs[i].votes.size();
    }
    const auto voters = static_cast<std::size_t>(std::count(voted.begin(), voted.end(), true));
    if (settled == 0) return mechanism::MechanismSpec{};  // nothing will be learned
    CANDOR_TRY(spec.weighted_score.step_size,
               learning::step_size_for_horizon(
                   voters, static_cast<double>(settled) / static_cast<double>(voters)));
    return spec;
  }

  Status join_voters(const ArgumentPair& pair) {
    for (const Vote& vote : pair.votes) {
      std::optional<WorkerId>& id = id_[vote.worker.index()];
      if (id) continue;
      id = WorkerId{joined_++};
      CANDOR_CHECK(producer_.emit(event::WorkerJoined{*id, text_.workers[vote.worker.index()]}));
    }
    return {};
  }

  Status play(const ArgumentPair& pair) {
    CANDOR_CHECK(join_voters(pair));
    const SlotId slot{slots_++};
    CANDOR_CHECK(producer_.emit(event::SlotOpened{slot, pair.name}));
    for (const Vote& vote : pair.votes)
      CANDOR_CHECK(producer_.emit(event::ReportSubmitted{
          slot, *id_[vote.worker.index()], {vote.a_preferred, 1.0 - vote.a_preferred}}));
    CANDOR_CHECK(producer_.emit(event::SlotPooled{slot, 0.0}));
    if (!pair.gold) return producer_.emit(event::SlotExpired{slot});
    CANDOR_CHECK(producer_.emit(event::OutcomeRevealed{slot, {*pair.gold, 1.0 - *pair.gold}}));
    return producer_.emit(event::SlotSettled{slot, 0});
  }

  const CrowdText& text_;
  std::span<const std::size_t> pairs_;
  const LabelOptions& options_;
  evaluation::Producer producer_;
  std::vector<std::optional<WorkerId>> id_;  // [workers] in the campaign, of those who joined
  std::uint32_t joined_ = 0;
  std::uint32_t slots_ = 0;
  std::vector<double> label_;  // [slots, labels of the pool]
};

Result<std::vector<double>> labels_by_em(const CrowdText& text,
                                         std::span<const std::size_t> pairs) {
  baseline::ReportTable table(2);
  for (const std::size_t i : pairs) {
    std::vector<WorkerId> workers;
    std::vector<double> reports;
    for (const Vote& vote : text.pairs[i].votes) {
      workers.push_back(vote.worker);
      reports.insert(reports.end(), {vote.a_preferred, 1.0 - vote.a_preferred});
    }
    table.add_slot(workers, reports);
  }
  CANDOR_TRY(const baseline::DawidSkeneResult result, baseline::dawid_skene(table));
  std::vector<double> label;
  for (std::size_t i = 0; i < pairs.size(); ++i) label.push_back(result.posterior[2 * i]);
  return label;
}

std::vector<double> gold_labels(const CrowdText& text, std::span<const std::size_t> pairs) {
  std::vector<double> label;
  for (const std::size_t i : pairs) label.push_back(text.pairs[i].gold.value_or(0.5));
  return label;
}

}  // namespace

const std::vector<std::string>& label_methods() {
  static const std::vector<std::string> names{"weighted-score", "hedged", "average", "median",
                                              "majority",       em,       oracle};
  return names;
}

Result<Labels> pooled_labels(const CrowdText& text, std::span<const std::size_t> pairs,
                             const std::vector<std::string>& methods, const LabelOptions& options) {
  CANDOR_CHECK(check(methods, pairs));
  PairCampaign campaign(text, pairs, options);
  CANDOR_CHECK(campaign.run());
  Labels labels;
  for (const std::string& name : methods) {
    if (name == oracle) {
      labels.push_back(gold_labels(text, pairs));
    } else if (name == em) {
      CANDOR_TRY(auto label, labels_by_em(text, pairs));
      labels.push_back(std::move(label));
    } else {
      labels.push_back(campaign.labels(name));
    }
  }
  return labels;
}

LabelScore score_labels(const CrowdText& text, std::span<const std::size_t> pairs,
                        std::span<const double> label) {
  LabelScore score;
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    const ArgumentPair& pair = text.pairs[pairs[i]];
    if (!pair.gold) continue;
    ++score.gold_pairs;
    score.brier += (label[i] - *pair.gold) * (label[i] - *pair.gold);
    if (!pair.strict) continue;
    ++score.strict_pairs;
    const double side = label[i] == 0.5 ? 0.5 : (label[i] > 0.5 ? 1.0 : 0.0);
    score.accuracy += 1.0 - (side > *pair.gold ? side - *pair.gold : *pair.gold - side);
  }
  if (score.gold_pairs > 0) score.brier /= static_cast<double>(score.gold_pairs);
  if (score.strict_pairs > 0) score.accuracy /= static_cast<double>(score.strict_pairs);
  return score;
}

}  // namespace candor::arguments
