import { describe, expect, it } from 'vitest';
import { toRtpCapabilities } from '../src/adapters/mediasoup/convert.ts';

const TRANSPORT_CC = 'http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01';

describe('what a browser says it can do', () => {
  it('GRP4 header extensions get the numbers that the router has for them, and unknown ones are left out', () => {
    const { headerExtensions } = toRtpCapabilities({
      codecs: [],
      headerExtensions: [
        { kind: 'video', uri: TRANSPORT_CC, preferredId: 3, direction: 'sendrecv' },
        { kind: 'video', uri: 'urn:of:somebody', preferredId: 4, direction: 'sendrecv' },
      ],
    });
    expect(headerExtensions).toEqual([
      { kind: 'video', uri: TRANSPORT_CC, preferredId: 5, direction: 'sendrecv' },
    ]);
  });
});
