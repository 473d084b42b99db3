export { type BufferState, NO_BUFFER, stepBuffer } from './buffer.ts';
export { type QualityWishes, type SendingConditions, type SendingLimits, DEFAULT_QUALITY } from './types.ts';
export {
  type SendingState,
  limitsOf,
  LOW_DATA_BITRATE,
  NOTHING_SENT,
  stepSending,
  WHOLE_LIMITS,
} from './sending.ts';
