#include "tests/scenarios/through_the_drive.h"

#include <gtest/gtest.h>

#include <span>

#include "engine/burn/disc_reader.h"
#include "engine/burn/session_import.h"
#include "engine/drive/inspection.h"
#include "engine/image/extract.h"

namespace pregroove::imapi {

Files files_in(Desk& desk) {
  drive::Drive drive(desk.device->transport(), desk.device->clock());
  const auto disc = drive::inspect(drive);
  if (!disc) {
    ADD_FAILURE() << describe(disc.error());
    return {};
  }
  const auto newest = burn::import_newest_session(drive, *disc);
  if (!newest || !newest->session) {
    ADD_FAILURE() << (newest ? "no session" : describe(newest.error()));
    return {};
  }
  Files files;
  burn::DiscReader reader(drive);
  newest->session->content.tree.walk([&](std::string_view path, const image::File& file) {
    std::string& text = files[std::string(path)];
    const auto read =
        image::read_file(reader, file, [&](std::span<const std::byte> piece) -> pregroove::Status {
          for (const std::byte byte : piece) text.push_back(static_cast<char>(byte));
          return {};
        });
    EXPECT_TRUE(read) << path;
  });
  return files;
}

}  // namespace pregroove::imapi
