export interface LevelMeter {
  /** 0 to 1, linear amplitude (RMS) of the last moment. */
  getLevel(): number;
  close(): void;
}
