#pragma once
#include <string>
#include <vector>

#include "volstorm/engine/simulate.h"
#include "volstorm/io/h5.h"

namespace volstorm {

/// The axes of what a result says of its experiment: strategies, legs, layers, families of jumps, levels, strata.
void write_axes(const Experiment& experiment, h5::File& file);

/// A group of a result with one entry for each path in every column. Its datasets are made at once, filled piece by
/// piece.
class PathTable {
 public:
    /// `paths` is a dimension of the file, which is there already.
    PathTable(const Experiment& experiment, h5::File& file, std::string group, std::string paths);
    /// Writes the next columns, from place `first` of the dimension.
    void write(h5::Size first, const PathColumns& columns);

 private:
    void column(const char* name, h5::Type type, const char* by, const char* units, const char* long_name);
    void make_breach();
    void make_weights();
    void write_weights(const h5::Slab& slab, const PathColumns& columns);
    std::string at(const char* name) const { return group_ + "/" + name; }

    const Experiment& experiment_;
    h5::File& file_;
    std::string group_, paths_;
};

}  // namespace volstorm
