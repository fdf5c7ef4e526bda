// h5::File: what a file must be before any of its numbers is read. It may be damaged, or not ours.
#include <filesystem>

#include "h5_state.h"

namespace volstorm::h5 {
namespace {

constexpr Size kMaxDeflation = 1032;  // nothing deflates further (zlib's technical details)

/// How many chunks lie along each axis, multiplied.
Size chunks_of(std::span<const Size> shape, std::span<const Size> chunk) {
    Size result = 1;
    for (std::size_t axis = 0; axis < shape.size(); ++axis) result *= (shape[axis] + chunk[axis] - 1) / chunk[axis];
    return result;
}

}  // namespace

void File::State::guard() {
    const Size file_bytes = std::filesystem::file_size(path);
    std::map<std::string, Size> sizes;
    std::vector<Object> objects;
    for (const Link& link : links()) objects.push_back(describe(link.path));
    for (const Object& one : objects) {
        if (one.dims.size() == 1 && one.path == "/" + one.dims[0]) sizes[one.dims[0]] = one.shape[0];
    }
    for (const Object& one : objects) {
        for (std::size_t axis = 0; axis < one.dims.size(); ++axis) {
            if (one.shape[axis] != sizes[one.dims[axis]]) fail(one.path + ": longer or shorter than " + one.dims[axis]);
        }
        if (one.kind == Object::Kind::dataset) guard_dataset(one, file_bytes);
    }
}

void File::State::guard_dataset(const Object& object, Size file_bytes) {
    const Handle id = own(H5Dopen2(file, object.path.c_str(), H5P_DEFAULT), H5Dclose, object.path);
    const Handle creation = own(H5Dget_create_plist(id), H5Pclose, object.path);
    const H5D_layout_t layout = H5Pget_layout(creation);
    const bool numbers = object.type != Type::text && !object.shape.empty();
    const bool deflated = guard_filters(creation, object);
    if (layout == H5D_VIRTUAL || check(H5Pget_external_count(creation), object.path) != 0) {
        fail(object.path + ": its values stand in another file");
    }
    if (numbers != (layout == H5D_CHUNKED)) fail(object.path + ": a layout that no result file has");
    if (numbers) guard_chunks(id, creation, object);
    const Size bytes_each = object.type == Type::text ? kTextReference : size_of(object.type);
    if (product(object.shape) > file_bytes / bytes_each * (deflated ? kMaxDeflation : 1)) {
        fail(object.path + ": more values than the file can hold");
    }
}

/// Numbers have a checksum, and no filter but our own; true if they are deflated.
bool File::State::guard_filters(hid_t creation, const Object& object) {
    const int count = check(H5Pget_nfilters(creation), object.path);
    bool deflated = false, checked = false;
    for (int i = 0; i < count; ++i) {
        std::size_t parameters = 0;
        unsigned flags = 0;
        const H5Z_filter_t filter =
            H5Pget_filter2(creation, static_cast<unsigned>(i), &flags, &parameters, nullptr, 0, nullptr, nullptr);
        deflated = deflated || filter == H5Z_FILTER_DEFLATE;
        checked = checked || filter == H5Z_FILTER_FLETCHER32;
        if (filter != H5Z_FILTER_DEFLATE && filter != H5Z_FILTER_FLETCHER32 && filter != H5Z_FILTER_SHUFFLE) {
            fail(object.path + ": a filter that no result file has");
        }
    }
    if (!checked && object.type != Type::text && !object.shape.empty()) fail(object.path + ": no checksum");
    return deflated;
}

/// Every chunk was written: what is missing would read as zeros.
void File::State::guard_chunks(hid_t id, hid_t creation, const Object& object) {
    std::vector<Size> chunk(object.shape.size());
    Size written = 0;
    const int rank = check(H5Pget_chunk(creation, static_cast<int>(chunk.size()), chunk.data()), object.path);
    if (rank != static_cast<int>(chunk.size())) fail(object.path + ": chunks of another shape");
    const Handle where = own(H5Dget_space(id), H5Sclose, object.path);
    check(H5Dget_num_chunks(id, where, &written), object.path);
    if (written != chunks_of(object.shape, chunk)) fail(object.path + ": not all of its numbers were written");
}

}  // namespace volstorm::h5
