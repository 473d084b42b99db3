import * as z from 'zod/mini';

/** A value that plain PostgreSQL takes as a parameter. JSON goes as text. */
export type SqlValue = string | number | boolean | null | Date | Uint8Array | readonly string[];

/** Runs statements. */
export interface SqlRunner {
  /**
   * @returns the rows as the driver decodes them: `timestamptz` as Date, `jsonb` as values, `int4` as number
   * @throws {@link UniqueViolation} naming the violated constraint; `Unavailable` when there is no answer, in which case
   * the statement may have been run; any other failure as the driver's own error
   */
  query(text: string, parameters?: readonly SqlValue[]): Promise<readonly unknown[]>;
  /** Runs a script of many statements without parameters; outside of a transaction it is one of its own. */
  script(text: string): Promise<void>;
}

/** A PostgreSQL of version 15 or later. */
export interface Sql extends SqlRunner {
  /** Everything in `work` happens or nothing does. It may be run again when the database gave it up for another one. */
  transaction<Result>(work: (runner: SqlRunner) => Promise<Result>): Promise<Result>;
  /** Lets running statements finish. Idempotent. */
  close(): Promise<void>;
}

/** Another row has this key already. */
export class UniqueViolation extends Error {
  readonly constraint: string;
  constructor(constraint: string) {
    super(`unique constraint ${constraint} is violated`);
    this.name = 'UniqueViolation';
    this.constraint = constraint;
  }
}

/** Runs a query and decodes its rows: what a row is, is checked where it enters the program. */
export async function select<Row extends z.ZodMiniType>(
  sql: SqlRunner,
  row: Row,
  text: string,
  parameters: readonly SqlValue[] = [],
): Promise<z.output<Row>[]> {
  const rows = await sql.query(text, parameters);
  return rows.map((value) => z.parse(row, value));
}

/** The same for a query that gives one row or none. */
export async function selectOne<Row extends z.ZodMiniType>(
  sql: SqlRunner,
  row: Row,
  text: string,
  parameters: readonly SqlValue[] = [],
): Promise<z.output<Row> | null> {
  const [value] = await sql.query(text, parameters);
  return value === undefined ? null : z.parse(row, value);
}

/** A `timestamptz` as ms since 1970. */
export const TimeColumn = z.pipe(
  z.date(),
  z.transform((date: Date) => date.getTime()),
);

/** What only one process may do to the database at a time. The numbers are this program's own. */
const LOCKS = { setUp: 7_261_401, node: 7_261_402 } as const;

/** Waits until no other transaction is setting the database up; holds until this one ends. */
export async function lockForSetUp(runner: SqlRunner): Promise<void> {
  // Another node's work may take longer than a statement of ours ordinarily does.
  await runner.script('set local statement_timeout = 0');
  await runner.script(`select pg_advisory_xact_lock(${String(LOCKS.setUp)})`);
}

/** Asks for the lock of the processes that use a database, `held` alone or together with others, until the connection ends. */
export const nodeLockStatement = (isAlone: boolean): string =>
  `select ${isAlone ? 'pg_try_advisory_lock' : 'pg_try_advisory_lock_shared'}(${String(LOCKS.node)}) as held`;

/** A column of bytes as base64: PostgreSQL breaks it into lines. */
export const base64 = (column: string): string => `replace(encode(${column}, 'base64'), E'\\n', '')`;
