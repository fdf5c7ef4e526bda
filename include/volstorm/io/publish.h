#pragma once
#include "volstorm/io/atomic_file.h"
#include "volstorm/io/h5.h"

namespace volstorm {

/// Ends an HDF5 file made at `place.temporary()`: seals and closes it, opens it again and checks it, and only then
/// gives it the name of the target. IoError or DamagedFile where any of it fails; the target is then as before.
void publish(h5::File file, AtomicFile& place);

}  // namespace volstorm
