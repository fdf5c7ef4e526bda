#pragma once
#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

namespace volstorm {

/// HDF5 keeps text and the ties between datasets and dimensions in "global heap collections", the one kind of its
/// metadata without a checksum, and crashes on some damaged ones. So their place and digest are kept with the file.

/// Address, bytes and low half of XXH3-128 of every collection in a closed file. IoError if it cannot be read.
std::vector<std::int64_t> find_text_heaps(const std::filesystem::path& file);

/// Whether the collections that find_text_heaps() listed are as they were.
bool text_heaps_intact(const std::filesystem::path& file, std::span<const std::int64_t> list);

}  // namespace volstorm
