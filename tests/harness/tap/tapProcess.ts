// Loaded into a server before its own program: writes what comes to its media workers into the file that VISAVIS_TEST_TAP names.
import { appendFileSync } from 'node:fs';
import { tapProducers } from './record.ts';

const file = process.env['VISAVIS_TEST_TAP'] ?? '';
if (file !== '')
  tapProducers(({ producer, mimeType, packet }) =>
    appendFileSync(file, `${producer} ${mimeType} ${packet.toString('base64')}\n`),
  );
