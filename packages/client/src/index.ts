export type { CheckVerdict, CheckWishes, Findings, WayFinding } from './check/types.ts';
export { NOTHING_FOUND } from './check/types.ts';
export * from './device/index.ts';
export * from './guests/index.ts';
export * from './http/api.ts';
export * from './identity/index.ts';
export * from './media/index.ts';
export {
  type BudgetView,
  BUDGETS_MB,
  DEFAULT_QUALITY,
  MOST_POINTS,
  type QualityMark,
  type QualityPoint,
  type QualityWishes,
} from './quality/index.ts';
export * from './signaling/index.ts';
export { realTimers, type Timers } from './timers.ts';
