import { unsafeCreateIdentitySecret } from '@visavis/encryption/identity';
import { beforeEach, describe, expect, test } from 'vitest';
import { createAnswering, type Answering, type Asking } from '../../src/identity/approval/index.ts';
import { readScan, writeScan } from '../../src/identity/approval/types.ts';
import { becomes, codeOf, createApprovalBench, phaseOf, scanOf } from './approvalBench.ts';

let bench: ReturnType<typeof createApprovalBench>;
beforeEach(() => {
  bench = createApprovalBench();
});

const answerOf = ({ state }: Answering): string => state.answer?.phase ?? 'none';
const failedAs = (answering: Answering): string => {
  const { answer } = answering.state;
  return answer?.phase === 'failed' ? answer.reason : answerOf(answering);
};
const askingFailed = ({ state }: Asking): string => (state.phase === 'failed' ? state.reason : state.phase);
const mistype = (code: string): string => (code.startsWith('0') ? '1' : '0') + code.slice(1);

/** Both show and expect digits. */
async function compare(laptop: Answering, phone: Asking): Promise<void> {
  await becomes('the laptop hears of the phone', () => laptop.state.asks.includes('phone'));
  laptop.open('phone');
  await becomes('digits are typed', () => answerOf(laptop) === 'typing');
  expect(phaseOf(phone)).toBe('comparing');
}

describe('by digits', () => {
  test('a device is confirmed after both its person and the digits agree', async () => {
    const adopted: Uint8Array[] = [];
    const laptop = bench.old('laptop');
    const phone = await bench.fresh('phone', async (secret) => {
      adopted.push(secret.slice());
      return true;
    });
    await compare(laptop, phone);
    expect(laptop.state.asks).toEqual([]);
    laptop.type(codeOf(phone).replace(/^(.{4})/, '$1 '));
    await becomes('it is granted', () => phaseOf(phone) === 'granted' && answerOf(laptop) === 'granted');
    expect(adopted).toEqual([]);
    phone.confirm();
    await becomes('both are done', () => phaseOf(phone) === 'done' && answerOf(laptop) === 'done');
    expect(adopted).toEqual([await bench.secret]);
    expect(bench.timers.waiting).toBe(0);
  });

  test('wrong digits end it on both, and a new attempt has others', async () => {
    const laptop = bench.old('laptop');
    const phone = await bench.fresh('phone');
    await compare(laptop, phone);
    laptop.type(mistype(codeOf(phone)));
    await becomes(
      'both failed',
      () => askingFailed(phone) === 'wrong_code' && failedAs(laptop) === 'wrong_code',
    );
    const again = await bench.fresh('phone');
    await compare(laptop, again);
    laptop.type(codeOf(again));
    await becomes('it is granted', () => answerOf(laptop) === 'granted');
  });

  test('that the person did not see agreed are not taken', async () => {
    let adopted = 0;
    const laptop = bench.old('laptop');
    const phone = await bench.fresh('phone', async () => {
      adopted += 1;
      return true;
    });
    await compare(laptop, phone);
    laptop.type(codeOf(phone));
    await becomes('it is granted', () => phaseOf(phone) === 'granted');
    phone.deny();
    phone.confirm();
    await becomes('both failed', () => askingFailed(phone) === 'denied' && failedAs(laptop) === 'cancelled');
    expect(adopted).toBe(0);
  });

  test('a step that comes twice is one', async () => {
    const laptop = bench.old('laptop');
    const phone = await bench.fresh('phone');
    bench.setPass((heard) => {
      bench.hearers.get(heard.fromDeviceId === 'phone' ? 'laptop' : 'phone')?.(heard);
      return heard;
    });
    await compare(laptop, phone);
    laptop.type(codeOf(phone));
    await becomes('it is granted', () => phaseOf(phone) === 'granted');
    phone.confirm();
    await becomes('both are done', () => phaseOf(phone) === 'done' && answerOf(laptop) === 'done');
  });

  test('what others say after the grant changes nothing', async () => {
    const [laptop, tablet] = [bench.old('laptop'), bench.old('tablet')];
    const phone = await bench.fresh('phone');
    await compare(laptop, phone);
    const scan = scanOf(phone);
    laptop.type(codeOf(phone));
    await becomes('it is granted', () => phaseOf(phone) === 'granted');
    tablet.scan(scan);
    await becomes('the tablet has granted, too', () => answerOf(tablet) === 'granted');
    phone.confirm();
    await becomes('it is done', () => phaseOf(phone) === 'done' && answerOf(laptop) === 'done');
    expect(phone.state).toEqual({ phase: 'done', by: 'laptop' });
  });

  test.each(['not adopted', 'an error'])('what cannot be taken (%s) fails on both', async (how) => {
    const laptop = bench.old('laptop');
    const phone = await bench.fresh('phone', async () => {
      if (how === 'an error') throw new Error('no storage');
      return false;
    });
    await compare(laptop, phone);
    laptop.type(codeOf(phone));
    await becomes('it is granted', () => phaseOf(phone) === 'granted');
    phone.confirm();
    await becomes('both failed', () => phaseOf(phone) === 'failed' && failedAs(laptop) === 'broken');
    expect(askingFailed(phone)).toBe(how === 'an error' ? 'broken' : 'not_adopted');
  });
});

describe('by scan', () => {
  test('one scan confirms, without a word before it', async () => {
    const laptop = bench.old('laptop');
    const phone = await bench.fresh('phone');
    laptop.scan(scanOf(phone));
    await becomes('both are done', () => phaseOf(phone) === 'done' && answerOf(laptop) === 'done');
    expect(laptop.state.asks).toEqual([]);
  });

  test('it works while digits are shown on behalf of another device, which is told', async () => {
    const [laptop, tablet] = [bench.old('laptop'), bench.old('tablet')];
    const phone = await bench.fresh('phone');
    await compare(laptop, phone);
    tablet.scan(scanOf(phone));
    await becomes('both are done', () => phaseOf(phone) === 'done' && answerOf(tablet) === 'done');
    await becomes('the laptop is told', () => failedAs(laptop) === 'elsewhere');
  });

  test.each([
    ['too short', new Uint8Array(3)],
    ['of something else', new Uint8Array(65).fill(1)],
  ])('a code that is %s is unreadable', async (_what, scan) => {
    const laptop = bench.old('laptop');
    laptop.scan(scan);
    await becomes('it is told', () => failedAs(laptop) === 'unreadable');
  });

  test('of a device that is gone fails', async () => {
    const laptop = bench.old('laptop');
    const phone = await bench.fresh('phone');
    bench.hearers.delete('phone');
    laptop.scan(scanOf(phone));
    await becomes('it is told', () => failedAs(laptop) === 'offline');
  });

  test('an attempt and what is shown go into one code and come out', () => {
    const attempt = crypto.randomUUID();
    expect(readScan(writeScan(attempt, Uint8Array.of(1, 2, 3)))).toEqual({
      attempt,
      qr: Uint8Array.of(1, 2, 3),
    });
    expect(readScan(new Uint8Array(16))).toBeNull();
  });
});

describe('ends', () => {
  test('refused: the device that asked is told, and its attempt shows no more', async () => {
    const [laptop, tablet] = [bench.old('laptop'), bench.old('tablet')];
    const phone = await bench.fresh('phone');
    await becomes('the tablet hears of the phone', () => tablet.state.asks.length === 1);
    const [ask] = bench.said.filter(({ step }) => step.kind === 'ask');
    laptop.refuse('phone');
    await becomes('it is refused', () => askingFailed(phone) === 'refused');
    await becomes('the tablet is told', () => tablet.state.asks.length === 0);
    if (ask !== undefined) laptop.hear(ask);
    expect(laptop.state.asks).toEqual([]);
    expect(bench.timers.waiting).toBe(0);
  });

  test('given up on either side', async () => {
    const laptop = bench.old('laptop');
    const phone = await bench.fresh('phone');
    await compare(laptop, phone);
    laptop.close();
    await becomes('the phone is told', () => askingFailed(phone) === 'cancelled');
    expect(laptop.state.answer).toBeNull();
    const next = await bench.fresh('phone');
    await compare(laptop, next);
    next.cancel();
    await becomes('the laptop is told', () => failedAs(laptop) === 'cancelled');
    expect(bench.timers.waiting).toBe(0);
  });

  test('who gives up before anybody opened it is asked for no more', async () => {
    const laptop = bench.old('laptop');
    const phone = await bench.fresh('phone');
    await becomes('the laptop hears of it', () => laptop.state.asks.length === 1);
    phone.cancel();
    await becomes('the laptop forgets it', () => laptop.state.asks.length === 0);
  });

  test('begun anew: the digits of before are nobody’s any more', async () => {
    const laptop = bench.old('laptop');
    const phone = await bench.fresh('phone');
    await compare(laptop, phone);
    await bench.fresh('phone');
    await becomes('the laptop is told', () => failedAs(laptop) === 'restarted');
    expect(laptop.state.asks).toEqual(['phone']);
  });

  test('two old devices at once: the second is told that it goes on elsewhere', async () => {
    const [laptop, tablet] = [bench.old('laptop'), bench.old('tablet')];
    const phone = await bench.fresh('phone');
    await becomes('both hear of it', () => laptop.state.asks.length + tablet.state.asks.length === 2);
    laptop.open('phone');
    tablet.open('phone');
    await becomes('one types', () => [laptop, tablet].some((one) => answerOf(one) === 'typing'));
    const loser = answerOf(laptop) === 'typing' ? tablet : laptop;
    await becomes('the other is told', () => failedAs(loser) === 'elsewhere');
    expect(phaseOf(phone)).toBe('comparing');
  });

  test('two new devices at once: each is its own', async () => {
    const laptop = bench.old('laptop');
    const [phone, watch] = [await bench.fresh('phone'), await bench.fresh('watch')];
    await becomes('both are heard', () => laptop.state.asks.length === 2);
    await compare(laptop, phone);
    expect(laptop.state.asks).toEqual(['watch']);
    laptop.type(codeOf(phone));
    await becomes('it is granted', () => phaseOf(phone) === 'granted');
    expect(phaseOf(watch)).toBe('asking');
  });

  test('an old device that is not confirmed itself cannot', async () => {
    const laptop = bench.old('laptop');
    const phone = await bench.fresh('phone');
    const tablet = createAnswering({
      userId: 'ana',
      unsafeReadSecret: async () => null,
      say: async () => 'said',
      timers: bench.timers,
      onChange: () => {},
    });
    tablet.scan(scanOf(phone));
    await becomes('it is told', () => failedAs(tablet) === 'cannot');
    expect(answerOf(laptop)).toBe('none');
  });

  test('what another identity grants is not taken by digits that do not fit', async () => {
    const laptop = bench.old('laptop', unsafeCreateIdentitySecret());
    const phone = await bench.fresh('phone', async (secret) => {
      const stands = await bench.secret;
      return secret.every((byte, index) => byte === stands[index]);
    });
    laptop.scan(scanOf(phone));
    await becomes('it is not adopted', () => askingFailed(phone) === 'not_adopted');
    await becomes('the laptop is told', () => failedAs(laptop) === 'broken');
  });
});

describe('time', () => {
  test('an ask is repeated, reaches who comes online later, and lasts as long as it is said', async () => {
    const phone = await bench.fresh('phone');
    expect(bench.said).toEqual([]);
    const laptop = bench.old('laptop');
    bench.timers.advance(10_000);
    await becomes('the laptop hears of it', () => laptop.state.asks.length === 1);
    for (let time = 0; time < 5; time += 1) {
      const before = bench.said.length;
      bench.timers.advance(10_000);
      await becomes('it is said again', () => bench.said.length > before);
    }
    expect(laptop.state.asks).toEqual(['phone']);
    bench.hearers.delete('laptop');
    bench.timers.advance(25_000);
    expect(laptop.state.asks).toEqual([]);
    expect(phaseOf(phone)).toBe('asking');
  });

  test('only confirmed devices that are online are asked', async () => {
    bench.listed.push({ deviceId: 'old phone', name: 'x', online: false, confirmed: true });
    bench.listed.push({ deviceId: 'other', name: 'x', online: true, confirmed: false });
    const phone = await bench.fresh('phone');
    expect(phone.state.phase === 'asking' ? phone.state.devices : null).toEqual([bench.listed[0]]);
    expect(bench.said).toEqual([]);
  });

  test('nobody answers', async () => {
    const laptop = bench.old('laptop');
    const phone = await bench.fresh('phone');
    await becomes('the laptop hears of it', () => laptop.state.asks.length === 1);
    bench.timers.advance(300_000);
    expect(askingFailed(phone)).toBe('timed_out');
    expect(laptop.state.asks).toEqual([]);
    expect(bench.timers.waiting).toBe(0);
  });

  test('nobody types', async () => {
    const laptop = bench.old('laptop');
    const phone = await bench.fresh('phone');
    await compare(laptop, phone);
    bench.timers.advance(180_000);
    await becomes(
      'both failed',
      () => askingFailed(phone) === 'timed_out' && failedAs(laptop) === 'timed_out',
    );
  });

  test('nobody says that the digits were taken', async () => {
    const laptop = bench.old('laptop');
    const phone = await bench.fresh('phone');
    await compare(laptop, phone);
    laptop.type(codeOf(phone));
    await becomes('it is granted', () => phaseOf(phone) === 'granted' && answerOf(laptop) === 'granted');
    bench.timers.advance(210_000);
    await becomes(
      'both failed',
      () => askingFailed(phone) === 'timed_out' && failedAs(laptop) === 'timed_out',
    );
  });

  test('the new device is gone when it should reveal itself', async () => {
    const laptop = bench.old('laptop');
    await bench.fresh('phone');
    await becomes('the laptop hears of it', () => laptop.state.asks.length === 1);
    bench.setPass(() => null);
    laptop.open('phone');
    await becomes('it waits', () => answerOf(laptop) === 'connecting');
    bench.timers.advance(15_000);
    expect(failedAs(laptop)).toBe('offline');
  });

  test('the old device is gone when the new one reveals itself', async () => {
    const laptop = bench.old('laptop');
    const phone = await bench.fresh('phone');
    await becomes('the laptop hears of it', () => laptop.state.asks.length === 1);
    bench.hearers.delete('laptop');
    laptop.open('phone');
    await becomes('the phone is told', () => askingFailed(phone) === 'offline');
  });
});
