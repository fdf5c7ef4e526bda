#include "h5_handle.h"

#include <array>
#include <stdexcept>

namespace volstorm::h5 {

void leave_exit_alone() {
    static const herr_t done = H5dont_atexit();
    static_cast<void>(done);
}

void silence() {
    leave_exit_alone();
    H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
}

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

Size product(std::span<const Size> factors) {
    Size result = 1;
    for (const Size factor : factors) {
        if (__builtin_mul_overflow(result, factor, &result)) return ~Size{0};
    }
    return result;
}

std::vector<const char*> c_strings(std::span<const std::string> words) {
    std::vector<const char*> result;
    for (const std::string& word : words) {
        if (word.find('\0') != std::string::npos) throw std::invalid_argument("a text for HDF5 holds a zero byte");
        result.push_back(word.c_str());
    }
    return result;
}

std::string_view name_of(Type type) {
    constexpr std::array<std::string_view, 6> kNames{"float32", "float64", "int32", "int64", "uint8", "text"};
    return kNames[static_cast<std::size_t>(type)];
}

std::size_t size_of(Type type) {
    constexpr std::array<std::size_t, 6> kSizes{4, 8, 4, 8, 1, 0};
    return kSizes[static_cast<std::size_t>(type)];
}

std::size_t Object::size() const { return product(shape); }

std::string library_version() {
    leave_exit_alone();
    unsigned major = 0, minor = 0, release = 0;
    H5get_libversion(&major, &minor, &release);
    return std::to_string(major) + "." + std::to_string(minor) + "." + std::to_string(release);
}

}  // namespace volstorm::h5
