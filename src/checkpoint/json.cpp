#include "checkpoint/json.h"

#include <set>
#include <vector>

#include "candor/checkpoint/json_nesting.h"

namespace candor::checkpoint {
namespace {

using nlohmann::json;

Error malformed(const std::string& file, std::string found) {
  return Error{ErrorCode::malformed, std::move(found)}.in_file(file).expecting("a JSON object");
}

// The names of the objects that are open while parsing; remembers the first name that came twice.
class DuplicateWatch {
 public:
  void see(json::parse_event_t event, const json& parsed) {
    if (event == json::parse_event_t::object_start) open_.emplace_back();
    if (event == json::parse_event_t::object_end) open_.pop_back();
    if (event != json::parse_event_t::key) return;
    const auto& name = parsed.get_ref<const std::string&>();
    if (!open_.back().insert(name).second && !found_) {
      found_ = true;
      name_ = name;
    }
  }
  [[nodiscard]] bool found() const { return found_; }
  [[nodiscard]] const std::string& name() const { return name_; }

 private:
  std::vector<std::set<std::string>> open_;
  bool found_ = false;
  std::string name_;
};

}  // namespace

Result<json> parse_object(std::string_view text, const std::string& file) {
  CANDOR_CHECK(check_nesting(text, file));
  DuplicateWatch names;
  const auto watch = [&](int /*depth*/, json::parse_event_t event, json& parsed) {
    names.see(event, parsed);
    return true;
  };
  json object = json::parse(text, watch, false);
  if (object.is_discarded()) return malformed(file, "no JSON");
  if (!object.is_object()) return malformed(file, object.type_name());
  if (names.found())
    return Error{ErrorCode::malformed, "the name twice"}
        .in_file(file)
        .in_field(names.name())
        .expecting("each name once");
  return object;
}

std::string found_text(const json& value) {
  return value.dump(-1, ' ', true, json::error_handler_t::replace);
}

}  // namespace candor::checkpoint
