import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import * as z from 'zod/mini';
import type { Sql } from './sql.ts';
import { select } from './sql.ts';

const FOLDER = new URL('./migrations/', import.meta.url);
const Applied = z.object({ name: z.string(), checksum: z.string() });

export interface Migration {
  readonly name: string;
  readonly text: string;
}

/** The migrations of this release, in order. */
export async function readMigrations(): Promise<readonly Migration[]> {
  const names = (await readdir(FOLDER)).filter((name) => name.endsWith('.sql')).toSorted();
  return Promise.all(
    names.map(async (name) => ({ name, text: await readFile(new URL(name, FOLDER), 'utf8') })),
  );
}

/**
 * Brings the database to this release: forward only, each migration in one transaction with its record.
 *
 * @throws when an applied migration was changed afterwards, or the database is of a newer release
 */
export async function migrate(sql: Sql, migrations: readonly Migration[]): Promise<void> {
  await sql.script(
    'create table if not exists migrations (name text primary key, checksum text not null, applied_at timestamptz not null default now())',
  );
  const applied = new Map(
    (await select(sql, Applied, 'select name, checksum from migrations')).map((row) => [
      row.name,
      row.checksum,
    ]),
  );
  const known = new Set(migrations.map(({ name }) => name));
  const unknown = [...applied.keys()].filter((name) => !known.has(name));
  if (unknown.length > 0) {
    throw new Error(
      `The data are of a newer release: it has ${unknown.join(', ')}, which this one does not know.`,
    );
  }
  for (const { name, text } of migrations) {
    const checksum = createHash('sha256').update(text).digest('hex');
    const before = applied.get(name);
    if (before === checksum) continue;
    if (before !== undefined) throw new Error(`Migration ${name} was changed after it had been applied.`);
    // The name is a file name of this release and the checksum is hexadecimal: nothing to escape.
    await sql.script(`${text}\ninsert into migrations (name, checksum) values ('${name}', '${checksum}');`);
  }
}
