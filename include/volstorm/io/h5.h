#pragma once
#include <concepts>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <ranges>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

/// The door to HDF5: files that xarray, h5py, MATLAB, Julia and h5dump open, that carry a checksum on every column, and
/// that are refused when damaged. `results/README.md` is the format.
namespace volstorm {
class RowDigests;
}

namespace volstorm::h5 {

using Size = unsigned long long;  // as HDF5 counts

enum class Type { float32, float64, int32, int64, uint8, text };
std::string_view name_of(Type type);  // float32, ...
std::size_t size_of(Type type);       // bytes of one number; 0 for text

template <class T>
concept Number = std::same_as<T, float> || std::same_as<T, double> || std::same_as<T, std::int32_t> ||
    std::same_as<T, std::int64_t> || std::same_as<T, std::uint8_t>;

template <Number T>
constexpr Type type_of() {
    if constexpr (std::same_as<T, float>) return Type::float32;
    if constexpr (std::same_as<T, double>) return Type::float64;
    if constexpr (std::same_as<T, std::int32_t>) return Type::int32;
    if constexpr (std::same_as<T, std::int64_t>) return Type::int64;
    if constexpr (std::same_as<T, std::uint8_t>) return Type::uint8;
}

template <class R>
concept NumberRange = std::ranges::contiguous_range<R> && Number<std::ranges::range_value_t<R>>;
template <class R>
concept NumberBuffer = NumberRange<R> && std::ranges::output_range<R, std::ranges::range_value_t<R>>;

/// Numbers in memory, to write from: any vector, array or span of a Number. They must outlive the call.
struct Values {
    template <NumberRange R>
    Values(const R& range)
        : type(type_of<std::ranges::range_value_t<R>>()),
          data(std::ranges::data(range)),
          size(std::ranges::size(range)) {}
    Type type;
    const void* data;
    std::size_t size;
};

/// Numbers in memory, to read into.
struct Buffer {
    template <NumberBuffer R>
    Buffer(R&& range)
        : type(type_of<std::ranges::range_value_t<R>>()),
          data(std::ranges::data(range)),
          size(std::ranges::size(range)) {}
    Type type;
    void* data;
    std::size_t size;
};

/// How a dataset is made.
struct Layout {
    Type type = Type::float64;
    std::vector<std::string> dims = {};          // made before; the last varies fastest; none: one value
    std::string units = {};                      // required for numbers: "USD", "index_point", "1"
    std::string long_name = {};                  // required
    std::vector<Size> chunk = {};                // empty: 65,536 along the last axis and 1 along the others
    std::vector<std::int64_t> flag_values = {};  // what the codes of a category mean: as many words in flag_meanings
    std::string flag_meanings = {};
};

/// A box inside a dataset: where it begins and how far it goes along each axis.
struct Slab {
    std::vector<Size> offset;
    std::vector<Size> count;
};

/// What stands in a file.
struct Object {
    enum class Kind { group, dataset, dimension };  // dimension: a length without values
    std::string path;                               // /paths/pnl
    Kind kind = Kind::group;
    Type type = Type::float64;
    std::vector<Size> shape;
    std::vector<std::string> dims;

    std::size_t size() const;  // number of values
};

using Attribute = std::variant<std::string, double, std::int64_t, std::vector<double>, std::vector<std::int64_t>>;

/// Version of the HDF5 library that is running: 1.10.8.
std::string library_version();

/// An HDF5 file. What is wrong with a file being written is an IoError, with one being read a DamagedFile (or IoError
/// if the system refused); a call that does not fit the file being written is a std::invalid_argument.
/// One thread at a time; the library serialises threads anyway.
class File {
 public:
    /// A new file, which must not exist. `archive`: numbers are compressed (3 times the time of a simulation).
    static File create(const std::filesystem::path& path, bool archive = false);

    /// Opens for reading, after a check of everything that can be checked without reading numbers: superblock, text,
    /// number and kind of links, types, filters, shapes against dimensions and against the size of the file, all chunks
    /// there.
    static File open(const std::filesystem::path& path);

    File(File&&) noexcept;
    File& operator=(File&&) noexcept;
    ~File();  // a file being written needs close() before: without it nobody opens it again

    const std::filesystem::path& path() const;

    /// Writes all out and closes; IoError if this or any write before it failed.
    void close();

    /// A dimension (in the root) that is only a length, such as the path.
    void dimension(const std::string& name, Size size, std::string_view long_name);
    /// A dimension with values: its coordinate.
    void coordinate(const std::string& name, Values values, std::string_view units, std::string_view long_name);
    void coordinate(const std::string& name, std::span<const std::string> words, std::string_view long_name);

    /// A dataset, with the groups of its path where they are missing. Numbers left unwritten are zero on a chunk that
    /// was begun; a chunk never begun makes the file damaged.
    void dataset(const std::string& path, const Layout& layout);
    void group(const std::string& path);

    void write(const std::string& path, Values values);
    void write(const std::string& path, const Slab& slab, Values values);
    void write_text(const std::string& path, std::span<const std::string> words);

    /// Reads all, or a box, into numbers of the dataset's type or of a wider one.
    void read(const std::string& path, Buffer out) const;
    void read(const std::string& path, const Slab& slab, Buffer out) const;
    std::vector<std::string> read_text(const std::string& path) const;
    template <Number T>
    std::vector<T> values(const std::string& path) const {
        std::vector<T> out(object(path).size());
        read(path, out);
        return out;
    }

    /// Attributes of a group or dataset; a value of the same name is replaced.
    void set_attribute(const std::string& path, const std::string& name, const Attribute& value);
    bool has_attribute(const std::string& path, const std::string& name) const;
    template <class T>
    T attribute(const std::string& path, const std::string& name) const {
        Attribute value = any_attribute(path, name);
        if (T* found = std::get_if<T>(&value)) return std::move(*found);
        refuse(path + ": attribute " + name + " has another type");
    }
    /// All that were set, without those by which HDF5 ties dimensions to datasets.
    std::map<std::string, Attribute> attributes(const std::string& path) const;

    bool has(const std::string& path) const;
    Object object(const std::string& path) const;
    std::vector<Object> objects() const;  // without the root, sorted by path

    /// The digests of a dataset's rows, taken while they were written; null where there are none: in a file opened for
    /// reading, or where a row was not written once, in order, from its beginning to its end.
    const RowDigests* written_rows(const std::string& path) const;

    /// Throws DamagedFile, or IoError on a file being written: `PATH is damaged: message`.
    [[noreturn]] void refuse(const std::string& message) const;

 private:
    struct State;
    explicit File(std::unique_ptr<State> state);
    State& state() const;
    State& for_writing(const std::string& what);
    Attribute any_attribute(const std::string& path, const std::string& name) const;
    std::unique_ptr<State> state_;
};

}  // namespace volstorm::h5
