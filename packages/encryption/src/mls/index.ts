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
  WelcomeRefusal,
} from './types.ts';
export { MAX_MESSAGE_BYTES } from './codec.ts';
export { createMlsEngine } from './engine.ts';
export {
  type Checked,
  type GroupFacts,
  type LeafFacts,
  type MessageRefusal,
  MAX_PENDING,
  checkIncoming,
} from './profile.ts';
export { type ProposalPlace, type ProposalSigner, createProposalSigner } from './server.ts';
