import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { normalize, synthesizeSpeech } from './speech.ts';
import { decodeWav, encodeWav, resample } from './wav.ts';

const run = promisify(execFile);
const SAMPLE_RATE = 48_000;

interface Voice {
  /** A voice of espeak-ng with its variant. */
  readonly name: string;
  /** 0 to 99, as espeak-ng counts. */
  readonly pitch: number;
  readonly wordsPerMinute: number;
  readonly pitchHz: number;
  readonly text: string;
}

const VOICES: Readonly<Record<string, Voice>> = {
  ana: {
    name: 'en-us+f2',
    pitch: 58,
    wordsPerMinute: 165,
    pitchHz: 205,
    text: 'Hi, Ana here! The tomatoes on my balcony are finally red. You have to come and try one.',
  },
  ben: {
    name: 'en-gb+m3',
    pitch: 38,
    wordsPerMinute: 155,
    pitchHz: 112,
    text: 'Hello, it is Ben. I have learned a new song on the guitar, and nobody can stop me from playing it.',
  },
  chidi: {
    name: 'en-gb+m7',
    pitch: 30,
    wordsPerMinute: 160,
    pitchHz: 104,
    text: 'Chidi speaking! I found that record we were looking for. Guess what I paid for it.',
  },
  dilnoza: {
    name: 'en-gb+f4',
    pitch: 62,
    wordsPerMinute: 160,
    pitchHz: 215,
    text: 'Good morning, this is Dilnoza. The tea is ready, so let us talk as long as you like.',
  },
  elio: {
    name: 'en-us+m1',
    pitch: 44,
    wordsPerMinute: 170,
    pitchHz: 126,
    text: 'Hey, Elio here. The soup needs ten more minutes, which is just enough for a good story.',
  },
  farah: {
    name: 'en-us+f3',
    pitch: 54,
    wordsPerMinute: 158,
    pitchHz: 196,
    text: 'Hi, it is Farah. You should see the sky from my window right now, it is all pink and gold.',
  },
  greta: {
    name: 'en-gb+f5',
    pitch: 42,
    wordsPerMinute: 140,
    pitchHz: 180,
    text: 'Greta here, my dear. I can see you and hear you, and I did it all by myself!',
  },
  harjit: {
    name: 'en-gb+m5',
    pitch: 26,
    wordsPerMinute: 145,
    pitchHz: 96,
    text: 'Hello, Harjit speaking. I have two books for you, and both are better than the last one.',
  },
  imani: {
    name: 'en-us+f1',
    pitch: 60,
    wordsPerMinute: 172,
    pitchHz: 210,
    text: 'Imani here! I have paint on my hands, so please do not mind if I wave with my elbow.',
  },
  jun: {
    name: 'en-us+m4',
    pitch: 46,
    wordsPerMinute: 165,
    pitchHz: 130,
    text: 'Hi, this is Jun. I fixed the bicycle, and this time there are no pieces left over.',
  },
};

/** A voice for everybody else. */
const STRANGER: Voice = {
  name: 'en-gb',
  pitch: 50,
  wordsPerMinute: 160,
  pitchHz: 150,
  text: 'Hello, can you hear me well? I can hear you.',
};

/** What a person says, as a WAV file: 48 kHz, mono, 16 bits, with a breath at both ends so that it can be repeated. */
export async function speak(personId: string): Promise<Uint8Array<ArrayBuffer>> {
  const voice = VOICES[personId] ?? STRANGER;
  const spoken = (await speakWithEspeak(voice)) ?? synthesizeSpeech(SAMPLE_RATE, 5, voice.pitchHz);
  const lead = Math.round(SAMPLE_RATE * 0.15);
  const samples = new Float32Array(spoken.length + lead * 4);
  samples.set(spoken, lead);
  return encodeWav({ sampleRate: SAMPLE_RATE, samples });
}

/** `undefined` where espeak-ng is not installed. */
async function speakWithEspeak(voice: Voice): Promise<Float32Array<ArrayBuffer> | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'visavis-voice-'));
  const file = join(folder, 'voice.wav');
  try {
    await run('espeak-ng', [
      '-v',
      voice.name,
      '-p',
      String(voice.pitch),
      '-s',
      String(voice.wordsPerMinute),
      '-w',
      file,
      voice.text,
    ]);
    return normalize(resample(decodeWav(await readFile(file)), SAMPLE_RATE).samples, 0.6);
  } catch (problem) {
    if (problem instanceof Error && 'code' in problem && problem.code === 'ENOENT') return undefined;
    throw problem;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
