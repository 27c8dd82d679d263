#include "simdrive/disc/rules/pressed.h"

namespace simdrive {

PressedRules::PressedRules() : SequentialRules(SequentialTable{.most_tracks = 1}) {}

BlockCount PressedRules::capacity(const Layout& layout) const {
  return layout.tracks().empty() ? BlockCount{} : layout.tracks().front().recorded;
}

Ruling PressedRules::check_write(const Layout&, Lba, BlockCount, const WriteMode&) const {
  return std::unexpected(Refusal::kReadOnlyMedium);
}

Ruling PressedRules::reserve(Layout&, BlockCount, const WriteMode&) const {
  return std::unexpected(Refusal::kReadOnlyMedium);
}

Effected PressedRules::close(Layout&, const CloseRequest&, const WriteMode&) const {
  return std::unexpected(Refusal::kReadOnlyMedium);
}

}  // namespace simdrive
