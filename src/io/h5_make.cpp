// h5::File: making groups, dimensions and datasets.
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <utility>

#include "h5_state.h"

namespace volstorm::h5 {
namespace {

constexpr Size kDefaultChunk = 65'536;        // numbers: 256 kB of float32
constexpr Size kMaxCompact = 60'000;          // bytes that fit an object header (64 kB)
constexpr std::size_t kChunkSlots = 12'421;   // of the hash table of a dataset's cached chunks: a prime
constexpr std::size_t kMaxCache = 64u << 20;  // bytes of those chunks
constexpr unsigned kDeflateLevel = 4;

std::vector<Size> chunk_shape(const std::string& path, std::vector<Size> chunk, const std::vector<Size>& shape) {
    if (chunk.empty()) {
        chunk.assign(shape.size(), 1);
        chunk.back() = kDefaultChunk;
    }
    if (chunk.size() != shape.size()) throw std::invalid_argument(path + ": chunk and dims differ in length");
    for (std::size_t axis = 0; axis < shape.size(); ++axis) chunk[axis] = std::min(chunk[axis], shape[axis]);
    return chunk;
}

}  // namespace

Handle File::State::text_type() {
    Handle type = own(H5Tcopy(H5T_C_S1), H5Tclose, "text");
    check(H5Tset_size(type, H5T_VARIABLE), "text");
    check(H5Tset_cset(type, H5T_CSET_UTF8), "text");
    return type;
}

/// Users see groups, datasets and attributes in the order of their making. No times: equal runs give equal bytes.
Handle File::State::ordered(hid_t property_class) {
    const unsigned order = H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED;
    Handle list = own(H5Pcreate(property_class), H5Pclose, "properties");
    check(H5Pset_attr_creation_order(list, order), "properties");
    check(H5Pset_obj_track_times(list, false), "properties");
    if (property_class != H5P_DATASET_CREATE) check(H5Pset_link_creation_order(list, order), "properties");
    return list;
}

Handle File::State::space(std::span<const Size> shape) {
    if (shape.empty()) return own(H5Screate(H5S_SCALAR), H5Sclose, "a shape");
    return own(H5Screate_simple(static_cast<int>(shape.size()), shape.data(), nullptr), H5Sclose, "a shape");
}

void File::State::make_group(const std::string& group) {
    if (check(H5Lexists(file, group.c_str(), H5P_DEFAULT), group) > 0) return;
    const Handle creation = ordered(H5P_GROUP_CREATE);
    own(H5Gcreate2(file, group.c_str(), H5P_DEFAULT, creation, H5P_DEFAULT), H5Gclose, group);
}

void File::State::make_groups(const std::string& dataset) {
    for (std::size_t end = dataset.find('/', 1); end != std::string::npos; end = dataset.find('/', end + 1)) {
        make_group(dataset.substr(0, end));
    }
}

/// One value, and text, stay in the object's header, which HDF5 checksums; numbers go to chunks with fletcher32.
Handle File::State::storage(const std::string& name, const Layout& layout, const std::vector<Size>& shape) {
    Handle list = ordered(H5P_DATASET_CREATE);
    if (shape.empty() || layout.type == Type::text) {
        if (product(shape) * kTextReference <= kMaxCompact) check(H5Pset_layout(list, H5D_COMPACT), name);
        return list;
    }
    check(H5Pset_chunk(list, static_cast<int>(layout.chunk.size()), layout.chunk.data()), name);
    if (archive) {
        check(H5Pset_shuffle(list), name);
        check(H5Pset_deflate(list, kDeflateLevel), name);
    }
    check(H5Pset_fletcher32(list), name);
    return list;
}

/// Room for one chunk of every row, so that rows written block by block are not written to disk half full.
Handle File::State::cache(Type type, const std::vector<Size>& shape, const std::vector<Size>& chunk) {
    Handle access = own(H5Pcreate(H5P_DATASET_ACCESS), H5Pclose, "chunks");
    if (chunk.empty()) return access;
    std::vector<Size> rows = shape;
    rows.back() = chunk.back();
    const Size bytes = product(rows) * size_of(type) * 2;
    const std::size_t room = std::clamp<std::size_t>(bytes, 1u << 20, kMaxCache);
    check(H5Pset_chunk_cache(access, kChunkSlots, room, 1.0), "chunks");
    return access;
}

void File::State::make_numbers(const std::string& name, const Layout& layout, const std::vector<Size>& shape) {
    make_groups(name);
    const Handle where = space(shape), creation = storage(name, layout, shape);
    const Handle access = cache(layout.type, shape, layout.chunk), text = text_type();
    const hid_t type = layout.type == Type::text ? static_cast<hid_t>(text) : file_type(layout.type);
    Handle id = own(H5Dcreate2(file, name.c_str(), type, where, H5P_DEFAULT, creation, access), H5Dclose, name);
    Column& column = columns.emplace(name, Column{std::move(id), layout.type, shape}).first->second;
    if (!shape.empty() && layout.type != Type::text) column.rows.emplace(shape);
    declared_bytes += product(shape) * size_of(layout.type);
    describe_dataset(name, layout);
}

void File::State::describe_dataset(const std::string& name, const Layout& layout) {
    const hid_t id = columns.at(name).id;
    const Handle text = text_type();
    const auto put = [&](const char* key, const std::string& value) {
        const char* const data = c_strings({&value, 1}).front();
        if (!value.empty()) write_attribute(id, key, text, text, std::nullopt, &data);
    };
    put("units", layout.units);
    put("long_name", layout.long_name);
    if (layout.flag_values.empty()) return;
    write_attribute(id, "flag_values", file_type(layout.type), H5T_NATIVE_INT64, layout.flag_values.size(),
                    layout.flag_values.data());
    put("flag_meanings", layout.flag_meanings);
}

void File::State::make_scale(const std::string& name, const std::string& scale_name) {
    const Handle id = object(name);
    check(H5DSset_scale(id, scale_name.c_str()), name);
    scales[address(id, name)] = name.substr(1);
}

void File::State::make_coordinate(const std::string& name, const Layout& layout, Size size) {
    if (size == 0 || name.find('/') != std::string::npos) throw std::invalid_argument(name + ": not a dimension");
    Layout whole = layout;
    const std::vector<Size> shape{size};
    if (layout.type != Type::text) whole.chunk = chunk_shape(name, {}, shape);
    make_numbers("/" + name, whole, shape);
    make_scale("/" + name, name);
}

std::vector<Size> File::State::shape_of(const std::vector<std::string>& dims, const std::string& name) {
    std::vector<Size> result;
    for (const std::string& dim : dims) {
        if (H5Lexists(file, dim.c_str(), H5P_DEFAULT) <= 0) {
            throw std::invalid_argument(fmt::format("{}: there is no dimension {}", name, dim));
        }
        result.push_back(describe("/" + dim).shape.at(0));
    }
    if (result.size() > kMaxRank) throw std::invalid_argument(name + ": more than 4 dimensions");
    return result;
}

void File::dimension(const std::string& name, Size size, std::string_view long_name) {
    State& s = for_writing("a dimension");
    if (size == 0 || name.find('/') != std::string::npos) throw std::invalid_argument(name + ": not a dimension");
    const Handle where = s.space({&size, 1}), creation = s.ordered(H5P_DATASET_CREATE);
    const std::string path = "/" + name;
    s.own(H5Dcreate2(s.file, path.c_str(), H5T_IEEE_F32BE, where, H5P_DEFAULT, creation, H5P_DEFAULT), H5Dclose, path);
    const std::string digits = std::to_string(size);
    const std::string padding(digits.size() < 10 ? 10 - digits.size() : 0, ' ');
    s.make_scale(path, std::string(kNoCoordinate) + padding + digits);
    set_attribute(path, "long_name", std::string(long_name));
}

void File::coordinate(const std::string& name, Values values, std::string_view units, std::string_view long_name) {
    State& s = for_writing("a coordinate");
    Layout layout{.type = values.type, .units = std::string(units), .long_name = std::string(long_name)};
    s.make_coordinate(name, layout, values.size);
    write("/" + name, values);
}

void File::coordinate(const std::string& name, std::span<const std::string> words, std::string_view long_name) {
    State& s = for_writing("a coordinate");
    s.make_coordinate(name, {.type = Type::text, .long_name = std::string(long_name)}, words.size());
    write_text("/" + name, words);
}

void File::group(const std::string& path) {
    State& s = for_writing("a group");
    s.make_groups(path + "/");
}

void File::dataset(const std::string& path, const Layout& layout) {
    State& s = for_writing("a dataset");
    if (layout.long_name.empty()) throw std::invalid_argument(path + ": needs a long_name");
    if (layout.type != Type::text && layout.units.empty()) throw std::invalid_argument(path + ": needs units");
    Layout whole = layout;
    const std::vector<Size> shape = s.shape_of(layout.dims, path);
    if (!shape.empty() && layout.type != Type::text) whole.chunk = chunk_shape(path, layout.chunk, shape);
    s.make_numbers(path, whole, shape);
    for (unsigned axis = 0; axis < layout.dims.size(); ++axis) {
        const Handle scale = s.object("/" + layout.dims[axis]);
        s.check(H5DSattach_scale(s.columns.at(path).id, scale, axis), path);
    }
}

}  // namespace volstorm::h5
