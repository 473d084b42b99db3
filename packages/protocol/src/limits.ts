/** Numbers that both ends must agree on. Each says what gets worse when it is changed. */
export const LIMITS = {
  /** Bytes of one message. Higher: one device can make the server parse more; lower: large SDP no longer fits. */
  messageBytes: 65_536,
  /** Characters of one SDP. A 1:1 offer is 4 to 8 thousand. */
  sdpLength: 32_768,
  /** Characters of one candidate line. */
  candidateLength: 1_024,
  /** Signals kept for a device that has not answered (NEG2): one offer and its candidates. */
  heldSignals: 64,
  /** Characters of a name a person can give to a device. */
  deviceNameLength: 60,
  /** Characters of a request id or an idempotency key. */
  keyLength: 64,
  /** Rows on one page of the call history (HIST2). */
  historyPage: 100,
  /** Events kept for a session whose socket is lost (SES2). More: memory; fewer: a longer absence needs a fresh start. */
  outboxEvents: 256,
  /** Answers kept for repeated request ids (SES5). */
  rememberedAnswers: 256,
  /** Bytes waiting in a socket before the server gives it up. */
  bufferedBytes: 1_048_576,
  /** People who ring or have joined in one group call. More: more decoders and bits for everybody in it. */
  groupPeople: 32,
  /** People that a group call remembers, those who left among them. */
  groupRoll: 128,
  /** Characters of the name of a saved group, and of one line of chat. */
  groupTitleLength: 60,
  chatLength: 2_000,
  /** Saved groups of one user, and call links of one call. */
  groupsPerUser: 50,
  linksPerCall: 10,
  /** Tracks named in one message: four of everybody. */
  tracksAtOnce: 128,
  /** Characters of a key package, and of what members of a call say to each other of keys: a Welcome to 32 has 30 thousand. */
  keyPackageLength: 4_096,
  keyMessageLength: 49_152,
  /** Characters of one step of an approval. */
  approvalLength: 512,
  /** Characters of what members of a call say to each other besides media: 8,192 bytes, sealed. */
  dataLength: 10_968,
  /** Characters of the name of a guest, sealed: all have as many. */
  sealedNameLength: 380,
  /** Characters of one sample of a connection (HTTP5): each way, and with room for the rest of the message. */
  sampleLength: 49_152,
  /** Bits per second of a picture. Lower: what a good line carries could not be asked for. */
  pictureBitrate: 5_000_000,
  /** Live sockets of one user, and of one address. */
  socketsPerUser: 10,
  socketsPerAddress: 64,
} as const;

/** Times of the protocol, in ms. */
export const TIMES = {
  /** A socket that has not registered by then is closed (SES1). */
  registerMs: 5_000,
  /** The server pings a device in a call this often, and takes it for dead after that (SES4). */
  busyPingMs: 4_000,
  busyDeadMs: 10_000,
  /** The same for an idle device. */
  idlePingMs: 25_000,
  idleDeadMs: 60_000,
  /** After a start of the server a device in a call has this long to come back: it may be waiting to try again (CALL2). */
  returnMs: 20_000,
  /** A device in a call whose socket is lost while the other side still gets its media is kept this long (CALL2). */
  mediaOnlyMs: 60_000,
  /** A lost socket's session is resumable, and an idle device still counts as online, for this long (SES2, SES4). */
  resumeMs: 60_000,
  reconnectGraceMs: 8_000,
  /** How long a call rings (RING5), and how long it is tried when no device of the callee is online. */
  ringMs: 45_000,
  unreachableMs: 5_000,
  /** `disconnected` for this long → ICE restart; without media for that long → give up (NEG4). */
  disconnectedMs: 2_000,
  mediaGiveUpMs: 60_000,
  /** A direct call without media for this long goes through the SFU (NEG4). */
  forwardAfterMs: 8_000,
  /** How long a call link holds. */
  linkMs: 86_400_000,
  /** CALL4: how long an offer of a call holds. */
  moveOfferMs: 30_000,
  /** CALL4: a device that takes a call over and has no media by then leaves it again. Shorter: slow networks never get there. */
  moveMs: 20_000,
  /** CALL4: once it has media, the others are waited for this long. Shorter: a gap for whoever is slow; longer: two are sent for one. */
  moveConfirmMs: 10_000,
  /** A request without an answer is sent again after this long (SES5). */
  requestRetryMs: 4_000,
} as const;

/** Token buckets by user, over all of their devices. */
export const USER_RATES = {
  initiate_call: { burst: 30, perMs: 60_000 },
} as const;

/** Token buckets by device: `burst` at once, refilled evenly over `perMs`. */
export const RATES = {
  initiate_call: { burst: 10, perMs: 60_000 },
  ice_candidate: { burst: 200, perMs: 10_000 },
  send_approval: { burst: 40, perMs: 30_000 },
  offer_move: { burst: 10, perMs: 60_000 },
  send_data: { burst: 40, perMs: 10_000 },
  other: { burst: 50, perMs: 1_000 },
} as const;
