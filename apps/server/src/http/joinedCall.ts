import { findMember, type LiveGroup } from '@visavis/call';
import type { GroupStore } from '../groupPorts.ts';
import { HttpProblem } from './problem.ts';

/**
 * The group call that this user is in at this moment. Nobody else learns that there is one.
 *
 * @throws HttpProblem `NOT_FOUND` for those who are not of the call, `CALL_UNAVAILABLE` when it is over, `FORBIDDEN` for those of it
 *   who are not in it
 */
export async function findJoinedCall(
  groups: Pick<GroupStore, 'load'>,
  callId: string,
  userId: string,
): Promise<LiveGroup> {
  const call = (await groups.load(callId))?.call;
  const status = call === undefined ? undefined : findMember(call, userId)?.status;
  if (call === undefined || status === undefined) throw new HttpProblem('NOT_FOUND');
  if (call.state !== 'live') throw new HttpProblem('CALL_UNAVAILABLE');
  if (status !== 'joined') throw new HttpProblem('FORBIDDEN');
  return call;
}
