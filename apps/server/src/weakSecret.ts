/** What a random secret of 16 hexadecimal digits has. Less is within reach of somebody who tries for a while. */
const LEAST_BITS = 60;
const LEAST_LENGTH = 16;

/** What people, examples and images put where a secret should be. */
const COMMON =
  /password|passwort|passw0rd|pass|changeme|change|replace|choose|example|default|secret|visavis|coturn|turnserver|turn|redis|postgresql|postgres|admin|root|calls|user|test|letmein|qwerty|foobar|north|your|this|with|here|some|longer|please|long|123456789|12345|1234|abcd/g;

/**
 * Why somebody could guess this secret; null for one that was drawn at random. A rough measure that overlooks some weak ones
 * and takes no good one for weak: words that everybody uses count nothing, repeats count once.
 */
export function weaknessOf(secret: string): string | null {
  if (secret === '') return 'empty';
  if (secret.length < LEAST_LENGTH) return `shorter than ${String(LEAST_LENGTH)} characters`;
  const rest = secret
    .toLowerCase()
    .replaceAll(COMMON, '')
    .replaceAll(/(.{1,8}?)\1+/g, '$1');
  const bits = rest.length * Math.log2(Math.max(1, new Set(rest).size));
  return bits < LEAST_BITS ? 'easily guessed' : null;
}
