import { describe, expect, test } from 'vitest';
import { ownCandidates, type Gathering } from '../../src/media/direct/gathering.ts';
import { createVirtualTimers } from '../virtualTimers.ts';

/** A peer connection as far as gathering is concerned. */
class Peer extends EventTarget {
  localDescription = { type: 'answer', sdp: 'v=0\r\n' } as RTCSessionDescription;
  find(candidate: { readonly candidate: string } | null): void {
    this.dispatchEvent(Object.assign(new Event('icecandidate'), { candidate }));
  }
}

function begin(sdp = 'v=0\r\n') {
  const peer = new Peer();
  peer.localDescription = { type: 'answer', sdp } as RTCSessionDescription;
  const timers = createVirtualTimers();
  let isReady = false;
  void ownCandidates(peer as unknown as Gathering, timers).then(() => (isReady = true));
  const isReadyAfter = async (ms: number): Promise<boolean> => {
    timers.advance(ms);
    await Promise.resolve();
    return isReady;
  };
  return { peer, isReadyAfter };
}

describe('NEG2 an answer waits for the candidates that are there already', () => {
  test('until no more come at once', async () => {
    const { peer, isReadyAfter } = begin();
    expect(await isReadyAfter(40)).toBe(false);
    peer.find({ candidate: 'candidate:1' });
    expect(await isReadyAfter(2)).toBe(false);
    peer.find({ candidate: 'candidate:2' });
    expect(await isReadyAfter(2)).toBe(false);
    expect(await isReadyAfter(1)).toBe(true);
  });
  test('not for long where there are none', async () => {
    const { isReadyAfter } = begin();
    expect(await isReadyAfter(49)).toBe(false);
    expect(await isReadyAfter(1)).toBe(true);
  });
  test('not after the last', async () => {
    const { peer, isReadyAfter } = begin();
    peer.find(null);
    expect(await isReadyAfter(0)).toBe(true);
  });
  test('not where they stand in the description', async () => {
    expect(await begin('v=0\r\na=candidate:1 1 udp 1 198.51.100.1 9 typ host\r\n').isReadyAfter(0)).toBe(
      true,
    );
  });
});
