// h5::File: numbers and text, written and read.
#include <stdexcept>
#include <utility>

#include "h5_state.h"

namespace volstorm::h5 {
namespace {

/// Whether numbers of type `from` are read into `to` without loss.
bool widens(Type from, Type to) {
    return from == to || (is_float(from) == is_float(to) && size_of(from) < size_of(to));
}

}  // namespace

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

void File::write(const std::string& path, Values values) {
    State& s = for_writing("a write");
    const std::vector<Size>& shape = s.column(path).shape;
    if (!shape.empty()) return write(path, {std::vector<Size>(shape.size(), 0), shape}, values);
    if (values.size != 1 || values.type != s.column(path).type) throw std::invalid_argument(path + ": not its value");
    s.check(H5Dwrite(s.column(path).id, memory_type(values.type), H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data), path);
}

void File::write(const std::string& path, const Slab& slab, Values values) {
    State& s = for_writing("a write");
    Column& column = s.column(path);
    if (values.type != column.type) {
        throw std::invalid_argument(path + " holds " + std::string(name_of(column.type)) + ", not " +
                                    std::string(name_of(values.type)));
    }
    const Size size = values.size;
    const Handle where = s.box(column, path, slab, values.size), memory = s.space({&size, 1});
    s.check(H5Dwrite(column.id, memory_type(values.type), memory, where, H5P_DEFAULT, values.data), path);
    if (column.rows) {
        column.rows->add(slab, {static_cast<const std::byte*>(values.data), values.size * size_of(values.type)});
    }
}

const RowDigests* File::written_rows(const std::string& path) const {
    const std::optional<RowDigests>& rows = state().column(path).rows;
    return rows && rows->complete() ? &*rows : nullptr;
}

void File::write_text(const std::string& path, std::span<const std::string> words) {
    State& s = for_writing("a write");
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
    s.check(H5Dread(column.id, memory_type(out.type), memory, where, H5P_DEFAULT, out.data), path);
}

std::vector<std::string> File::read_text(const std::string& path) const {
    State& s = state();
    const Column& column = s.column(path);
    if (column.type != Type::text) s.fail(path + ": not text");
    const Handle text = s.text_type(), where = s.space(column.shape);
    std::vector<char*> data(product(column.shape), nullptr);
    s.check(H5Dread(column.id, text, H5S_ALL, H5S_ALL, H5P_DEFAULT, data.data()), path);
    std::vector<std::string> result;
    result.reserve(data.size());
    for (const char* word : data) result.emplace_back(word == nullptr ? "" : word);
    s.check(H5Dvlen_reclaim(text, where, H5P_DEFAULT, data.data()), path);
    return result;
}

}  // namespace volstorm::h5
