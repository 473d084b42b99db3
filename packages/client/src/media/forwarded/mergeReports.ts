/** Both ways of one device as one report: ids of each get a prefix, and so does what names them. */
export function mergeReports(reports: readonly RTCStatsReport[]): RTCStatsReport {
  const merged = new Map<string, unknown>();
  for (const [index, report] of reports.entries()) {
    const ids = new Set<string>();
    report.forEach((_, id) => ids.add(id));
    const rename = (value: unknown): unknown =>
      typeof value === 'string' && ids.has(value) ? `${index}-${value}` : value;
    report.forEach((entry: unknown, id) => {
      if (typeof entry !== 'object' || entry === null) return;
      const fields = Object.entries(entry).map(([name, value]: [string, unknown]): [string, unknown] => [
        name,
        name === 'id' || name.endsWith('Id') ? rename(value) : value,
      ]);
      merged.set(`${index}-${id}`, Object.fromEntries(fields));
    });
  }
  return merged;
}
