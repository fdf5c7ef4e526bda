#pragma once
#include <string>

#include "volstorm/io/h5.h"

namespace volstorm {

/// Digest of all that HDF5's chunk checksums leave open: paths, types, shapes, dimensions, attributes, text, single
/// values, and numeric datasets of at most 64 kB (a chunk full of zeros has a valid checksum), sorted by path. The root
/// attributes `digest` and `full_digest` are left out. `results/README.md` says it byte by byte.
std::string content_digest(const h5::File& file);

/// The same with every number of the file. Reads what was not hashed while it was written: of a file opened for
/// reading, everything.
std::string full_digest(const h5::File& file);

/// Writes both digests as root attributes `digest` and `full_digest`: the last thing before close().
void seal(h5::File& file);

/// DamagedFile unless the file has the digest it was sealed with. Cheap: for every command that reads the file.
void check_digest(const h5::File& file);
/// The same of every number.
void check_full_digest(const h5::File& file);

}  // namespace volstorm
