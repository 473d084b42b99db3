export { type KeyIdParts, type Slot, MAX_LEAF, SLOTS, packKeyId, unpackKeyId } from './keyId.ts';
export { type Codec, type FrameKind, clearBytes } from './codecs.ts';
export {
  type FrameContext,
  type OpenedFrame,
  type ParsedFrame,
  openFrame,
  parseFrame,
  protectFrame,
} from './protect.ts';
export { FRAME_LIMITS } from './limits.ts';
export {
  type FrameSender,
  type SendRefusal,
  type SendingEpoch,
  type Sent,
  createFrameSender,
} from './sender.ts';
export {
  type DropReason,
  type FrameReceiver,
  type Received,
  type ReceivingEpoch,
  type Released,
  type TrackBinding,
  createFrameReceiver,
} from './receiver.ts';
