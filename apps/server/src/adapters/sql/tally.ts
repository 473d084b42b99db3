import * as z from 'zod/mini';
import type { Meter } from '../../ports.ts';
import { selectOne, type Sql } from './sql.ts';

const Count = z.coerce.number();
const Row = z.object({
  ringing: Count,
  connected: Count,
  overdue: Count,
  group_calls: Count,
  group_people: Count,
  unsent: Count,
  unsent_seconds: Count,
});
type Tally = z.infer<typeof Row>;

/** Partial indexes hold what is live and what is unsent: what is asked for is no more than what is counted. */
const TALLY = `
  select count(*) filter (where state = 'ringing') as ringing,
         count(*) filter (where state = 'connected') as connected,
         count(*) filter (where next_deadline_at < now() - interval '1 second')
           + (select count(*) from group_calls where next_deadline_at < now() - interval '1 second') as overdue,
         (select count(*) from group_calls where ended_at is null) as group_calls,
         (select count(*) from group_calls join group_call_people person on person.call_id = group_calls.id
          where group_calls.ended_at is null and person.status = 'joined') as group_people,
         (select count(*) from call_outbox) as unsent,
         (select coalesce(extract(epoch from now() - min(created_at)), 0) from call_outbox) as unsent_seconds
  from calls where ended_at is null`;
/** All gauges of one scrape are of one question. */
const FRESH_MS = 1_000;

/** What the database holds that is going on: the same whichever node is asked. */
export function watchDatabase(sql: Sql, meter: Pick<Meter, 'watch'>, now: () => number): void {
  let asked: { readonly at: number; readonly answer: Promise<Tally | null> } | null = null;
  const tally = async (): Promise<Tally> => {
    if (asked === null || now() - asked.at > FRESH_MS)
      asked = { at: now(), answer: selectOne(sql, Row, TALLY) };
    const found = await asked.answer;
    if (found === null) throw new Error('a count has a row');
    return found;
  };
  meter.watch(
    {
      name: 'live_calls',
      help: 'Calls in the database that are not over, the same at all nodes.',
      label: 'state',
    },
    async () => {
      const { ringing, connected } = await tally();
      return { ringing, connected };
    },
  );
  meter.watch(
    { name: 'live_group_calls', help: 'Group calls in the database that are not over.' },
    async () => (await tally()).group_calls,
  );
  meter.watch(
    { name: 'group_people', help: 'People who are in a group call.' },
    async () => (await tally()).group_people,
  );
  meter.watch(
    {
      name: 'deadlines_overdue',
      help: 'Calls in the database to which something should have happened more than a second ago.',
    },
    async () => (await tally()).overdue,
  );
  meter.watch(
    { name: 'outbox_changes', help: 'Changes in the database whose events are not known to be handed over.' },
    async () => (await tally()).unsent,
  );
  meter.watch(
    {
      name: 'outbox_oldest_seconds',
      help: 'How old the oldest of them is; it grows where no node is left to do them.',
    },
    async () => (await tally()).unsent_seconds,
  );
}
