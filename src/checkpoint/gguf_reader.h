// checkpoint/gguf_reader.h
// The front part of a GGUF file, parsed and checked.
#pragma once

#include <map>
#include <string>

#include "candor/checkpoint/gguf.h"
#include "checkpoint/byte_reader.h"

namespace candor::checkpoint {

/// The value behind a key, its type included. Errors: malformed, naming the key.
Result<GgufValue> read_gguf_value(ByteReader& reader, const std::string& key);

struct GgufContents {
  GgufMetadata metadata;
  std::map<std::string, GgufTensor> tensors;
};

/// Errors: as GgufFile::open.
Result<GgufContents> read_gguf(const InputFile& file);

}  // namespace candor::checkpoint
