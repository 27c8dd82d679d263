#include "engine/image/digest.h"

#include <openssl/evp.h>

#include <type_traits>

#include "engine/base/check.h"

namespace pregroove::image {
namespace {

EVP_MD_CTX* as_context(void* context) { return static_cast<EVP_MD_CTX*>(context); }

}  // namespace

template <typename Sum>
void Digest<Sum>::Free::operator()(void* context) const {
  EVP_MD_CTX_free(as_context(context));
}

// libcrypto fails here only for want of memory.
template <typename Sum>
Digest<Sum>::Digest() : context_(EVP_MD_CTX_new()) {
  PREGROOVE_CHECK(context_ != nullptr);
  begin();
}

template <typename Sum>
void Digest<Sum>::begin() {
  const EVP_MD* const kind = std::is_same_v<Sum, Sha256Sum> ? EVP_sha256() : EVP_md5();
  PREGROOVE_CHECK(EVP_DigestInit_ex(as_context(context_.get()), kind, nullptr) == 1);
}

template <typename Sum>
void Digest<Sum>::update(std::span<const std::byte> bytes) {
  PREGROOVE_CHECK(EVP_DigestUpdate(as_context(context_.get()), bytes.data(), bytes.size()) == 1);
}

template <typename Sum>
Sum Digest<Sum>::finish() {
  std::array<unsigned char, EVP_MAX_MD_SIZE> raw{};
  unsigned int size = 0;
  PREGROOVE_CHECK(EVP_DigestFinal_ex(as_context(context_.get()), raw.data(), &size) == 1);
  Sum sum;
  PREGROOVE_CHECK(size == sum.size());
  for (std::size_t i = 0; i < sum.size(); ++i) sum[i] = std::byte{raw[i]};
  begin();
  return sum;
}

template class Digest<Sha256Sum>;
template class Digest<Md5Sum>;

}  // namespace pregroove::image
