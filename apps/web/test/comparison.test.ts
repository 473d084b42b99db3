import type { ContactKeys, ContactStatus, Identity } from '@visavis/client';
import { beforeEach, describe, expect, test } from 'vitest';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { createComparison } from '../src/app/comparison.ts';
import { createStandings } from '../src/app/standings.ts';
import { home } from '../src/gallery/model.ts';
import type { CallPhase, Model, ScanVerdict } from '../src/model/model.ts';
import { comparisonWords } from '../src/words/comparison.ts';
import { call, connected, rings } from './calls.ts';

const BEN = '00000000-0000-4000-8000-000000000001';
const NAME = 'Ben Whitaker';

/** What two people's devices would show each other: version, own fingerprint, the other's. */
const qr = (own: number, other: number) =>
  Uint8Array.of(1, ...new Uint8Array(32).fill(own), ...new Uint8Array(32).fill(other));
const keyOf = (first: number) => new Uint8Array(32).fill(first);

/** An identity whose server and memory the test holds. */
class FakeIdentity {
  /** Of Ben, as the server says it; null: none. */
  key: number | null = 2;
  reachable = true;
  confirmed = true;
  fails = false;
  status: ContactStatus = 'seen';
  recalled = new Map<string, ContactStatus>();
  readonly asked: string[] = [];
  readonly decided: string[] = [];
  private readonly watchers = new Set<(contactId: string) => void>();

  async readContact(contactId: string): Promise<ContactKeys | null> {
    this.asked.push(contactId);
    if (!this.reachable) return null;
    return { status: this.status, identityKey: this.key === null ? null : keyOf(this.key), devices: [] };
  }
  async readSafetyNumber() {
    if (!this.confirmed || this.key === null) return null;
    return { groups: ['00000'], qr: qr(1, this.key), identityKey: keyOf(this.key) };
  }
  async recallContacts() {
    return this.recalled;
  }
  verify = async (contactId: string, key: Uint8Array): Promise<void> =>
    this.decide('verified', contactId, key);
  accept = async (contactId: string, key: Uint8Array): Promise<void> => this.decide('seen', contactId, key);
  watch(onDecided: (contactId: string) => void) {
    this.watchers.add(onDecided);
    return () => this.watchers.delete(onDecided);
  }

  private async decide(status: ContactStatus, contactId: string, key: Uint8Array): Promise<void> {
    if (this.fails) throw new Error('no storage');
    this.decided.push(`${contactId} ${status} ${String(key[0])}`);
    this.status = status;
    for (const onDecided of this.watchers) onDecided(contactId);
  }
}

let identity: FakeIdentity;
let store: StoreApi<Model>;
let failed: number;
beforeEach(() => {
  identity = new FakeIdentity();
  store = createStore<Model>(() => home);
  failed = 0;
});

const parts = (opened: FakeIdentity | null = identity) => ({
  store,
  ownIdentity: { opened: Promise.resolve(opened as unknown as Identity | null) },
  onFailed: () => void (failed += 1),
});
const open = async (opened: FakeIdentity | null = identity, isGuest = false) => {
  const comparison = createComparison({ ...parts(opened), isGuest });
  comparison.open(BEN);
  await settle();
  return comparison;
};
/** Until all that waits for nothing but promises has happened. */
const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
};
const shown = () => store.getState().comparison;
const scanned = (): ScanVerdict | null => {
  const comparison = shown();
  return comparison?.state === 'ready' ? comparison.scanned : null;
};

describe('comparing', () => {
  test('shows the number, and what was compared is what is verified', async () => {
    const comparison = await open();
    expect(shown()).toMatchObject({ userId: BEN, state: 'ready', standing: 'seen', scanned: null });
    identity.key = 9;
    comparison.setVerified(true);
    await settle();
    expect(identity.decided).toEqual([`${BEN} verified 2`]);
    expect(shown()).toMatchObject({ standing: 'verified' });
    comparison.setVerified(false);
    await settle();
    expect(identity.decided.at(-1)).toBe(`${BEN} seen 2`);
    comparison.close();
    expect(shown()).toBeNull();
  });

  test.each<[string, Uint8Array, ScanVerdict, string]>([
    ['their code', qr(2, 1), { type: 'same' }, 'The codes match'],
    [
      'a key of mine that I do not have',
      qr(2, 7),
      { type: 'differs', whose: 'mine' },
      'another identity for you',
    ],
    [
      'a key of theirs that I do not have',
      qr(7, 1),
      { type: 'differs', whose: 'theirs' },
      'another identity for Ben',
    ],
    ['the code of other people', qr(7, 8), { type: 'differs', whose: 'both' }, 'don’t match'],
    ['the own code', qr(1, 2), { type: 'own' }, 'your own code'],
    ['another version', qr(2, 1).fill(2, 0, 1), { type: 'other_version' }, 'another version'],
    ['something short', Uint8Array.of(1, 2), { type: 'unreadable' }, 'not a code of Visavis'],
    ['a code of others', new Uint8Array(), { type: 'unreadable' }, 'not a code of Visavis'],
  ])('by camera: %s', async (_name, data, verdict, title) => {
    const comparison = await open();
    comparison.scanned(data);
    await settle();
    expect(scanned()).toEqual(verdict);
    expect(identity.decided).toEqual(verdict.type === 'same' ? [`${BEN} verified 2`] : []);
    expect(comparisonWords.scanned(verdict, NAME).title).toContain(title);
  });

  test.each([
    ['the server does not answer', () => void (identity.reachable = false), { state: 'unreachable' }],
    ['they have no identity', () => void (identity.key = null), { state: 'missing', whose: 'theirs' }],
    ['this device has none', () => void (identity.confirmed = false), { state: 'missing', whose: 'mine' }],
  ])('says why there is nothing to compare: %s', async (_name, prepare, state) => {
    prepare();
    const comparison = await open();
    expect(shown()).toMatchObject(state);
    comparison.scanned(qr(2, 1));
    comparison.setVerified(true);
    await settle();
    expect(identity.decided).toEqual([]);
  });

  test('is nothing for guests, and nothing where the browser keeps nothing', async () => {
    await open(identity, true);
    expect(shown()).toMatchObject({ state: 'missing', whose: 'guest' });
    await open(null);
    expect(shown()).toMatchObject({ state: 'unreachable' });
    expect(identity.asked).toEqual([]);
  });

  test('begins anew when their key is another one, and shows nothing of one that was closed', async () => {
    const comparison = await open();
    identity.key = 5;
    comparison.handleReplaced('somebody else');
    expect(shown()).toMatchObject({ state: 'ready' });
    comparison.handleReplaced(BEN);
    expect(shown()).toMatchObject({ state: 'opening' });
    await settle();
    comparison.setVerified(true);
    await settle();
    expect(identity.decided).toEqual([`${BEN} verified 5`]);
    comparison.open(BEN);
    comparison.close();
    await settle();
    expect(shown()).toBeNull();
  });

  test('that cannot be kept is said', async () => {
    const comparison = await open();
    identity.fails = true;
    comparison.setVerified(true);
    await settle();
    expect(failed).toBe(1);
    expect(shown()).toMatchObject({ standing: 'seen' });
  });
});

const openStandings = async () => {
  const standings = createStandings(parts());
  await settle();
  return standings;
};
const known = () => store.getState().standings;

describe('what is known of people', () => {
  test('is what was seen last, without asking, until they are looked at', async () => {
    identity.recalled.set(BEN, 'verified').set('chidi', 'changed');
    identity.status = 'changed';
    const standings = await openStandings();
    expect(known()).toEqual({ [BEN]: 'verified', chidi: 'changed' });
    expect(identity.asked).toEqual([]);
    await standings.lookUp(BEN);
    expect(known()).toEqual({ [BEN]: 'changed', chidi: 'changed' });
    expect(identity.asked).toEqual([BEN]);
  });

  test('is asked for once when somebody calls or is called, and not while they talk', async () => {
    const standings = await openStandings();
    for (const phase of [rings, rings, connected, { name: 'dialing' }] as readonly CallPhase[]) {
      standings.followCalls([call('one', phase)]);
      await settle();
    }
    expect(identity.asked).toEqual([BEN]);
    standings.followCalls([]);
    standings.followCalls([call('two', { name: 'dialing' })]);
    await settle();
    expect(identity.asked).toEqual([BEN, BEN]);
  });

  test('is asked for again when the server says that a key is another one, of those who are known', async () => {
    const standings = await openStandings();
    standings.handleReplaced(BEN);
    await settle();
    expect(identity.asked).toEqual([]);
    await standings.lookUp(BEN);
    identity.status = 'changed';
    standings.handleReplaced(BEN);
    await settle();
    expect(known()).toEqual({ [BEN]: 'changed' });
  });

  test('follows what the person decides, and stays where the server does not answer', async () => {
    identity.status = 'changed';
    const standings = await openStandings();
    await standings.lookUp(BEN);
    await standings.accept(BEN);
    await settle();
    expect(identity.decided).toEqual([`${BEN} seen 2`]);
    expect(known()).toEqual({ [BEN]: 'seen' });
    identity.reachable = false;
    await standings.lookUp(BEN);
    expect(known()).toEqual({ [BEN]: 'seen' });
    await standings.accept(BEN);
    expect(failed).toBe(1);
    standings.stop();
    identity.reachable = true;
    identity.status = 'changed';
    await standings.lookUp(BEN);
    expect(known()).toEqual({ [BEN]: 'seen' });
  });
});
