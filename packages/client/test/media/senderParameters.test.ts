import { describe, expect, test } from 'vitest';
import { askForKeyFrame, changeParameters } from '../../src/media/senderParameters.ts';

/** A sender like a browser's: whatever is set while something else is being set is refused. */
class FakeSender {
  readonly set: { readonly encodings: RTCRtpEncodingParameters[]; readonly options: object }[] = [];
  readonly #done: (() => void)[] = [];
  encodings: RTCRtpEncodingParameters[] = [{ active: true }, { active: false }];
  isBusy = false;

  getParameters(): RTCRtpSendParameters {
    return { encodings: structuredClone(this.encodings) } as RTCRtpSendParameters;
  }

  async setParameters({ encodings }: RTCRtpSendParameters, options: object): Promise<void> {
    if (this.isBusy) throw new DOMException('another change is being made', 'InvalidStateError');
    this.isBusy = true;
    await new Promise<void>((resolve) => void this.#done.push(resolve));
    this.isBusy = false;
    if (encodings.some(({ maxBitrate }) => maxBitrate === 0)) throw new RangeError('too little');
    this.encodings = encodings;
    this.set.push({ encodings, options });
  }

  async finish(): Promise<void> {
    for (let turn = 0; turn < 5; turn += 1) {
      this.#done.shift()?.();
      await new Promise((resolve) => void setTimeout(resolve));
    }
  }
}

const asSender = (sender: FakeSender): RTCRtpSender => sender as unknown as RTCRtpSender;
const limit =
  (maxBitrate: number) =>
  ({ encodings }: RTCRtpSendParameters): void => {
    for (const encoding of encodings) encoding.maxBitrate = maxBitrate;
  };

describe('what a sender encodes', () => {
  test('changes one after the other, each upon what the one before has made', async () => {
    const sender = new FakeSender();
    const changes = [
      changeParameters(asSender(sender), ({ encodings }) => {
        for (const encoding of encodings) encoding.active = true;
      }),
      changeParameters(asSender(sender), limit(100)),
    ];
    await sender.finish();
    await Promise.all(changes);
    expect(sender.encodings).toEqual([
      { active: true, maxBitrate: 100 },
      { active: true, maxBitrate: 100 },
    ]);
  });

  test('changes although the one before was refused, which is told', async () => {
    const sender = new FakeSender();
    const refused = expect(changeParameters(asSender(sender), limit(0))).rejects.toThrow('too little');
    const next = changeParameters(asSender(sender), limit(200));
    await sender.finish();
    await refused;
    await next;
    expect(sender.encodings[0]).toEqual({ active: true, maxBitrate: 200 });
  });

  test('is left alone where there is nothing to change', async () => {
    const sender = new FakeSender();
    await changeParameters(asSender(sender), () => false);
    expect(sender.set).toEqual([]);
  });
});

describe('a key frame', () => {
  test('is asked for of the layers that are encoded, and of nothing else', async () => {
    const sender = new FakeSender();
    const asked = askForKeyFrame(asSender(sender));
    await sender.finish();
    await asked;
    expect(sender.set).toEqual([
      {
        encodings: [{ active: true }, { active: false }],
        options: { encodingOptions: [{ keyFrame: true }, { keyFrame: false }] },
      },
    ]);
  });

  test('is not asked for where nothing is encoded, nor of what has been closed', async () => {
    const sender = new FakeSender();
    sender.encodings = [{ active: false }];
    await askForKeyFrame(asSender(sender));
    expect(sender.set).toEqual([]);
    const closed = {
      getParameters: () => {
        throw new DOMException('closed', 'InvalidStateError');
      },
    } as unknown as RTCRtpSender;
    await expect(askForKeyFrame(closed)).resolves.toBeUndefined();
  });
});
