import { useState, type ComponentType } from 'react';
import { QrCode } from '../components/QrCode.tsx';
import { QrScanner } from '../components/QrScanner.tsx';

const DATA = Uint8Array.from({ length: 150 }, (_, index) => (index * 89) % 256);

function Scanner() {
  const [seen, setSeen] = useState('nothing yet');
  return (
    <div className="grid gap-4 p-6">
      <QrScanner onScan={(data) => setSeen(`${data.length} bytes: ${data.slice(0, 8).join(' ')} …`)} />
      <p className="text-center text-soft">{seen}</p>
    </div>
  );
}

/** Parts that are looked at by themselves. */
export const PIECES: Readonly<Record<string, ComponentType>> = {
  'qr-code': () => (
    <div className="p-6">
      <QrCode data={DATA} label="150 bytes" />
    </div>
  ),
  'qr-scanner': Scanner,
};
