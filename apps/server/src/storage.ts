import { createSqlAccounts } from './adapters/sql/accounts.ts';
import { createSqlCalls } from './adapters/sql/calls.ts';
import { createSqlGroups } from './adapters/sql/groups.ts';
import { createSqlHistory } from './adapters/sql/history.ts';
import { createSqlIdentities } from './adapters/sql/identities.ts';
import { createSqlLinks } from './adapters/sql/links.ts';
import { migrate, readMigrations } from './adapters/sql/migrate.ts';
import { createSqlSavedGroups } from './adapters/sql/savedGroups.ts';
import { readServerSecret } from './adapters/sql/serverSecret.ts';
import type { Sql } from './adapters/sql/sql.ts';
import type { GroupPorts } from './groupPorts.ts';
import type { Ports } from './ports.ts';

/** Everything that is kept, over one database that is brought up to date first. */
export async function openStorage(
  sql: Sql,
): Promise<
  Pick<Ports, 'accounts' | 'identities' | 'calls' | 'history' | 'health' | 'serverSecret' | keyof GroupPorts>
> {
  await migrate(sql, await readMigrations());
  return {
    accounts: createSqlAccounts(sql),
    identities: createSqlIdentities(sql),
    calls: createSqlCalls(sql),
    history: createSqlHistory(sql),
    groups: createSqlGroups(sql),
    savedGroups: createSqlSavedGroups(sql),
    links: createSqlLinks(sql),
    serverSecret: await readServerSecret(sql),
    health: {
      check: async () => {
        await sql.query('select 1');
      },
    },
  };
}
