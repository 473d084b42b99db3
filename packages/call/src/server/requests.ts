import type { CallRequest, ClientRequest } from '@visavis/protocol';

const DIRECT = [
  'report_ringing',
  'answer_call',
  'decline_call',
  'cancel_call',
  'end_call',
  'update_media',
  'report_media',
  'offer',
  'answer',
  'ice_candidate',
] as const;
const directTypes: ReadonlySet<string> = new Set(DIRECT);

/** What can be asked about a call between two. */
export type DirectRequest = Extract<CallRequest, { type: (typeof DIRECT)[number] }>;

/** Whether this can be asked about a call between two; everything else about calls is of group calls. */
export const isDirectRequest = (request: ClientRequest): request is DirectRequest =>
  directTypes.has(request.type);
