#include "volstorm/io/superblock.h"

#include <array>
#include <cstdint>
#include <fstream>
#include <string>
#include <string_view>

#include "volstorm/core/error.h"

namespace volstorm {
namespace {

// HDF5 File Format Specification 3.0, section II.A, superblock version 3.
constexpr std::string_view kSignature = "\x89HDF\r\n\x1a\n";
constexpr std::size_t kSize = 48, kVersion = 8, kOffsetBytes = 9, kLengthBytes = 10, kFlags = 11;
constexpr std::size_t kBaseAddress = 12, kEndOfFile = 28;

using Superblock = std::array<char, kSize>;

std::uint64_t integer(const Superblock& block, std::size_t at, std::size_t bytes) {
    std::uint64_t value = 0;
    for (std::size_t i = bytes; i-- > 0;) value = value << 8 | static_cast<unsigned char>(block[at + i]);
    return value;
}

/// The first bytes of a file that must be an ordinary one (a pipe would never end); zeros past its end.
Superblock read_superblock(const std::filesystem::path& file) {
    std::error_code error;
    const bool regular = std::filesystem::is_regular_file(file, error);
    if (error) throw IoError("cannot read " + file.string() + ": " + error.message());
    if (!regular) throw IoError("cannot read " + file.string() + ": not an ordinary file");
    std::ifstream in(file, std::ios::binary);
    if (!in) throw IoError("cannot read " + file.string() + ": permission denied");
    Superblock block{};
    in.read(block.data(), kSize);
    return block;
}

}  // namespace

void check_superblock(const std::filesystem::path& file) {
    const Superblock block = read_superblock(file);
    const auto refuse = [&](const std::string& why) { throw DamagedFile(file.string() + " " + why); };
    if (std::string_view(block.data(), kSignature.size()) != kSignature) refuse("is not an HDF5 file");
    const std::uint64_t version = integer(block, kVersion, 1);
    if (version != 3) {
        refuse("is not a result file: its HDF5 superblock has version " + std::to_string(version) + ", not 3");
    }
    if (integer(block, kFlags, 1) != 0) refuse("is damaged: it was never closed");
    if (integer(block, kOffsetBytes, 1) != 8 || integer(block, kLengthBytes, 1) != 8 ||
        integer(block, kBaseAddress, 8) != 0) {
        refuse("is damaged: its superblock is none of ours");
    }
    const std::uint64_t stated = integer(block, kEndOfFile, 8), found = std::filesystem::file_size(file);
    if (stated != found) {
        refuse("is damaged: it has " + std::to_string(found) + " bytes and should have " + std::to_string(stated));
    }
}

}  // namespace volstorm
