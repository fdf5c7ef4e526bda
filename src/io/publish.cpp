#include "volstorm/io/publish.h"

#include "volstorm/io/seal.h"

namespace volstorm {

void publish(h5::File file, AtomicFile& place) {
    seal(file);
    file.close();
    check_digest(h5::File::open(place.temporary()));
    place.commit();
}

}  // namespace volstorm
