#pragma once
#include <filesystem>

namespace volstorm {

/// Checks the first 48 bytes of an HDF5 file without the library, which crashes on some damaged files of the older
/// formats: signature, superblock version 3, closed properly, as long as it says.
/// DamagedFile if they are anything else; IoError if the file is not there or cannot be read.
void check_superblock(const std::filesystem::path& file);

}  // namespace volstorm
