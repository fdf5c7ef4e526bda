#pragma once
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "h5_handle.h"
#include "volstorm/io/row_digests.h"

namespace volstorm::h5 {

constexpr std::size_t kMaxNames = 10'000;  // links of a file, attributes of an object, numbers of an attribute
constexpr std::size_t kMaxRank = 4;
constexpr Size kTextReference = 16;               // bytes that stand in a dataset for one text
constexpr const char* kTextHeaps = "text_heaps";  // root attribute: see text_heaps.h
constexpr std::string_view kNoCoordinate = "This is a netCDF dimension but not a netCDF variable.";  // netCDF-4

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
    std::optional<RowDigests> rows = {};  // of numbers that are being written
};

/// An open file, and what is done to it: each part in the file that is named above it.
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

    // h5_file.cpp
    std::string explain(const std::string& what);
    [[noreturn]] void fail(const std::string& what);
    template <class Result>
    Result check(Result result, const std::string& what) {
        if (result < 0) fail(what);
        return result;
    }
    Handle own(hid_t id, Handle::Closer closer, const std::string& what) { return Handle(check(id, what), closer); }
    Handle access_of_file();
    void create_file();
    void open_file();
    void close();
    bool release();
    void list_text_heaps();
    void guard_text_heaps();

    // h5_make.cpp
    Handle text_type();
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

    // h5_values.cpp
    Column& column(const std::string& name);
    Handle box(const Column& column, const std::string& name, const Slab& slab, std::size_t size);

    // h5_objects.cpp
    Handle object(const std::string& name);
    haddr_t address(hid_t id, const std::string& name);
    Type type_of_values(hid_t type, const std::string& name);
    std::vector<Size> shape(hid_t space, const std::string& name);
    std::string scale_name(hid_t id, const std::string& name);
    std::string axis_name(hid_t id, unsigned axis, const std::string& name);
    Object describe(const std::string& name);
    bool has(const std::string& name);
    void collect(const std::string& group, int depth, std::vector<Link>& found);
    std::vector<Link> links();

    // h5_guard.cpp
    void guard();
    void guard_dataset(const Object& object, Size file_bytes);
    void guard_chunks(hid_t id, hid_t creation, const Object& object);
    bool guard_filters(hid_t creation, const Object& object);

    // h5_attributes.cpp
    Names attribute_names(hid_t id, const std::string& name);
    void write_attribute(hid_t id, const std::string& name, hid_t type, hid_t memory, std::optional<Size> size,
                         const void* data);
    Attribute read_attribute(const std::string& object_name, const std::string& name);
    Attribute read_numbers(hid_t id, Type type, const std::vector<Size>& size, const std::string& what);
    std::string read_one_text(hid_t id, hid_t space, const std::string& what);
};

}  // namespace volstorm::h5
