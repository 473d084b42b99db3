import type { CallSnapshot, RequestAnswer } from '@visavis/protocol';
import type { TestDevice } from './device.ts';
import { until } from './until.ts';

/** Starts a group call and gives it as whoever started it sees it. */
export async function startGroup(
  host: TestDevice,
  people: readonly { readonly userId: string }[],
  more: { readonly savedGroupId?: string; readonly key?: string } = {},
): Promise<CallSnapshot> {
  const answer = await host.request('start_group', {
    payload: {
      idempotencyKey: more.key ?? crypto.randomUUID(),
      userIds: people.map(({ userId }) => userId),
      callType: 'video',
      savedGroupId: more.savedGroupId ?? null,
    },
  });
  return callOf(answer);
}

export function callOf(answer: RequestAnswer): CallSnapshot {
  if (answer.type !== 'ok' || answer.payload.call === undefined)
    throw new Error(`not in a call: ${JSON.stringify(answer)}`);
  return answer.payload.call;
}

/** Answers a group call that rings. */
export async function answerGroup(device: TestDevice, callId: string): Promise<CallSnapshot> {
  await device.event('ring', callId);
  return callOf(await device.request('answer_call', { callId, payload: { media: 'video' } }));
}

/** A call that these people are in, the first one as host. */
export async function gather(host: TestDevice, ...others: readonly TestDevice[]): Promise<CallSnapshot> {
  const { callId } = await startGroup(host, others);
  for (const other of others) await answerGroup(other, callId);
  return seen(host, callId, (call) => statuses(call).every((status) => status === 'joined'));
}

const statuses = (call: CallSnapshot): string[] => call.group?.people.map(({ status }) => status) ?? [];

/** What this device has last been told of the call, once that is so. */
export const seen = async (
  device: TestDevice,
  callId: string,
  isSo: (call: CallSnapshot) => boolean,
): Promise<CallSnapshot> =>
  until(`${device.device.name} sees the call change`, () => {
    const call = device.events('group_changed', callId).at(-1)?.payload.call;
    return call !== undefined && isSo(call) ? call : null;
  });

/** What became of a person, as a device sees it. */
export const statusOf = (call: CallSnapshot, { userId }: { readonly userId: string }): string | null =>
  call.group?.people.find(({ user }) => user.userId === userId)?.status ?? null;
