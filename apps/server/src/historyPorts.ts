import type { CallDetails, CallQuality, HistoryPage } from '@visavis/protocol';

export interface HistoryCursor {
  readonly createdAt: number;
  readonly callId: string;
}

export interface QualityChange {
  readonly userId: string;
  readonly deviceId: string;
  readonly callId: string;
  readonly quality: CallQuality;
  readonly now: number;
}

/** HIST1 to HIST3: each user's view of the calls. */
export interface History {
  page(
    userId: string,
    query: {
      readonly cursor: HistoryCursor | null;
      readonly limit: number;
      readonly withUserId: string | null;
    },
  ): Promise<Omit<HistoryPage, 'missedUnseen'>>;
  countMissedUnseen(userId: string): Promise<number>;
  /** @returns how many missed calls were unseen. */
  markSeen(userId: string, now: number): Promise<number>;
  /** Null when there is no such call in this user's history. */
  details(userId: string, callId: string): Promise<CallDetails | null>;
  /** For this user only. @returns whether it was there. */
  remove(userId: string, callId: string, now: number): Promise<boolean>;
  /** Keeps how the call was on this device, instead of what was kept. @returns false when it was not in such a call */
  putQuality(change: QualityChange): Promise<boolean>;
}
