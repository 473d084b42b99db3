export type {
  AfterCommit,
  AfterProposal,
  AfterWelcome,
  Candidate,
  DeviceOf,
  ExternalSenderKey,
  LeafKey,
  Member,
  MlsEngine,
  MlsGroup,
  OwnCommit,
  Refusal,
  VerifyLeaf,
  WelcomeRefusal,
} from './types.ts';
export { MAX_MESSAGE_BYTES } from './codec.ts';
export { createMlsEngine } from './engine.ts';
export type { GroupFacts, LeafFacts, MessageRefusal } from './facts.ts';
export { type Checked, checkIncoming } from './profile.ts';
export { MAX_PENDING } from './proposals.ts';
