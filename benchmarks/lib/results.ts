import { mkdir, writeFile } from 'node:fs/promises';
import { describeMachine } from './machine.ts';

const FOLDER = new URL('../results/', import.meta.url);

export interface Target {
  readonly what: string;
  readonly limit: number;
  readonly measured: number;
  /** The limit is the least that is wanted, and not the most. */
  readonly atLeast?: boolean;
}

/** What one benchmark has measured: the table a person reads, and the figures behind it. */
export interface Result {
  readonly name: string;
  /** First row: the titles. */
  readonly table: readonly (readonly string[])[];
  readonly notes: readonly string[];
  readonly targets: readonly Target[];
  readonly figures: unknown;
}

export async function publish(result: Result): Promise<void> {
  const { name, table, notes, targets, figures } = result;
  console.log(`\n${formatTable(table)}\n`);
  for (const note of notes) console.log(note);
  for (const { what, limit, measured, atLeast = false } of targets) {
    const isMet = atLeast ? measured >= limit : measured <= limit;
    console.log(`${isMet ? '✓' : '✗'} ${what}: ${measured} (target ${atLeast ? '≥' : '≤'} ${limit})`);
  }
  await mkdir(FOLDER, { recursive: true });
  const command = `npm run benchmark -- ${name}`;
  const content = {
    command,
    measuredAt: new Date().toISOString(),
    machine: describeMachine(),
    targets,
    notes,
    figures,
  };
  await writeFile(new URL(`${name}.json`, FOLDER), `${JSON.stringify(content, null, 2)}\n`);
}

function formatTable(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  '),
  );
  const rule = widths.map((width) => '─'.repeat(width)).join('──');
  return [lines[0], rule, ...lines.slice(1)].join('\n');
}
