/** What tests and benchmarks start the server from. */
export { createApp, type App, type AppSettings } from './app.ts';
export * from './ports.ts';
export { createMemoryBus } from './adapters/memory/bus.ts';
export { createMemoryPresence } from './adapters/memory/presence.ts';
export { createMemorySessions } from './adapters/memory/sessions.ts';
export { openPglite } from './adapters/pglite/pglite.ts';
export { openPostgres, type PostgresOptions } from './adapters/postgres/postgres.ts';
export { UniqueViolation, type Sql, type SqlRunner, type SqlValue } from './adapters/sql/sql.ts';
export { migrate, readMigrations, type Migration } from './adapters/sql/migrate.ts';
export { systemClock } from './adapters/system/clock.ts';
export { systemRandom } from './adapters/system/random.ts';
export { createLog } from './adapters/system/log.ts';
export { createTurnIssuer, TURN_LIFETIME_MS } from './adapters/system/turn.ts';
export { DEMO_HANDLES, demoUserId, seedDemo } from './demo.ts';
export { createSecret } from './secret.ts';
export { openStorage } from './storage.ts';
export type { Connection, ConnectionHandler } from './signaling/connection.ts';
