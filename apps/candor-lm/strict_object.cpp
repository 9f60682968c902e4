#include "strict_object.h"

#include "json_lines.h"

namespace candor::app {

using Json = nlohmann::json;

const Json* StrictObject::find(const char* name) {
  known_.insert(name);
  if (!json_.is_object()) {
    fail("", shown(json_), "an object");
    return nullptr;
  }
  const auto found = json_.find(name);
  return found == json_.end() ? nullptr : &*found;
}

void StrictObject::fail(const char* name, const std::string& found, const std::string& expected) {
  if (!status_.ok()) return;
  status_ = Error{ErrorCode::malformed, found}
                .in_file(file_)
                .in_field(path(name))
                .expecting(expected)
                .way("correct the file; docs/align.md lists its members");
}

void StrictObject::read(const char* name, std::string& target) {
  const Json* value = find(name);
  if (value == nullptr) return;
  if (value->is_string()) {
    target = value->get<std::string>();
  } else {
    fail(name, shown(*value), "a text");
  }
}

void StrictObject::read(const char* name, std::size_t& target) {
  const Json* value = find(name);
  if (value == nullptr) return;
  if (value->is_number_unsigned()) {
    target = value->get<std::size_t>();
  } else {
    fail(name, shown(*value), "a whole number of at least 0");
  }
}

void StrictObject::read(const char* name, double& target) {
  const Json* value = find(name);
  if (value == nullptr) return;
  if (value->is_number()) {
    target = value->get<double>();
  } else {
    fail(name, shown(*value), "a number");
  }
}

void StrictObject::read(const char* name, std::optional<double>& target) {
  double value = target.value_or(0.0);
  if (find(name) == nullptr) return;
  read(name, value);
  target = value;
}

void StrictObject::read(const char* name, bool& target) {
  const Json* value = find(name);
  if (value == nullptr) return;
  if (value->is_boolean()) {
    target = value->get<bool>();
  } else {
    fail(name, shown(*value), "true or false");
  }
}

void StrictObject::read(const char* name, std::vector<std::string>& target) {
  const Json* values = list(name);
  if (values == nullptr) return;
  target.clear();
  for (const Json& value : *values) {
    if (!value.is_string()) return fail(name, shown(value), "a list of texts");
    target.push_back(value.get<std::string>());
  }
}

const Json* StrictObject::object(const char* name) {
  const Json* value = find(name);
  if (value == nullptr || value->is_object()) return value;
  fail(name, shown(*value), "an object");
  return nullptr;
}

const Json* StrictObject::list(const char* name) {
  const Json* value = find(name);
  if (value == nullptr || value->is_array()) return value;
  fail(name, shown(*value), "a list");
  return nullptr;
}

Status StrictObject::finish() {
  if (!status_.ok() || !json_.is_object()) return status_;
  std::string names;
  for (const std::string& name : known_) names += (names.empty() ? "" : ", ") + name;
  for (const auto& [name, value] : json_.items())
    if (!known_.contains(name)) fail(name.c_str(), "a member that is not known", "one of " + names);
  return status_;
}

}  // namespace candor::app
