// h5::File: what stands in a file.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "h5_state.h"

namespace volstorm::h5 {
namespace {

constexpr int kMaxDepth = 8;  // groups in groups

}  // namespace

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
        const Link link{.path = fmt::format("{}/{}", group, name)};
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

bool File::has(const std::string& path) const { return state().has(path); }
Object File::object(const std::string& path) const { return state().describe(path); }

std::vector<Object> File::objects() const {
    std::vector<Object> result;
    for (const Link& link : state().links()) result.push_back(state().describe(link.path));
    std::ranges::sort(result, {}, &Object::path);
    return result;
}

}  // namespace volstorm::h5
