export { type BufferState, NO_BUFFER, stepBuffer } from './buffer.ts';
export {
  type QualityWishes,
  type ReceivingWishes,
  type SendingConditions,
  type SendingLimits,
  DEFAULT_QUALITY,
} from './types.ts';
export {
  type SendingState,
  limitsOf,
  LOW_DATA_BITRATE,
  NOTHING_SENT,
  stepSending,
  WHOLE_LIMITS,
} from './sending.ts';
export {
  type BudgetState,
  type BudgetView,
  BUDGETS_MB,
  LEAST_PICTURE,
  NOTHING_SPENT,
  pictureBitrate,
  stepBudget,
} from './budget.ts';
export { type MarkState, type QualityMark, NO_MARK, NO_MARKS, ownStatement, stepMarks } from './marks.ts';
export { addAnswer, NO_REACH, type ReachRecord, reachOf } from './reach.ts';
export { addPoint, MOST_POINTS, type QualityPoint } from './points.ts';
export { addLook, NO_LOOKS, type LookRecord, summaryOf } from './summary.ts';
