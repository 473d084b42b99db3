const offset = Number(process.hrtime.bigint()) / 1e6 - performance.now();

/** Milliseconds of the machine's monotonic clock, the same in every process. */
export const nowMs = (): number => performance.now() + offset;
