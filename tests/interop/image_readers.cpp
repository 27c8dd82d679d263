#include "tests/interop/image_readers.h"

#include <cdio/iso9660.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <utf8.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>

namespace pregroove::interop {

using testing_support::PathsAndContents;
using testing_support::ScratchFolder;

namespace {

// "/A/B.;1" as "/A/B".
std::string without_version(std::string path) {
  if (path.ends_with(";1")) path.resize(path.size() - 2);
  if (path.ends_with('.')) path.pop_back();
  return path;
}

PathsAndContents files_below(const std::string& root) {
  PathsAndContents files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream in(entry.path(), std::ios::binary);
    files[entry.path().string().substr(root.size())] = {std::istreambuf_iterator<char>(in), {}};
  }
  return files;
}

// NOLINTNEXTLINE(performance-unnecessary-value-param): its contents are moved out
PathsAndContents with_plain_names(PathsAndContents files) {
  PathsAndContents renamed;
  for (auto& [path, content] : files) renamed[without_version(path)] = std::move(content);
  return renamed;
}

std::string join(const std::string& folder, const std::string& name) {
  return folder == "/" ? "/" + name : fmt::format("{}/{}", folder, name);
}

// Files below a folder, by libcdio.
void read_folder(iso9660_t* iso, const std::string& folder, PathsAndContents& files) {
  CdioISO9660FileList_t* const list = iso9660_ifs_readdir(iso, folder.c_str());
  if (list == nullptr) {
    ADD_FAILURE() << "libcdio cannot list " << folder;
    return;
  }
  for (CdioListNode_t* node = _cdio_list_begin(list); node != nullptr;
       node = _cdio_list_node_next(node)) {
    const auto* stat = static_cast<const iso9660_stat_t*>(_cdio_list_node_data(node));
    const std::string name = static_cast<const char*>(stat->filename);
    if (name == "." || name == "..") continue;
    if (stat->type == iso9660_stat_s::_STAT_DIR) {
      read_folder(iso, join(folder, name), files);
      continue;
    }
    const long blocks = static_cast<long>((stat->size + ISO_BLOCKSIZE - 1) / ISO_BLOCKSIZE);
    std::string content(static_cast<std::size_t>(blocks) * ISO_BLOCKSIZE, '\0');
    if (blocks > 0) {
      EXPECT_EQ(iso9660_iso_seek_read(iso, content.data(), stat->lsn, blocks),
                blocks * ISO_BLOCKSIZE);
    }
    content.resize(stat->size);
    files[without_version(join(folder, name))] = std::move(content);
  }
  iso9660_filelist_free(list);
}

PathsAndContents isoinfo(const std::string& image, Names names, const std::string& session) {
  if (!have_program("isoinfo")) return {};
  const std::string base = fmt::format("isoinfo -i {} {} {}", quoted(image), session,
                                       names == Names::kJoliet ? "-J -j iso8859-1" : "");
  // What -f lists does not tell folders from files; -l does, with the files' records between
  // "Directory listing of" lines.
  PathsAndContents files;
  std::istringstream listing(output_of(base + " -l"));
  std::string folder;
  for (std::string line; std::getline(listing, line);) {
    constexpr std::string_view kHeading = "Directory listing of ";
    if (line.starts_with(kHeading)) {
      folder = line.substr(kHeading.size());
    } else if (line.starts_with('-')) {
      const std::string name =
          testing::internal::StripTrailingSpaces(line.substr(line.find(']') + 3));
      constexpr std::size_t kAll = 200;
      constexpr std::size_t kSample = 50;
      const bool extract = files.size() < kAll || files.size() % kSample == 0;
      files[without_version(folder + name)] =
          extract ? output_of(fmt::format("{} -x {}", base, quoted(folder + name))) : kListedOnly;
    }
  }
  return files;
}

PathsAndContents xorriso(const std::string& image, Names names, const std::string& session) {
  if (!have_program("xorriso")) return {};
  const ScratchFolder out;
  // The medium is opened read-only, and its files become ours.
  (void)output_of(
      fmt::format("xorriso -abort_on FAILURE -osirrox on:o_excl_off -read_fs {} {} -indev stdio:{} "
                  "-extract / {} 2>&1",
                  names == Names::kJoliet ? "norock" : "ecma119", session, quoted(image),
                  quoted(out.path("tree"))));
  return with_plain_names(files_below(out.path("tree")));
}

}  // namespace

std::string as_isoinfo_shows(const std::string& path) {
  std::string shown;
  for (const char* at = path.data(); at != path.data() + path.size();) {
    const char32_t c = utf8::unchecked::next(at);
    shown += c <= 0xFF ? static_cast<char>(c) : '_';
  }
  return shown;
}

std::string as_libcdio_shows(const std::string& path) {
  std::string shown;
  for (const auto& part : std::filesystem::path(path).relative_path()) {
    const std::string name = part.string();
    const auto units =
        static_cast<std::size_t>(utf8::unchecked::distance(name.begin(), name.end()));
    shown += "/" + name.substr(0, 2 * units);
  }
  return shown;
}

std::string quoted(const std::string& argument) {
  std::string text = "'";
  for (const char c : argument) {
    if (c == '\'')
      text += "'\\''";
    else
      text += c;
  }
  return text + "'";
}

bool have_program(const std::string& name) {
  // NOLINTNEXTLINE(cert-env33-c,concurrency-mt-unsafe): a shell is what is asked for
  if (std::system(fmt::format("command -v {} > /dev/null", name).c_str()) == 0) return true;
  ADD_FAILURE() << name << " is not installed; the install script names its package";
  return false;
}

std::string output_of(const std::string& command) {
  // NOLINTNEXTLINE(cert-env33-c): a shell is what is asked for
  FILE* const pipe = ::popen(command.c_str(), "r");
  if (pipe == nullptr) {
    ADD_FAILURE() << "cannot run " << command;
    return {};
  }
  std::string output;
  std::array<char, 65536> buffer;
  for (std::size_t count = 0; (count = std::fread(buffer.data(), 1, buffer.size(), pipe)) > 0;)
    output.append(buffer.data(), count);
  const int status = ::pclose(pipe);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << command << "\n" << output;
  return output;
}

PathsAndContents read_with_xorriso(const std::string& image, Names names) {
  return xorriso(image, names, "");
}
PathsAndContents read_session_with_xorriso(const std::string& image, Names names,
                                           std::int32_t start) {
  return xorriso(image, names, fmt::format("-load sbsector {}", start));
}

PathsAndContents read_with_isoinfo(const std::string& image, Names names) {
  return isoinfo(image, names, "");
}
PathsAndContents read_session_with_isoinfo(const std::string& image, Names names,
                                           std::int32_t start) {
  return isoinfo(image, names, fmt::format("-T {}", start));
}

PathsAndContents read_with_bsdtar(const std::string& image, Names names) {
  if (!have_program("bsdtar")) return {};
  const ScratchFolder out;
  (void)output_of(fmt::format("LC_ALL=C.UTF-8 bsdtar -xf {} {} -C {} 2>&1", quoted(image),
                              names == Names::kJoliet ? "" : "--options 'iso9660:!joliet'",
                              quoted(out.path())));
  return with_plain_names(files_below(out.path()));
}

PathsAndContents read_with_libcdio(const std::string& image, Names names) {
  const std::unique_ptr<iso9660_t, bool (*)(iso9660_t*)> iso(
      iso9660_open_ext(image.c_str(), names == Names::kJoliet ? ISO_EXTENSION_JOLIET : 0),
      iso9660_close);
  PathsAndContents files;
  if (iso == nullptr)
    ADD_FAILURE() << "libcdio cannot open " << image;
  else
    read_folder(iso.get(), "/", files);
  return files;
}

}  // namespace pregroove::interop
