import { afterAll, beforeAll, expect, it } from 'vitest';
import * as z from 'zod';
import { describeVectors, readVectors } from '../../../packages/encryption/test/vectors.ts';
import { type Browsers, startBrowsers } from './ends.ts';
import type { SframeVectors, VectorsResult } from './vectorsWorker.ts';

const Suite = z.literal([1, 2, 3, 4, 5, 6, 7, 8]);
const [text, header] = [z.string(), z.object({ kid: z.string(), ctr: z.string(), encoded: z.string() })];
const Mac = z.object({ cipher_suite: Suite, key: text, nonce: text, aad: text, pt: text, ct: text });
const Whole = z.object({
  cipher_suite: Suite,
  kid: text,
  ctr: text,
  base_key: text,
  metadata: text,
  pt: text,
  ct: text,
});
const Rfc = z.object({
  header: z.array(header),
  aes_ctr_hmac: z.array(Mac),
  aes_256_ctr_hmac: z.array(Mac),
  sframe: z.array(Whole),
});
const Aes256 = z.object({ sframe_aes_256_ctr_hmac: z.array(Whole) });

describeVectors('the official vectors of SFrame in the worker of a browser', () => {
  let browsers: Browsers;
  beforeAll(async () => {
    browsers = await startBrowsers();
  });
  afterAll(() => browsers.close());

  for (const name of ['chromium', 'firefox'] as const) {
    it(`all hold in ${name}`, async () => {
      const rfc = Rfc.parse(readVectors('sframe/test-vectors.json'));
      const aes256 = Aes256.parse(readVectors('sframe/test-vectors-aes256.json'));
      const vectors: SframeVectors = {
        headers: rfc.header,
        macs: [...rfc.aes_ctr_hmac, ...rfc.aes_256_ctr_hmac],
        wholes: [...rfc.sframe, ...aes256.sframe_aes_256_ctr_hmac],
      };
      const end = await browsers.open(name);
      const result = await end.run<VectorsResult>(`checkVectors(${JSON.stringify(vectors)})`);
      expect(result).toEqual({ checked: 289 + 6 + 8, failed: [] });
      await end.close();
    });
  }
});
