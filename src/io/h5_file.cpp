// h5::File: opening, closing, and what its errors say.
#include <cstdlib>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "h5_state.h"
#include "volstorm/core/error.h"
#include "volstorm/io/atomic_file.h"
#include "volstorm/io/superblock.h"
#include "volstorm/io/text_heaps.h"

namespace volstorm::h5 {
namespace {

/// The system's error number in a message of HDF5's file driver; 0 if there is none.
int system_error(const std::string& message) {
    const std::string_view key = "errno = ";
    const std::size_t at = message.find(key);
    return at == std::string::npos ? 0 : std::atoi(message.c_str() + at + key.size());
}

}  // namespace

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

File::State& File::for_writing(const std::string& what) {
    State& s = state();
    if (!s.writing) throw std::invalid_argument(s.path.string() + ": " + what + " in a file opened for reading");
    return s;
}

const std::filesystem::path& File::path() const { return state_->path; }
void File::close() { state().close(); }
void File::refuse(const std::string& message) const { state().fail(message); }

}  // namespace volstorm::h5
