import { encodeQR } from 'qr';
import { toBase64 } from './base64.ts';

/** Modules of quiet around a code that readers need (ISO/IEC 18004 §5.3.8). */
const QUIET = 4;

/** A code as a picture: `size` × `size` units, and where it is dark, as the path of an SVG. */
export interface DrawnCode {
  readonly size: number;
  readonly path: string;
}

/**
 * The QR code of bytes, as base64 text: readers of text take it, and it is a quarter longer than the bytes themselves.
 *
 * @param data - up to about 1,700 bytes
 */
export function drawCode(data: Uint8Array): DrawnCode {
  const rows = encodeQR(toBase64(data), 'raw', { ecc: 'medium', border: QUIET });
  return { size: rows.length, path: rows.map(pathOfRow).join('') };
}

/** One rectangle for each run of dark modules. */
function pathOfRow(row: readonly boolean[], y: number): string {
  let path = '';
  for (let x = 0; x < row.length;) {
    let end = x;
    while (row[end] === true) end += 1;
    if (end > x) path += `M${x} ${y}h${end - x}v1h${x - end}z`;
    x = Math.max(end, x + 1);
  }
  return path;
}
