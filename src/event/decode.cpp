#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <utility>

#include "candor/event/codec.h"
#include "event/wire_names.h"

namespace candor::event {
namespace {

using Json = nlohmann::json;

constexpr std::uint64_t too_big = std::uint64_t{1} << 32U;

Error member_error(std::string_view name, std::string_view found, std::string_view expected) {
  return Error{ErrorCode::malformed, std::string(found)}.in_field(name).expecting(expected).way(
      "the ledger was damaged or written by another program; restore it from a copy");
}

// Reads members of one object; the first failure is kept and later reads are harmless.
class ObjectReader {
 public:
  explicit ObjectReader(const Json& json) : json_(json) {}

  std::string text(const char* name) {
    const Json* value = find(name, &Json::is_string, "a text");
    return value != nullptr ? value->get<std::string>() : std::string();
  }
  double number(const char* name) {
    const Json* value = find(name, &Json::is_number, "a number");
    return value != nullptr ? value->get<double>() : 0.0;
  }
  bool truth(const char* name) {
    const Json* value = find(name, &Json::is_boolean, "true or false");
    return value != nullptr && value->get<bool>();
  }
  std::uint32_t id(const char* name) {
    const auto value = whole(name);
    if (value <= std::numeric_limits<std::uint32_t>::max())
      return static_cast<std::uint32_t>(value);
    fail(name, std::to_string(value), "a number below 2^32");
    return 0;
  }
  std::uint64_t whole(const char* name) {
    const Json* value = find(name, &Json::is_number_unsigned, "a whole number of at least 0");
    return value != nullptr ? value->get<std::uint64_t>() : 0;
  }
  std::int64_t amount(const char* name) {
    const std::uint64_t value = whole(name);
    if (value <= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
      return static_cast<std::int64_t>(value);
    fail(name, std::to_string(value), "a number below 2^63");
    return 0;
  }
  std::uint64_t checksum(const char* name) {
    const std::string digits = text(name);
    std::uint64_t value = 0;
    const auto [end, code] =
        std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
    const bool good = code == std::errc{} && digits.size() == 16 && end == digits.data() + 16;
    if (!good) fail(name, digits, "16 hexadecimal digits");
    return value;
  }
  std::vector<double> row(const char* name) {
    return list<double>(name, "a list of numbers", [](const Json& value, double& number) {
      if (value.is_number()) number = value.get<double>();
      return value.is_number();
    });
  }
  std::vector<WorkerId> workers(const char* name) {
    return list<WorkerId>(
        name, "a list of worker numbers below 2^32",
        [](const Json& value, WorkerId& worker) { return read_id(value, worker.value); });
  }
  std::vector<std::uint32_t> ids(const char* name) {
    return list<std::uint32_t>(name, "a list of whole numbers below 2^32", &read_id);
  }
  std::vector<std::vector<std::uint32_t>> id_lists(const char* name) {
    return list<std::vector<std::uint32_t>>(name, "lists of whole numbers below 2^32", &read_ids);
  }
  std::vector<std::string> texts(const char* name) {
    return list<std::string>(name, "a list of texts", [](const Json& value, std::string& text) {
      if (value.is_string()) text = value.get<std::string>();
      return value.is_string();
    });
  }
  const Json* object(const char* name) { return find(name, &Json::is_object, "an object"); }

  void fail(std::string_view name, std::string_view found, std::string_view expected) {
    if (status_.ok()) status_ = member_error(name, found, expected);
  }
  void adopt(Status status) {
    if (status_.ok()) status_ = std::move(status);
  }
  [[nodiscard]] const Status& status() const { return status_; }

 private:
  static bool read_id(const Json& value, std::uint32_t& id) {
    const auto number = value.is_number_unsigned() ? value.get<std::uint64_t>() : too_big;
    if (number < too_big) id = static_cast<std::uint32_t>(number);
    return number < too_big;
  }
  static bool read_ids(const Json& values, std::vector<std::uint32_t>& ids) {
    if (!values.is_array()) return false;
    ids.resize(values.size());
    for (std::size_t i = 0; i < ids.size(); ++i)
      if (!read_id(values[i], ids[i])) return false;
    return true;
  }
  // Lists and objects by type only: they may be nested deeper than printing can follow.
  static std::string found_text(const Json& value) {
    return value.is_primitive() && !value.is_string()
               ? value.dump()
               : std::string("an entry of type ") + value.type_name();
  }
  // read(json, entry) says whether the JSON is an entry.
  template <class Entry, class Read>
  std::vector<Entry> list(const char* name, std::string_view expected, Read read) {
    std::vector<Entry> entries;
    const Json* values = find(name, &Json::is_array, expected);
    if (values == nullptr) return entries;
    for (const Json& value : *values) {
      Entry entry{};
      if (!read(value, entry)) {
        fail(name, found_text(value), expected);
        return entries;
      }
      entries.push_back(std::move(entry));
    }
    return entries;
  }
  const Json* find(const char* name, bool (Json::*has_type)() const noexcept,
                   std::string_view expected) {
    const auto found = json_.find(name);
    if (found == json_.end()) {
      fail(name, "nothing", expected);
      return nullptr;
    }
    if (((*found).*has_type)()) return &*found;
    fail(name, found->type_name(), expected);
    return nullptr;
  }

  const Json& json_;
  Status status_;
};

mechanism::Output output_of(ObjectReader& reader) {
  const std::string text = reader.text("output");
  if (text == "drawn") return mechanism::Output::drawn;
  if (text != "pooled") reader.fail("output", text, "\"pooled\" or \"drawn\"");
  return mechanism::Output::pooled;
}

mechanism::MechanismSpec spec_of(ObjectReader& outer) {
  mechanism::MechanismSpec spec;
  const Json* json = outer.object("mechanism");
  if (json == nullptr) return spec;
  ObjectReader reader(*json);
  spec.weight_rule = reader.text("weight_rule");
  spec.weighted_score.step_size = reader.number("step_size");
  spec.weighted_score.share = reader.number("share");
  spec.weighted_score.doubling = reader.truth("doubling");
  spec.weighted_score.epoch_share = reader.number("epoch_share");
  spec.asking.asks = reader.whole("asks");
  spec.asking.step_size = reader.number("asking_step_size");
  spec.asking.exploration = reader.number("exploration");
  spec.label = reader.text("label");
  spec.output = output_of(reader);
  auto loss = scoring::LossRule::parse(reader.text("loss"));
  if (loss.ok()) spec.loss = *loss;
  reader.adopt(loss.ok() ? Status{} : Status{std::move(loss).error()});
  spec.loss.floor = reader.number("loss_floor");
  spec.admission.mass = reader.number("newcomer_mass");
  spec.admission.period = reader.whole("newcomer_period");
  spec.payment = reader.text("payment");
  spec.slot_budget_micro = reader.amount("slot_budget_micro");
  spec.campaign_budget_micro = reader.amount("campaign_budget_micro");
  spec.worker_answers = reader.id("worker_answers");
  spec.outcome_errors = reader.row("outcome_errors");
  outer.adopt(reader.status());
  return spec;
}

// One reader of each event's body.
void read(ObjectReader& json, CampaignOpened& e) {
  e = {json.text("name"), json.texts("answers"), spec_of(json)};
}
void read(ObjectReader& json, WorkerJoined& e) {
  e = {WorkerId{json.id("worker")}, json.text("name")};
}
void read(ObjectReader& json, WorkerLeft& e) {
  e = {WorkerId{json.id("worker")}};
}
void read(ObjectReader& json, WorkerReturned& e) {
  e = {WorkerId{json.id("worker")}};
}
void read(ObjectReader& json, SlotOpened& e) {
  e = {SlotId{json.id("slot")}, json.text("name")};
}
void read(ObjectReader& json, AnswersWritten& e) {
  e = {SlotId{json.id("slot")}, json.text("prompt"), json.texts("text"), json.ids("policy"),
       json.id_lists("token")};
}
void read(ObjectReader& json, WorkersAsked& e) {
  e = {SlotId{json.id("slot")}, json.workers("worker"), json.row("probability"),
       json.number("lottery")};
}
void read(ObjectReader& json, WorkerMissed& e) {
  e = {SlotId{json.id("slot")}, WorkerId{json.id("worker")}};
}
void read(ObjectReader& json, ReportSubmitted& e) {
  e = {SlotId{json.id("slot")}, WorkerId{json.id("worker")}, json.row("report")};
}
void read(ObjectReader& json, SlotPooled& e) {
  e = {SlotId{json.id("slot")}, json.number("draw")};
}
void read(ObjectReader& json, OutcomeRevealed& e) {
  e = {SlotId{json.id("slot")}, json.row("outcome")};
}
void read(ObjectReader& json, SlotSettled& e) {
  e = {SlotId{json.id("slot")}, json.checksum("check")};
}
void read(ObjectReader& json, SlotExpired& e) {
  e = {SlotId{json.id("slot")}};
}
void read(ObjectReader& json, PolicyPublished& e) {
  e = {json.id("policy"), json.id("pairs"), json.text("digest")};
}
void read(ObjectReader& json, CampaignClosed& e) {
  e = {json.checksum("check")};
}

template <std::size_t I>
Event read_as(ObjectReader& json) {
  std::variant_alternative_t<I, Event> event;
  read(json, event);
  return event;
}

template <std::size_t... I>
Event body_of(std::size_t type, ObjectReader& json, std::index_sequence<I...>) {
  static constexpr std::array<Event (*)(ObjectReader&), sizeof...(I)> reader{&read_as<I>...};
  return reader.at(type)(json);
}

Result<std::size_t> type_index(const std::string& type) {
  for (std::size_t i = 0; i < wire_names.size(); ++i)
    if (wire_names[i] == type) return i;
  return Error{ErrorCode::not_found, type}
      .in_field("type")
      .expecting("an event type that this version knows")
      .way("read the ledger with the version of Candor that wrote it");
}

Status check_version(std::uint64_t version) {
  if (version >= 1 && version <= codec_version) return {};
  return Error{ErrorCode::unsupported, std::to_string(version)}
      .in_field("v")
      .expecting("version 1 to " + std::to_string(codec_version))
      .way("read the ledger with the version of Candor that wrote it");
}

// What a campaign of version 1 left unsaid.
void lift_from_1(Json& event) {
  const auto spec = event.find("mechanism");
  if (spec == event.end() || !spec->is_object()) return;
  const mechanism::MechanismSpec unsaid;
  spec->emplace("asks", unsaid.asking.asks);
  spec->emplace("asking_step_size", unsaid.asking.step_size);
  spec->emplace("exploration", unsaid.asking.exploration);
  spec->emplace("payment", unsaid.payment);
  spec->emplace("campaign_budget_micro", std::uint64_t{0});
  spec->emplace("worker_answers", unsaid.worker_answers);
  spec->emplace("outcome_errors", unsaid.outcome_errors);
}

}  // namespace

Result<Event> decode(std::string_view json) {
  Json parsed = Json::parse(json, nullptr, false);
  if (!parsed.is_object()) return member_error("event", json, "a JSON object");
  ObjectReader reader(parsed);
  const std::uint64_t version = reader.whole("v");
  const std::string type = reader.text("type");
  if (!reader.status().ok()) return reader.status().error();
  CANDOR_CHECK(check_version(version));
  if (version == 1) lift_from_1(parsed);
  CANDOR_TRY(const std::size_t index, type_index(type));
  Event event = body_of(index, reader, std::make_index_sequence<wire_names.size()>());
  if (!reader.status().ok()) return reader.status().error();
  return event;
}

}  // namespace candor::event
