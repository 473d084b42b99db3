export interface LevelMeter {
  /** How loud it is at present, 0 (silence) to 1 (full scale) on a logarithmic scale. */
  getLevel(): number;
  close(): void;
}
