import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import * as z from 'zod/mini';
import type { Sql } from './sql.ts';
import { lockForSetUp, select } from './sql.ts';

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
 * Brings the database to this release: forward only, everything in one transaction, so that a migration that fails leaves the
 * database as it was. Of several nodes that start at once one does it and the others wait.
 *
 * @throws when an applied migration was changed afterwards, or the database is of a newer release
 */
export async function migrate(sql: Sql, migrations: readonly Migration[]): Promise<void> {
  await sql.transaction(async (runner) => {
    await lockForSetUp(runner);
    await runner.script(
      'create table if not exists migrations (name text primary key, checksum text not null, applied_at timestamptz not null default now())',
    );
    const rows = await select(runner, Applied, 'select name, checksum from migrations');
    const applied = new Map(rows.map((row) => [row.name, row.checksum]));
    refuseNewer(applied, migrations);
    for (const { name, text } of migrations) {
      const checksum = createHash('sha256').update(text).digest('hex');
      const before = applied.get(name);
      if (before === checksum) continue;
      if (before !== undefined) throw new Error(`Migration ${name} was changed after it had been applied.`);
      await runner.script(text);
      await runner.query('insert into migrations (name, checksum) values ($1, $2)', [name, checksum]);
    }
  });
}

function refuseNewer(applied: ReadonlyMap<string, string>, migrations: readonly Migration[]): void {
  const known = new Set(migrations.map(({ name }) => name));
  const unknown = [...applied.keys()].filter((name) => !known.has(name));
  if (unknown.length === 0) return;
  throw new Error(
    `The data are of a newer release: it has ${unknown.join(', ')}, which this one does not know.`,
  );
}
