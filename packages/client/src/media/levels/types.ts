export interface LevelMeter {
  /** How loud it is at present, 0 (silence) to 1 (full scale) on a logarithmic scale. */
  getLevel(): number;
  /** The same in dB below full scale, 0 to −120, which is no signal at all; null: it cannot be told. */
  getDecibels(): number | null;
  close(): void;
}
