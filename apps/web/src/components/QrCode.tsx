import { useEffect, useState } from 'react';
import type { DrawnCode } from './qr/encode.ts';

interface QrCodeProps {
  readonly data: Uint8Array;
  /** What it is, for those who cannot see it. */
  readonly label: string;
}

/** Bytes as a QR code, dark on a white plate whatever the colours around: not every reader takes light modules on dark. */
export function QrCode({ data, label }: QrCodeProps) {
  const [code, setCode] = useState<DrawnCode | null>(null);
  useEffect(() => {
    let gone = false;
    void import('./qr/encode.ts').then(({ drawCode }) => {
      if (!gone) setCode(drawCode(data));
    });
    return () => {
      gone = true;
    };
  }, [data]);
  const size = code?.size ?? 1;
  return (
    <svg
      className="qr-code"
      viewBox={`0 0 ${size} ${size}`}
      role="img"
      aria-label={label}
      aria-busy={code === null || undefined}
      shapeRendering="crispEdges"
    >
      {code !== null && <path d={code.path} fill="#000" />}
    </svg>
  );
}
