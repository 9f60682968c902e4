// checkpoint/safetensors_header.h
// The JSON header of a safetensors file, parsed and checked.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "candor/checkpoint/safetensors.h"

namespace candor::checkpoint {

struct SafetensorsHeader {
  std::map<std::string, SafetensorsEntry> tensors;
  std::map<std::string, std::string> metadata;
};

/// file: for messages. data_bytes: what the file holds behind the header; the tensors must fill it
/// exactly. Errors: as SafetensorsFile::open.
Result<SafetensorsHeader> parse_safetensors_header(const std::string& json, const std::string& file,
                                                   std::uint64_t data_bytes);

}  // namespace candor::checkpoint
