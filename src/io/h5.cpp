#include "volstorm/io/h5.h"

#define H5_USE_110_API  // in later libraries the same names mean the same
#include <hdf5.h>
#include <hdf5_hl.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <optional>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "volstorm/core/error.h"
#include "volstorm/io/atomic_file.h"
#include "volstorm/io/superblock.h"
#include "volstorm/io/text_heaps.h"

namespace volstorm::h5 {
namespace {

constexpr std::size_t kMaxNames = 10'000;  // links of a file, attributes of an object, texts of a dataset
constexpr int kMaxDepth = 8;               // groups in groups
constexpr std::size_t kMaxRank = 4;
constexpr Size kMaxDeflation = 1032;          // nothing deflates further (zlib's technical details)
constexpr Size kDefaultChunk = 65'536;        // numbers: 256 kB of float32
constexpr Size kMaxCompact = 60'000;          // bytes that fit an object header (64 kB)
constexpr Size kTextReference = 16;           // bytes that stand in a dataset for one text
constexpr std::size_t kChunkSlots = 12'421;   // of the hash table of a dataset's cached chunks: a prime
constexpr std::size_t kMaxCache = 64u << 20;  // bytes of those chunks
constexpr unsigned kDeflateLevel = 4;
constexpr const char* kTextHeaps = "text_heaps";  // root attribute: see text_heaps.h
constexpr std::string_view kNoCoordinate = "This is a netCDF dimension but not a netCDF variable.";  // netCDF-4

/// An HDF5 identifier, closed at its end.
class Handle {
 public:
    using Closer = herr_t (*)(hid_t);
    Handle() = default;
    Handle(hid_t id, Closer closer) : id_(id), closer_(closer) {}
    Handle(Handle&& other) noexcept : id_(std::exchange(other.id_, H5I_INVALID_HID)), closer_(other.closer_) {}
    Handle& operator=(Handle&& other) noexcept {
        std::swap(id_, other.id_);
        std::swap(closer_, other.closer_);
        return *this;
    }
    ~Handle() { close(); }
    operator hid_t() const { return id_; }

    /// False if HDF5 could not close it, that is, could not write out what it held.
    bool close() {
        const hid_t id = std::exchange(id_, H5I_INVALID_HID);
        return id < 0 || closer_(id) >= 0;
    }
    void abandon() { id_ = H5I_INVALID_HID; }

 private:
    hid_t id_ = H5I_INVALID_HID;
    Closer closer_ = nullptr;
};

/// Before the library's first call: it would close at the exit what a full disk kept it from closing, and crash.
void leave_exit_alone() {
    static const herr_t done = H5dont_atexit();
    static_cast<void>(done);
}

/// In this thread: errors become exceptions.
void silence() {
    leave_exit_alone();
    H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
}

hid_t file_type(Type type) {
    const std::array<hid_t, 5> types{H5T_IEEE_F32LE, H5T_IEEE_F64LE, H5T_STD_I32LE, H5T_STD_I64LE, H5T_STD_U8LE};
    return types.at(static_cast<std::size_t>(type));
}

hid_t memory_type(Type type) {
    const std::array<hid_t, 5> types{H5T_NATIVE_FLOAT, H5T_NATIVE_DOUBLE, H5T_NATIVE_INT32, H5T_NATIVE_INT64,
                                     H5T_NATIVE_UINT8};
    return types.at(static_cast<std::size_t>(type));
}

bool is_float(Type type) { return type == Type::float32 || type == Type::float64; }

/// Whether numbers of type `from` are read into `to` without loss.
bool widens(Type from, Type to) {
    return from == to || (is_float(from) == is_float(to) && size_of(from) < size_of(to));
}

/// The largest number where the product overflows.
Size product(std::span<const Size> factors) {
    Size result = 1;
    for (const Size factor : factors) {
        if (__builtin_mul_overflow(result, factor, &result)) return ~Size{0};
    }
    return result;
}

/// How many chunks lie along each axis, multiplied.
Size chunks_of(std::span<const Size> shape, std::span<const Size> chunk) {
    Size result = 1;
    for (std::size_t axis = 0; axis < shape.size(); ++axis) result *= (shape[axis] + chunk[axis] - 1) / chunk[axis];
    return result;
}

std::vector<Size> chunk_shape(const std::string& path, std::vector<Size> chunk, const std::vector<Size>& shape) {
    if (chunk.empty()) {
        chunk.assign(shape.size(), 1);
        chunk.back() = kDefaultChunk;
    }
    if (chunk.size() != shape.size()) throw std::invalid_argument(path + ": chunk and dims differ in length");
    for (std::size_t axis = 0; axis < shape.size(); ++axis) chunk[axis] = std::min(chunk[axis], shape[axis]);
    return chunk;
}

/// The innermost message of HDF5's error stack.
std::string last_error() {
    std::string text;
    const auto first = [](unsigned n, const H5E_error2_t* error, void* out) -> herr_t {
        if (n == 0 && error->desc != nullptr) *static_cast<std::string*>(out) = error->desc;
        return 0;
    };
    H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, first, &text);
    H5Eclear2(H5E_DEFAULT);
    return text;
}

/// The system's error number in a message of HDF5's file driver; 0 if there is none.
int system_error(const std::string& message) {
    const std::string_view key = "errno = ";
    const std::size_t at = message.find(key);
    return at == std::string::npos ? 0 : std::atoi(message.c_str() + at + key.size());
}

std::vector<const char*> c_strings(std::span<const std::string> words) {
    std::vector<const char*> result;
    for (const std::string& word : words) {
        if (word.find('\0') != std::string::npos) throw std::invalid_argument("a text for HDF5 holds a zero byte");
        result.push_back(word.c_str());
    }
    return result;
}

/// Names met in an iteration of HDF5, whose callbacks must not throw.
struct Names {
    std::vector<std::string> names;
    const char* wrong = nullptr;

    herr_t add(const char* name) noexcept {
        if (names.size() == kMaxNames) return refuse("more than 10000 names");
        try {
            names.emplace_back(name);
        } catch (...) {
            return refuse("no memory for the names");
        }
        return 0;
    }
    herr_t refuse(const char* why) noexcept {
        wrong = why;
        return -1;
    }
};

struct Link {
    std::string path;
    haddr_t address = HADDR_UNDEF;
    H5O_type_t type = H5O_TYPE_UNKNOWN;
};

/// A dataset in use.
struct Column {
    Handle id;
    Type type;
    std::vector<Size> shape;
};

}  // namespace

struct File::State {
    State(std::filesystem::path where, bool for_writing, bool compress)
        : path(std::move(where)), writing(for_writing), archive(compress) {}
    ~State() { release(); }

    std::filesystem::path path;
    bool writing;
    bool archive;
    Handle file;
    std::map<std::string, Column> columns;
    std::map<haddr_t, std::string> scales;  // the names of the dimensions, by their place in the file
    Size declared_bytes = 0;                // of all numbers
    std::string failure;                    // of the first failed write: such a file is never good

    std::string explain(const std::string& what);
    [[noreturn]] void fail(const std::string& what);
    template <class Result>
    Result check(Result result, const std::string& what) {
        if (result < 0) fail(what);
        return result;
    }
    Handle own(hid_t id, Handle::Closer closer, const std::string& what) { return Handle(check(id, what), closer); }

    void must_write(const std::string& what) const;
    Handle access_of_file();
    void create_file();
    void open_file();
    void close();
    bool release();
    void list_text_heaps();
    void guard_text_heaps();

    Handle text_type();
    Handle transfer();
    Handle ordered(hid_t property_class);
    Handle space(std::span<const Size> shape);
    void make_groups(const std::string& dataset);
    void make_group(const std::string& group);
    Handle storage(const std::string& name, const Layout& layout, const std::vector<Size>& shape);
    Handle cache(Type type, const std::vector<Size>& shape, const std::vector<Size>& chunk);
    void make_numbers(const std::string& name, const Layout& layout, const std::vector<Size>& shape);
    void make_scale(const std::string& name, const std::string& scale_name);
    void make_coordinate(const std::string& name, const Layout& layout, Size size);
    std::vector<Size> shape_of(const std::vector<std::string>& dims, const std::string& name);
    void describe_dataset(const std::string& name, const Layout& layout);

    Handle object(const std::string& name);
    haddr_t address(hid_t id, const std::string& name);
    Type type_of_values(hid_t type, const std::string& name);
    std::vector<Size> shape(hid_t space, const std::string& name);
    std::string scale_name(hid_t id, const std::string& name);
    std::string axis_name(hid_t id, unsigned axis, const std::string& name);
    Object describe(const std::string& name);
    bool has(const std::string& name);
    Column& column(const std::string& name);
    Handle box(const Column& column, const std::string& name, const Slab& slab, std::size_t size);

    void collect(const std::string& group, int depth, std::vector<Link>& found);
    std::vector<Link> links();
    void guard();
    void guard_dataset(const Object& object, Size file_bytes);
    void guard_chunks(hid_t id, hid_t creation, const Object& object);
    bool guard_filters(hid_t creation, const Object& object);

    Names attribute_names(hid_t id, const std::string& name);
    void write_attribute(hid_t id, const std::string& name, hid_t type, hid_t memory, std::optional<Size> size,
                         const void* data);
    Attribute read_attribute(const std::string& object_name, const std::string& name);
    Attribute read_numbers(hid_t id, Type type, const std::vector<Size>& size, const std::string& what);
    std::string read_one_text(hid_t id, hid_t space, const std::string& what);
};

std::string File::State::explain(const std::string& what) {
    const std::string cause = last_error();
    const int error = system_error(cause);
    if (writing && error != 0) return write_error(path, error, declared_bytes);
    if (error != 0) return "cannot read " + path.string() + ": " + std::generic_category().message(error);
    const std::string why = cause.empty() ? what : what + " (" + cause + ")";
    return writing ? "cannot write " + path.string() + ": " + why : path.string() + " is damaged: " + why;
}

void File::State::fail(const std::string& what) {
    const std::string message = explain(what);
    if (!writing && message.starts_with(path.string())) throw DamagedFile(message);
    if (writing && failure.empty()) failure = message;
    throw IoError(message);
}

void File::State::must_write(const std::string& what) const {
    if (!writing) throw std::invalid_argument(path.string() + ": " + what + " in a file opened for reading");
}

// Opening and closing.

/// Format 1.10 checksums its metadata. No locks: a finished file is never written in place, and network file systems
/// refuse them.
Handle File::State::access_of_file() {
    H5PLset_loading_state(0);  // a file must not make us load a library
    Handle access = own(H5Pcreate(H5P_FILE_ACCESS), H5Pclose, "file access");
    check(H5Pset_libver_bounds(access, H5F_LIBVER_V110, H5F_LIBVER_V110), "file format");
    check(H5Pset_fclose_degree(access, H5F_CLOSE_STRONG), "file access");
    check(H5Pset_file_locking(access, false, true), "file locking");
    return access;
}

/// How numbers are read: their checksums are verified, but for those that this process wrote a moment ago.
Handle File::State::transfer() {
    Handle how = own(H5Pcreate(H5P_DATASET_XFER), H5Pclose, "transfer");
    if (writing) check(H5Pset_edc_check(how, H5Z_DISABLE_EDC), "transfer");
    return how;
}

void File::State::create_file() {
    const Handle access = access_of_file(), creation = ordered(H5P_FILE_CREATE);
    file = own(H5Fcreate(path.c_str(), H5F_ACC_EXCL, creation, access), H5Fclose, "the file cannot be made");
}

void File::State::open_file() {
    check_superblock(path);
    const Handle access = access_of_file();
    file = own(H5Fopen(path.c_str(), H5F_ACC_RDONLY, access), H5Fclose, "the file cannot be opened");
    guard_text_heaps();
    guard();
}

void File::State::close() {
    if (!release() && failure.empty()) failure = explain("the file cannot be closed");
    if (!writing) return;
    if (!failure.empty()) throw IoError(failure);
    list_text_heaps();
}

/// Closes all; false where HDF5 could not write out what it held. What is open at the first failed write stays so to
/// the end of the process: on a full disk a failed close leaves a half that the next close of the library falls over.
bool File::State::release() {
    if (file < 0) return true;
    bool good = failure.empty() && (!writing || H5Fflush(file, H5F_SCOPE_LOCAL) >= 0);
    const auto leave = [&](Handle& handle) {
        if (good || !writing)
            good = handle.close() && good;
        else
            handle.abandon();
    };
    for (auto& [name, column] : columns) leave(column.id);
    columns.clear();
    leave(file);
    return good;
}

/// Opens the closed file once more, to note where its text is; as numbers, which do not go to those heaps.
void File::State::list_text_heaps() {
    const std::vector<std::int64_t> list = find_text_heaps(path);
    const Handle access = access_of_file();
    file = own(H5Fopen(path.c_str(), H5F_ACC_RDWR, access), H5Fclose, "the file cannot be opened again");
    Handle root = object("/");
    write_attribute(root, kTextHeaps, H5T_STD_I64LE, H5T_NATIVE_INT64, list.size(), list.data());
    check(H5Fflush(file, H5F_SCOPE_LOCAL), "the file cannot be closed");
    if (!root.close() || !file.close()) fail("the file cannot be closed");
}

/// Before the library reads any text.
void File::State::guard_text_heaps() {
    const Handle root = object("/");
    if (check(H5Aexists(root, kTextHeaps), kTextHeaps) == 0) fail("it was never finished");
    const Attribute list = read_attribute("/", kTextHeaps);
    const auto* numbers = std::get_if<std::vector<std::int64_t>>(&list);
    if (numbers == nullptr || !text_heaps_intact(path, *numbers)) fail("its text has another checksum");
}

// Making what a file holds.

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
    columns.emplace(name, Column{std::move(id), layout.type, shape});
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
            throw std::invalid_argument(name + ": there is no dimension " + dim);
        }
        result.push_back(describe("/" + dim).shape.at(0));
    }
    if (result.size() > kMaxRank) throw std::invalid_argument(name + ": more than 4 dimensions");
    return result;
}

// Looking at what a file holds.

Handle File::State::object(const std::string& name) {
    return own(H5Oopen(file, name.c_str(), H5P_DEFAULT), H5Oclose, name);
}

haddr_t File::State::address(hid_t id, const std::string& name) {
    H5O_info_t info;
    check(H5Oget_info2(id, &info, H5O_INFO_BASIC), name);
    return info.addr;
}

Type File::State::type_of_values(hid_t type, const std::string& name) {
    if (check(H5Tis_variable_str(type), name) > 0) return Type::text;
    for (const Type known : {Type::float32, Type::float64, Type::int32, Type::int64, Type::uint8}) {
        if (check(H5Tequal(type, file_type(known)), name) > 0) return known;
    }
    fail(name + ": a type that no result file has");
}

std::vector<Size> File::State::shape(hid_t space, const std::string& name) {
    if (H5Sget_simple_extent_type(space) == H5S_SCALAR) return {};
    const int rank = check(H5Sget_simple_extent_ndims(space), name);
    std::vector<Size> result(static_cast<std::size_t>(rank));
    if (result.empty() || result.size() > kMaxRank) fail(name + ": " + std::to_string(rank) + " dimensions");
    check(H5Sget_simple_extent_dims(space, result.data(), nullptr), name);
    if (std::ranges::count(result, Size{0}) > 0) fail(name + ": a dimension of size 0");
    return result;
}

/// The name by which a dimension goes in HDF5; empty for other datasets.
std::string File::State::scale_name(hid_t id, const std::string& name) {
    if (check(H5DSis_scale(id), name) == 0) return "";
    std::array<char, 256> text{};
    check(H5DSget_scale_name(id, text.data(), text.size()), name);
    return text.data();
}

std::string File::State::axis_name(hid_t id, unsigned axis, const std::string& name) {
    haddr_t scale = HADDR_UNDEF;
    const auto first = [](hid_t, unsigned, hid_t found, void* out) -> herr_t {
        H5O_info_t info;
        if (H5Oget_info2(found, &info, H5O_INFO_BASIC) < 0) return -1;
        *static_cast<haddr_t*>(out) = info.addr;
        return 1;
    };
    check(H5DSiterate_scales(id, axis, nullptr, first, &scale), name + ": its dimensions");
    const auto found = scales.find(scale);
    if (found == scales.end()) fail(name + ": axis " + std::to_string(axis) + " has no dimension in the root");
    return found->second;
}

Object File::State::describe(const std::string& name) {
    if (!has(name)) fail(name + " is missing");
    const Handle id = object(name);
    Object result{.path = name, .kind = Object::Kind::group, .type = Type::float32, .shape = {}, .dims = {}};
    if (H5Iget_type(id) == H5I_GROUP) return result;
    if (H5Iget_type(id) != H5I_DATASET) fail(name + ": neither a group nor a dataset");
    const Handle where = own(H5Dget_space(id), H5Sclose, name), type = own(H5Dget_type(id), H5Tclose, name);
    result.kind = Object::Kind::dataset;
    result.shape = shape(where, name);
    const std::string scale = scale_name(id, name);
    if (scale.starts_with(kNoCoordinate)) {
        result.kind = Object::Kind::dimension;
    } else {
        result.type = type_of_values(type, name);
    }
    if (!scale.empty()) {
        if (result.shape.size() != 1) fail(name + ": a dimension with a shape");
        result.dims = {name.substr(1)};
        return result;
    }
    for (unsigned axis = 0; axis < result.shape.size(); ++axis) result.dims.push_back(axis_name(id, axis, name));
    return result;
}

bool File::State::has(const std::string& name) {
    for (std::size_t end = name.find('/', 1); end != std::string::npos; end = name.find('/', end + 1)) {
        if (check(H5Lexists(file, name.substr(0, end).c_str(), H5P_DEFAULT), name) == 0) return false;
    }
    return check(H5Lexists(file, name.c_str(), H5P_DEFAULT), name) > 0;
}

Column& File::State::column(const std::string& name) {
    const auto known = columns.find(name);
    if (known != columns.end()) return known->second;
    const Object found = describe(name);
    if (found.kind != Object::Kind::dataset) fail(name + ": not a dataset");
    Handle id = own(H5Dopen2(file, name.c_str(), H5P_DEFAULT), H5Dclose, name);
    return columns.emplace(name, Column{std::move(id), found.type, found.shape}).first->second;
}

/// The part of a column that `slab` names; `size` numbers must fit it.
Handle File::State::box(const Column& column, const std::string& name, const Slab& slab, std::size_t size) {
    const std::size_t rank = column.shape.size();
    bool inside = slab.offset.size() == rank && slab.count.size() == rank && product(slab.count) == size;
    for (std::size_t axis = 0; inside && axis < rank; ++axis) {
        inside = slab.offset[axis] <= column.shape[axis] && slab.count[axis] <= column.shape[axis] - slab.offset[axis];
    }
    if (!inside) throw std::invalid_argument(name + ": a box outside the dataset, or not of the size of the numbers");
    Handle where = own(H5Dget_space(column.id), H5Sclose, name);
    check(H5Sselect_hyperslab(where, H5S_SELECT_SET, slab.offset.data(), nullptr, slab.count.data(), nullptr), name);
    return where;
}

// Guarding against damaged and foreign files.

void File::State::collect(const std::string& group, int depth, std::vector<Link>& found) {
    Names names;
    const auto add = [](hid_t, const char* name, const H5L_info_t* info, void* out) noexcept -> herr_t {
        auto* all = static_cast<Names*>(out);
        return info->type == H5L_TYPE_HARD ? all->add(name) : all->refuse("a link to another place");
    };
    const Handle id = object(group.empty() ? "/" : group);
    const herr_t result = H5Literate(id, H5_INDEX_NAME, H5_ITER_INC, nullptr, add, &names);
    if (names.wrong != nullptr) fail(group + "/: " + names.wrong);
    check(result, group + "/");
    for (const std::string& name : names.names) {
        const Link link{.path = group + "/" + name};
        const Handle member = object(link.path);
        H5O_info_t info;
        check(H5Oget_info2(member, &info, H5O_INFO_BASIC), link.path);
        if (info.rc != 1) fail(link.path + ": more than one link");
        if (found.size() == kMaxNames || depth == kMaxDepth) fail("more groups or datasets than a result file has");
        found.push_back({link.path, info.addr, info.type});
        if (info.type == H5O_TYPE_GROUP) collect(link.path, depth + 1, found);
    }
}

/// Every group and dataset; notes the dimensions among them, which stand in the root.
std::vector<Link> File::State::links() {
    std::vector<Link> found;
    collect("", 0, found);
    for (const Link& link : found) {
        if (link.type != H5O_TYPE_DATASET || link.path.find('/', 1) != std::string::npos) continue;
        const Handle id = object(link.path);
        if (!scale_name(id, link.path).empty()) scales[link.address] = link.path.substr(1);
    }
    return found;
}

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

// Attributes.

void File::State::write_attribute(hid_t id, const std::string& name, hid_t type, hid_t memory, std::optional<Size> size,
                                  const void* data) {
    const Handle where = size ? space({&*size, 1}) : space({});
    if (check(H5Aexists(id, name.c_str()), name) > 0) check(H5Adelete(id, name.c_str()), name);
    const Handle one = own(H5Acreate2(id, name.c_str(), type, where, H5P_DEFAULT, H5P_DEFAULT), H5Aclose, name);
    check(H5Awrite(one, memory, data), name);
}

Names File::State::attribute_names(hid_t id, const std::string& name) {
    Names names;
    const auto add = [](hid_t, const char* found, const H5A_info_t*, void* out) noexcept -> herr_t {
        return static_cast<Names*>(out)->add(found);
    };
    const herr_t result = H5Aiterate2(id, H5_INDEX_NAME, H5_ITER_INC, nullptr, add, &names);
    if (names.wrong != nullptr) fail(name + ": attributes: " + names.wrong);
    check(result, name + ": attributes");
    return names;
}

std::string File::State::read_one_text(hid_t id, hid_t space, const std::string& what) {
    const Handle text = text_type();
    char* data = nullptr;
    check(H5Aread(id, text, &data), what);
    const std::string result = data == nullptr ? "" : data;
    check(H5Dvlen_reclaim(text, space, H5P_DEFAULT, &data), what);
    return result;
}

Attribute File::State::read_numbers(hid_t id, Type type, const std::vector<Size>& size, const std::string& what) {
    const std::size_t count = size.empty() ? 1 : size[0];
    const auto read = [&]<class T>(std::vector<T> values, hid_t memory) -> Attribute {
        check(H5Aread(id, memory, values.data()), what);
        if (size.empty()) return values[0];
        return values;
    };
    if (is_float(type)) return read(std::vector<double>(count), H5T_NATIVE_DOUBLE);
    return read(std::vector<std::int64_t>(count), H5T_NATIVE_INT64);
}

Attribute File::State::read_attribute(const std::string& object_name, const std::string& name) {
    const std::string what = object_name + ": attribute " + name;
    const Handle owner = object(object_name);
    const Handle id = own(H5Aopen(owner, name.c_str(), H5P_DEFAULT), H5Aclose, what);
    const Handle type = own(H5Aget_type(id), H5Tclose, what), where = own(H5Aget_space(id), H5Sclose, what);
    const std::vector<Size> size = shape(where, what);
    const Type known = type_of_values(type, what);
    if (size.size() > 1 || product(size) > kMaxNames || (known == Type::text && !size.empty())) {
        fail(what + ": a shape that no result file has");
    }
    return known == Type::text ? Attribute(read_one_text(id, where, what)) : read_numbers(id, known, size, what);
}

// The door itself.

std::string_view name_of(Type type) {
    constexpr std::array<std::string_view, 6> kNames{"float32", "float64", "int32", "int64", "uint8", "text"};
    return kNames[static_cast<std::size_t>(type)];
}

std::size_t size_of(Type type) {
    constexpr std::array<std::size_t, 6> kSizes{4, 8, 4, 8, 1, 0};
    return kSizes[static_cast<std::size_t>(type)];
}

std::size_t Object::size() const { return product(shape); }

File::File(std::unique_ptr<State> state) : state_(std::move(state)) {}
File::File(File&&) noexcept = default;
File& File::operator=(File&&) noexcept = default;
File::~File() { silence(); }

File File::create(const std::filesystem::path& path, bool archive) {
    silence();
    auto state = std::make_unique<State>(path, true, archive);
    state->create_file();
    return File(std::move(state));
}

File File::open(const std::filesystem::path& path) {
    silence();
    auto state = std::make_unique<State>(path, false, false);
    state->open_file();
    return File(std::move(state));
}

File::State& File::state() const {
    silence();
    if (state_ == nullptr || state_->file < 0) throw std::invalid_argument("an HDF5 file was used after close()");
    return *state_;
}

const std::filesystem::path& File::path() const { return state_->path; }
void File::close() { state().close(); }
void File::refuse(const std::string& message) const { state().fail(message); }

void File::dimension(const std::string& name, Size size, std::string_view long_name) {
    State& s = state();
    s.must_write("a dimension");
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
    State& s = state();
    s.must_write("a coordinate");
    Layout layout{.type = values.type, .units = std::string(units), .long_name = std::string(long_name)};
    s.make_coordinate(name, layout, values.size);
    write("/" + name, values);
}

void File::coordinate(const std::string& name, std::span<const std::string> words, std::string_view long_name) {
    State& s = state();
    s.must_write("a coordinate");
    s.make_coordinate(name, {.type = Type::text, .long_name = std::string(long_name)}, words.size());
    write_text("/" + name, words);
}

void File::group(const std::string& path) {
    State& s = state();
    s.must_write("a group");
    s.make_groups(path + "/");
}

void File::dataset(const std::string& path, const Layout& layout) {
    State& s = state();
    s.must_write("a dataset");
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

void File::write(const std::string& path, Values values) {
    State& s = state();
    s.must_write("a write");
    const std::vector<Size>& shape = s.column(path).shape;
    if (!shape.empty()) return write(path, {std::vector<Size>(shape.size(), 0), shape}, values);
    if (values.size != 1 || values.type != s.column(path).type) throw std::invalid_argument(path + ": not its value");
    s.check(H5Dwrite(s.column(path).id, memory_type(values.type), H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data), path);
}

void File::write(const std::string& path, const Slab& slab, Values values) {
    State& s = state();
    s.must_write("a write");
    const Column& column = s.column(path);
    if (values.type != column.type) {
        throw std::invalid_argument(path + " holds " + std::string(name_of(column.type)) + ", not " +
                                    std::string(name_of(values.type)));
    }
    const Size size = values.size;
    const Handle where = s.box(column, path, slab, values.size), memory = s.space({&size, 1});
    s.check(H5Dwrite(column.id, memory_type(values.type), memory, where, H5P_DEFAULT, values.data), path);
}

void File::write_text(const std::string& path, std::span<const std::string> words) {
    State& s = state();
    s.must_write("a write");
    const Column& column = s.column(path);
    if (column.type != Type::text || product(column.shape) != words.size()) {
        throw std::invalid_argument(path + ": not its texts");
    }
    const Handle text = s.text_type();
    s.check(H5Dwrite(column.id, text, H5S_ALL, H5S_ALL, H5P_DEFAULT, c_strings(words).data()), path);
}

void File::read(const std::string& path, Buffer out) const {
    State& s = state();
    const Column& column = s.column(path);
    if (!column.shape.empty()) return read(path, {std::vector<Size>(column.shape.size(), 0), column.shape}, out);
    if (out.size != 1 || !widens(column.type, out.type)) s.fail(path + ": not one such number");
    s.check(H5Dread(column.id, memory_type(out.type), H5S_ALL, H5S_ALL, H5P_DEFAULT, out.data), path);
}

void File::read(const std::string& path, const Slab& slab, Buffer out) const {
    State& s = state();
    const Column& column = s.column(path);
    if (!widens(column.type, out.type)) {
        s.fail(path + ": holds " + std::string(name_of(column.type)) + ", not " + std::string(name_of(out.type)));
    }
    const Size size = out.size;
    const Handle where = s.box(column, path, slab, out.size), memory = s.space({&size, 1});
    const Handle how = s.transfer();
    s.check(H5Dread(column.id, memory_type(out.type), memory, where, how, out.data), path);
}

std::vector<std::string> File::read_text(const std::string& path) const {
    State& s = state();
    const Column& column = s.column(path);
    if (column.type != Type::text) s.fail(path + ": not text");
    const Handle text = s.text_type(), where = s.space(column.shape);
    std::vector<char*> data(product(column.shape), nullptr);
    s.check(H5Dread(column.id, text, H5S_ALL, H5S_ALL, H5P_DEFAULT, data.data()), path);
    std::vector<std::string> result;
    for (const char* word : data) result.emplace_back(word == nullptr ? "" : word);
    s.check(H5Dvlen_reclaim(text, where, H5P_DEFAULT, data.data()), path);
    return result;
}

void File::set_attribute(const std::string& path, const std::string& name, const Attribute& value) {
    State& s = state();
    s.must_write("an attribute");
    const Handle owner = s.object(path);
    if (const auto* text = std::get_if<std::string>(&value)) {
        const Handle type = s.text_type();
        s.write_attribute(owner, name, type, type, std::nullopt, c_strings({text, 1}).data());
    } else if (const auto* number = std::get_if<double>(&value)) {
        s.write_attribute(owner, name, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, std::nullopt, number);
    } else if (const auto* integer = std::get_if<std::int64_t>(&value)) {
        s.write_attribute(owner, name, H5T_STD_I64LE, H5T_NATIVE_INT64, std::nullopt, integer);
    } else if (const auto* numbers = std::get_if<std::vector<double>>(&value)) {
        s.write_attribute(owner, name, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, numbers->size(), numbers->data());
    } else if (const auto* integers = std::get_if<std::vector<std::int64_t>>(&value)) {
        s.write_attribute(owner, name, H5T_STD_I64LE, H5T_NATIVE_INT64, integers->size(), integers->data());
    }
}

bool File::has_attribute(const std::string& path, const std::string& name) const {
    State& s = state();
    const Handle owner = s.object(path);
    return s.check(H5Aexists(owner, name.c_str()), path) > 0;
}

Attribute File::any_attribute(const std::string& path, const std::string& name) const {
    if (!has_attribute(path, name)) refuse(path + ": attribute " + name + " is missing");
    return state().read_attribute(path, name);
}

std::map<std::string, Attribute> File::attributes(const std::string& path) const {
    State& s = state();
    const Handle owner = s.object(path);
    constexpr std::array<std::string_view, 5> kOurs{"CLASS", "NAME", "DIMENSION_LIST", "REFERENCE_LIST", kTextHeaps};
    std::map<std::string, Attribute> result;
    for (const std::string& name : s.attribute_names(owner, path).names) {
        if (std::ranges::count(kOurs, name) == 0) result.emplace(name, s.read_attribute(path, name));
    }
    return result;
}

bool File::has(const std::string& path) const { return state().has(path); }
Object File::object(const std::string& path) const { return state().describe(path); }

std::vector<Object> File::objects() const {
    std::vector<Object> result;
    for (const Link& link : state().links()) result.push_back(state().describe(link.path));
    std::ranges::sort(result, {}, &Object::path);
    return result;
}

std::string library_version() {
    leave_exit_alone();
    unsigned major = 0, minor = 0, release = 0;
    H5get_libversion(&major, &minor, &release);
    return std::to_string(major) + "." + std::to_string(minor) + "." + std::to_string(release);
}

}  // namespace volstorm::h5
