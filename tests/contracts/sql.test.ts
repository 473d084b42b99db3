import { migrate, readMigrations, UniqueViolation, type Sql } from '@visavis/server';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod/mini';
import { sqlAdapters } from './adapters.ts';

/** Adds a row and looks for it, in one transaction; the one with the number 11 gives up. */
const addAndLook = async (sql: Sql, id: number): Promise<readonly unknown[]> =>
  sql.transaction(async (runner) => {
    await runner.query('insert into t (id) values ($1)', [id]);
    const seen = await runner.query('select id from t where id = $1', [id]);
    if (id === 11) throw new Error('gives up');
    return seen;
  });

describe.each(sqlAdapters)('sql: $name', (adapter) => {
  let opened: Awaited<ReturnType<typeof adapter.open>>;
  let sql: Sql;
  beforeAll(async () => {
    opened = await adapter.open();
    sql = opened.port;
    await sql.script(
      'create table t (id integer primary key, at timestamptz, j jsonb, b bytea, flag boolean)',
    );
  });
  afterAll(async () => {
    await opened.close();
  });

  test('values come back as they went in', async () => {
    const at = new Date(1_893_456_000_123);
    await sql.query('insert into t values ($1, $2, $3, $4, $5)', [
      1,
      at,
      '{"a":[1]}',
      new Uint8Array([1, 255]),
      true,
    ]);
    expect(
      await sql.query(
        "select id, at, j, encode(b, 'hex') as b, flag, array['a'] as list from t where id = any($1::int[])",
        [['1']],
      ),
    ).toEqual([{ id: 1, at, j: { a: [1] }, b: '01ff', flag: true, list: ['a'] }]);
  });

  test('a violated unique constraint is named', async () => {
    await sql.query('insert into t (id) values (2)');
    const again = sql.query('insert into t (id) values (2)');
    await expect(again).rejects.toBeInstanceOf(UniqueViolation);
    await expect(again).rejects.toMatchObject({ constraint: 't_pkey' });
  });

  test('a transaction happens as a whole or not at all', async () => {
    await expect(
      sql.transaction(async (runner) => {
        await runner.query('insert into t (id) values (3)');
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    await expect(
      sql.script('insert into t (id) values (4); insert into nowhere values (1)'),
    ).rejects.toThrow();
    expect(await sql.query('select id from t where id in (3, 4)')).toEqual([]);
  });

  test('transactions side by side do not mix', async () => {
    const outcomes = await Promise.allSettled([10, 11, 12].map(async (id) => addAndLook(sql, id)));
    expect(outcomes).toMatchObject([
      { status: 'fulfilled', value: [{ id: 10 }] },
      { status: 'rejected' },
      { status: 'fulfilled', value: [{ id: 12 }] },
    ]);
    expect(await sql.query('select id from t where id >= 10 order by id')).toEqual([{ id: 10 }, { id: 12 }]);
  });

  test('migrations are applied once, and one that was changed afterwards is noticed', async () => {
    const migrations = await readMigrations();
    await migrate(sql, migrations);
    await migrate(sql, migrations);
    expect(await sql.query('select name from migrations order by name')).toEqual(
      migrations.map(({ name }) => ({ name })),
    );
    await expect(
      migrate(
        sql,
        migrations.map((each) => ({ ...each, text: `${each.text} ` })),
      ),
    ).rejects.toThrow(/was changed/);
    await expect(migrate(sql, [])).rejects.toThrow(/newer release/);
    await expect(
      migrate(sql, [
        ...migrations,
        { name: '9999-broken.sql', text: 'create table half (id int); select nonsense;' },
      ]),
    ).rejects.toThrow();
    expect(await sql.query("select to_regclass('half') as half")).toEqual([{ half: null }]);
  });

  test('every time that is kept has its zone', async () => {
    await migrate(sql, await readMigrations());
    const found = await sql.query(
      `select table_name || '.' || column_name as name, data_type as type from information_schema.columns
       where table_schema = 'public' and (column_name like '%\\_at' or data_type like 'time%' or data_type = 'date')`,
    );
    const columns = z.parse(z.array(z.object({ name: z.string(), type: z.string() })), found);
    expect(columns.length).toBeGreaterThan(20);
    expect(columns.filter(({ type }) => type !== 'timestamp with time zone')).toEqual([]);
  });

  test('a migration that fails leaves the database as it was: tables, columns, rows and what counts as applied', async () => {
    const migrations = await readMigrations();
    await migrate(sql, migrations);
    await sql.query(
      `insert into users (id, handle, name, created_at) values ('00000000-0000-4000-8000-000000000001', 'ana', 'Ana', now())`,
    );
    const dump = async (): Promise<unknown> => ({
      columns: await sql.query(
        `select table_name, column_name, data_type, is_nullable, column_default from information_schema.columns
         where table_schema = 'public' order by 1, 2`,
      ),
      indexes: await sql.query(`select indexdef from pg_indexes where schemaname = 'public' order by 1`),
      users: await sql.query('select * from users order by id'),
      migrations: await sql.query('select * from migrations order by name'),
    });
    const before = await dump();
    const good = `create table half (id int); alter table settings drop column hide_address;
      update users set name = 'changed'; create index users_by_name on users (name);`;
    for (const bad of ['select nonsense;', 'insert into users (id) values (null);', 'this is no SQL;']) {
      await expect(
        migrate(sql, [
          ...migrations,
          { name: '9998-good.sql', text: good },
          { name: '9999-bad.sql', text: bad },
        ]),
      ).rejects.toThrow();
      expect(await dump()).toEqual(before);
    }
    // And it can be brought on afterwards.
    await migrate(sql, [...migrations, { name: '9998-good.sql', text: good }]);
    expect(await sql.query('select name from users')).toEqual([{ name: 'changed' }]);
  });
});
