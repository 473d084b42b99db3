// The part of libsrtp 3's interface that the media worker uses, over the libsrtp 2 that Debian has.
#pragma once

// Version 2 calls the policy itself by the name that version 3 gives to a pointer to one.
#define srtp_policy_t srtp2_policy_t
#include <srtp2/srtp.h>
#undef srtp_policy_t

#include <climits>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <new>

// Version 3 has these errors as well. The first is answered below, the second cannot come up.
inline constexpr auto srtp_err_status_buffer_small = static_cast<srtp_err_status_t>(28);
inline constexpr auto srtp_err_status_cryptex_err  = static_cast<srtp_err_status_t>(29);

// What comes after a control packet: the trailer of a media packet, and its index.
inline constexpr size_t VISAVIS_SRTCP_TRAILER_LEN = SRTP_MAX_TRAILER_LEN + 4;

struct visavis_srtp_policy
{
	srtp2_policy_t policy{};
	// Version 2 keeps a pointer to the key until the session is made.
	uint8_t key[SRTP_MAX_KEY_LEN]{};
};
using srtp_policy_t = visavis_srtp_policy*;

inline srtp_err_status_t srtp_policy_create(srtp_policy_t* policy)
{
	*policy = new (std::nothrow) visavis_srtp_policy();
	return *policy ? srtp_err_status_ok : srtp_err_status_alloc_fail;
}

inline void srtp_policy_destroy(srtp_policy_t policy)
{
	if (!policy)
		return;
	// A plain memset of memory that is freed next may be left out by the compiler.
	volatile uint8_t* key = policy->key;
	for (size_t i = 0; i < sizeof(policy->key); ++i)
		key[i] = 0;
	delete policy;
}

inline srtp_err_status_t srtp_policy_set_ssrc(srtp_policy_t policy, srtp_ssrc_t ssrc)
{
	policy->policy.ssrc = ssrc;
	return srtp_err_status_ok;
}

inline srtp_err_status_t srtp_policy_set_profile(srtp_policy_t policy, srtp_profile_t profile)
{
	const auto err = srtp_crypto_policy_set_from_profile_for_rtp(&policy->policy.rtp, profile);
	if (err != srtp_err_status_ok)
		return err;
	return srtp_crypto_policy_set_from_profile_for_rtcp(&policy->policy.rtcp, profile);
}

inline srtp_err_status_t srtp_policy_add_key(
  srtp_policy_t policy,
  const uint8_t* key,
  size_t keyLen,
  const uint8_t* salt,
  size_t saltLen,
  const uint8_t* /*mki*/,
  size_t mkiLen)
{
	if (keyLen + saltLen > sizeof(policy->key) || mkiLen != 0)
		return srtp_err_status_bad_param;
	std::memcpy(policy->key, key, keyLen);
	std::memcpy(policy->key + keyLen, salt, saltLen);
	policy->policy.key = policy->key;
	return srtp_err_status_ok;
}

inline srtp_err_status_t srtp_policy_set_allow_repeat_tx(srtp_policy_t policy, bool isAllowed)
{
	policy->policy.allow_repeat_tx = isAllowed ? 1 : 0;
	return srtp_err_status_ok;
}

inline srtp_err_status_t srtp_policy_set_window_size(srtp_policy_t policy, size_t size)
{
	policy->policy.window_size = static_cast<unsigned long>(size);
	return srtp_err_status_ok;
}

inline srtp_err_status_t srtp_create(srtp_t* session, srtp_policy_t policy)
{
	return srtp_create(session, static_cast<const srtp2_policy_t*>(&policy->policy));
}

inline srtp_err_status_t srtp_stream_remove(srtp_t session, uint32_t ssrc)
{
	return srtp_remove_stream(session, ssrc);
}

// Version 2 changes a packet where it lies; version 3 writes the result elsewhere, or to the same place.
namespace visavis
{
using InPlace = srtp_err_status_t (*)(srtp_t, void*, int*);

inline srtp_err_status_t outOfPlace(
  InPlace change, srtp_t ctx, const uint8_t* from, size_t fromLen, uint8_t* to, size_t* toLen, size_t trailerLen)
{
	if (fromLen > INT_MAX - trailerLen)
		return srtp_err_status_bad_param;
	if (*toLen < fromLen + trailerLen)
		return srtp_err_status_buffer_small;
	if (to != from)
		std::memmove(to, from, fromLen);
	int len        = static_cast<int>(fromLen);
	const auto err = change(ctx, to, &len);
	if (err == srtp_err_status_ok)
		*toLen = static_cast<size_t>(len);
	return err;
}
} // namespace visavis

inline srtp_err_status_t srtp_protect(
  srtp_t ctx, const uint8_t* rtp, size_t rtpLen, uint8_t* srtp, size_t* srtpLen, size_t /*mkiIndex*/)
{
	return visavis::outOfPlace(srtp_protect, ctx, rtp, rtpLen, srtp, srtpLen, SRTP_MAX_TRAILER_LEN);
}

inline srtp_err_status_t srtp_unprotect(
  srtp_t ctx, const uint8_t* srtp, size_t srtpLen, uint8_t* rtp, size_t* rtpLen)
{
	return visavis::outOfPlace(srtp_unprotect, ctx, srtp, srtpLen, rtp, rtpLen, 0);
}

inline srtp_err_status_t srtp_protect_rtcp(
  srtp_t ctx, const uint8_t* rtcp, size_t rtcpLen, uint8_t* srtcp, size_t* srtcpLen, size_t /*mkiIndex*/)
{
	return visavis::outOfPlace(
	  srtp_protect_rtcp, ctx, rtcp, rtcpLen, srtcp, srtcpLen, VISAVIS_SRTCP_TRAILER_LEN);
}

inline srtp_err_status_t srtp_unprotect_rtcp(
  srtp_t ctx, const uint8_t* srtcp, size_t srtcpLen, uint8_t* rtcp, size_t* rtcpLen)
{
	return visavis::outOfPlace(srtp_unprotect_rtcp, ctx, srtcp, srtcpLen, rtcp, rtcpLen, 0);
}
