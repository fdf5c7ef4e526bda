// h5::File: attributes.
#include <algorithm>
#include <array>
#include <optional>

#include "h5_state.h"

namespace volstorm::h5 {

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

void File::set_attribute(const std::string& path, const std::string& name, const Attribute& value) {
    State& s = for_writing("an attribute");
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

}  // namespace volstorm::h5
