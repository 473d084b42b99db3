/** Bytes that nobody may find anywhere, and where they came from. */
export interface Secret {
  readonly what: string;
  readonly bytes: Buffer;
}

/** A place where somebody might look: its name, and all that stands there. */
export interface Place {
  readonly name: string;
  readonly content: Buffer;
}

/** As bytes might be written down. */
export const WRITINGS: readonly { readonly name: string; readonly write: (bytes: Buffer) => Buffer }[] = [
  { name: 'raw', write: (bytes) => bytes },
  { name: 'hex', write: (bytes) => Buffer.from(bytes.toString('hex')) },
  { name: 'HEX', write: (bytes) => Buffer.from(bytes.toString('hex').toUpperCase()) },
  // What stands before them moves the letters of base64: these are those of each of the three places, without the ones that mix.
  ...[0, 1, 2].flatMap((shift) =>
    (['base64', 'base64url'] as const).map((encoding) => ({
      name: `${encoding}, ${shift} bytes on`,
      write: (bytes: Buffer) => {
        const letters = Buffer.concat([Buffer.alloc(shift), bytes])
          .toString(encoding)
          .replace(/=+$/, '');
        return Buffer.from(letters.slice(shift === 0 ? 0 : shift + 1, -1));
      },
    })),
  ),
  { name: 'numbers', write: (bytes) => Buffer.from([...bytes].join(',')) },
];

/** Which of them stand where, and how they are written. */
export function findSecrets(places: readonly Place[], secrets: readonly Secret[]): readonly string[] {
  const needles = new Map<number, { readonly name: string; readonly needle: Buffer }[]>();
  for (const { what, bytes } of secrets) {
    for (const { name, write } of WRITINGS) {
      const needle = write(bytes);
      const start = needle.readUInt32LE(0);
      needles.set(start, [...(needles.get(start) ?? []), { name: `${what} (${name})`, needle }]);
    }
  }
  const found = new Set<string>();
  for (const { name: place, content } of places) {
    for (let at = 0; at + 4 <= content.length; at += 1) {
      const some = needles.get(content.readUInt32LE(at));
      if (some === undefined) continue;
      for (const { name, needle } of some)
        if (content.subarray(at, at + needle.length).equals(needle)) found.add(`${name} in ${place}`);
    }
  }
  return [...found];
}
