#include <array>
#include <cmath>
#include <span>

#include "candor/base/text.h"
#include "candor/event/codec.h"
#include "event/wire_names.h"

namespace candor::event {
namespace {

// JSON readers take "-0" for the whole number 0; "-0.0" keeps its sign, which the checksum sees.
void append_exactly(std::string& out, double value) {
  append_number(out, value);
  if (value == 0.0 && std::signbit(value)) out += ".0";
}

// Writes members in the order of the calls, with a comma before each but the first.
class ObjectWriter {
 public:
  explicit ObjectWriter(std::string& out) : out_(out) { out_ += '{'; }

  void key(std::string_view name) {
    if (!first_) out_ += ',';
    first_ = false;
    append_json_string(out_, name);
    out_ += ':';
  }
  void member(std::string_view name, std::string_view text) {
    key(name);
    append_json_string(out_, text);
  }
  void member(std::string_view name, double value) {
    key(name);
    append_exactly(out_, value);
  }
  void member(std::string_view name, std::uint32_t value) { whole(name, std::to_string(value)); }
  void member(std::string_view name, std::int64_t value) { whole(name, std::to_string(value)); }
  void member(std::string_view name, std::size_t value) { whole(name, std::to_string(value)); }
  void member(std::string_view name, bool value) { whole(name, value ? "true" : "false"); }
  template <class Range>
  void list(std::string_view name, const Range& entries) {
    key(name);
    append_list(entries);
  }
  void close() { out_ += '}'; }

 private:
  void append(double value) { append_exactly(out_, value); }
  void append(WorkerId worker) { out_ += std::to_string(worker.value); }
  void append(std::uint32_t value) { out_ += std::to_string(value); }
  void append(const std::string& text) { append_json_string(out_, text); }
  void append(const std::vector<std::uint32_t>& numbers) { append_list(numbers); }

  template <class Range>
  void append_list(const Range& entries) {
    out_ += '[';
    bool first = true;
    for (const auto& entry : entries) {
      if (!first) out_ += ',';
      first = false;
      append(entry);
    }
    out_ += ']';
  }
  void whole(std::string_view name, std::string_view digits) {
    key(name);
    out_ += digits;
  }

  std::string& out_;
  bool first_ = true;
};

std::string hexadecimal(std::uint64_t value) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text(16, '0');
  for (std::size_t i = 16; i-- > 0; value >>= 4U) text[i] = digits[value & 15U];
  return text;
}

void write_spec(ObjectWriter& json, std::string& out, const mechanism::MechanismSpec& spec) {
  json.key("mechanism");
  ObjectWriter inner(out);
  inner.member("weight_rule", std::string_view(spec.weight_rule));
  inner.member("step_size", spec.weighted_score.step_size);
  inner.member("share", spec.weighted_score.share);
  inner.member("doubling", spec.weighted_score.doubling);
  inner.member("epoch_share", spec.weighted_score.epoch_share);
  inner.member("asks", spec.asking.asks);
  inner.member("asking_step_size", spec.asking.step_size);
  inner.member("exploration", spec.asking.exploration);
  inner.member("label", std::string_view(spec.label));
  inner.member("output",
               std::string_view(spec.output == mechanism::Output::drawn ? "drawn" : "pooled"));
  inner.member("loss", spec.loss.name());
  inner.member("loss_floor", spec.loss.floor);
  inner.member("newcomer_mass", spec.admission.mass);
  inner.member("newcomer_period", spec.admission.period);
  inner.member("payment", std::string_view(spec.payment));
  inner.member("slot_budget_micro", spec.slot_budget_micro);
  inner.member("campaign_budget_micro", spec.campaign_budget_micro);
  inner.member("worker_answers", spec.worker_answers);
  inner.list("outcome_errors", spec.outcome_errors);
  inner.close();
}

// Body writers, one for each event type; the version and type are already written.
struct BodyWriter {
  ObjectWriter& json;
  std::string& out;

  void operator()(const CampaignOpened& e) const {
    json.member("name", std::string_view(e.name));
    json.list("answers", e.answers);
    write_spec(json, out, e.spec);
  }
  void operator()(const WorkerJoined& e) const {
    json.member("worker", e.worker.value);
    json.member("name", std::string_view(e.name));
  }
  void operator()(const WorkerLeft& e) const { json.member("worker", e.worker.value); }
  void operator()(const WorkerReturned& e) const { json.member("worker", e.worker.value); }
  void operator()(const AnswersWritten& e) const {
    json.member("slot", e.slot.value);
    json.member("prompt", std::string_view(e.prompt));
    json.list("text", e.text);
    json.list("policy", e.policy);
    json.list("token", e.token);
  }
  void operator()(const WorkersAsked& e) const {
    json.member("slot", e.slot.value);
    json.list("worker", e.worker);
    json.list("probability", e.probability);
    json.member("lottery", e.lottery);
  }
  void operator()(const WorkerMissed& e) const {
    json.member("slot", e.slot.value);
    json.member("worker", e.worker.value);
  }
  void operator()(const SlotOpened& e) const {
    json.member("slot", e.slot.value);
    json.member("name", std::string_view(e.name));
  }
  void operator()(const ReportSubmitted& e) const {
    json.member("slot", e.slot.value);
    json.member("worker", e.worker.value);
    json.list("report", e.report);
  }
  void operator()(const SlotPooled& e) const {
    json.member("slot", e.slot.value);
    json.member("draw", e.draw);
  }
  void operator()(const OutcomeRevealed& e) const {
    json.member("slot", e.slot.value);
    json.list("outcome", e.outcome);
  }
  void operator()(const SlotSettled& e) const {
    json.member("slot", e.slot.value);
    json.member("check", std::string_view(hexadecimal(e.check)));
  }
  void operator()(const SlotExpired& e) const { json.member("slot", e.slot.value); }
  void operator()(const PolicyPublished& e) const {
    json.member("policy", e.policy);
    json.member("pairs", e.pairs);
    json.member("digest", std::string_view(e.digest));
  }
  void operator()(const CampaignClosed& e) const {
    json.member("check", std::string_view(hexadecimal(e.check)));
  }
};

}  // namespace

std::string_view type_of(const Event& event) {
  return wire_names.at(event.index());
}

void encode(const Event& event, std::string& out) {
  ObjectWriter json(out);
  json.member("v", static_cast<std::uint32_t>(codec_version));
  json.member("type", type_of(event));
  std::visit(BodyWriter{json, out}, event);
  json.close();
}

}  // namespace candor::event
