import type { Bytes } from '../bytes.ts';

const BYTES_OF_GROUP = 5;
const DIGITS_OF_GROUP = 5;

/** Groups of five digits, one of each five bytes: the big-endian number modulo 100,000 (a digit is off by less than 10⁻⁷). */
export function digitGroups(bytes: Bytes, groups: number): readonly string[] {
  return Array.from({ length: groups }, (_, group) => {
    const part = bytes.subarray(group * BYTES_OF_GROUP, (group + 1) * BYTES_OF_GROUP);
    const number = part.reduce((sum, byte) => sum * 256 + byte, 0);
    return String(number % 10 ** DIGITS_OF_GROUP).padStart(DIGITS_OF_GROUP, '0');
  });
}
