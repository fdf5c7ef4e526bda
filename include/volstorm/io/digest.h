#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "volstorm/io/h5.h"

namespace volstorm {

/// XXH3-128 of bytes given piece by piece. It finds accidents; it stops no forger.
class Digest {
 public:
    Digest();
    ~Digest();
    Digest(const Digest&) = delete;
    Digest& operator=(const Digest&) = delete;

    Digest& bytes(std::span<const std::byte> data);
    Digest& number(std::uint64_t value);  // its 8 bytes, the lowest first
    Digest& text(std::string_view text);  // its length, then its bytes
    std::uint64_t low_half() const;
    std::string hex() const;  // 32 digits, as xxhsum prints them

 private:
    struct State;
    std::unique_ptr<State> state_;
};

/// Digest of all that HDF5's chunk checksums leave open: paths, types, shapes, dimensions, attributes, text, single
/// values, and numeric datasets of at most 64 kB (a chunk full of zeros has a valid checksum), sorted by path. The root
/// attributes `digest` and `full_digest` are left out.
std::string content_digest(const h5::File& file);

/// The same with every number of the file: reads it all.
std::string full_digest(const h5::File& file);

/// Writes both digests as root attributes `digest` and `full_digest`: the last thing before close().
void seal(h5::File& file);

/// DamagedFile unless the file has the digest it was sealed with. Cheap: for every command that reads the file.
void check_digest(const h5::File& file);
/// The same of every number.
void check_full_digest(const h5::File& file);

}  // namespace volstorm
