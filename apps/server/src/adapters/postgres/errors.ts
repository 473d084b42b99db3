import { DatabaseError } from 'pg';
import { Unavailable } from '../../unavailable.ts';
import { UniqueViolation } from '../sql/sql.ts';

/** SQLSTATEs (PostgreSQL, appendix A). */
const UNIQUE_VIOLATION = '23505';
/** serialization_failure, deadlock_detected. */
const CONFLICTS: ReadonlySet<string> = new Set(['40001', '40P01']);
/**
 * too_many_connections; query_canceled, which is the statement's timeout; admin_shutdown, crash_shutdown, cannot_connect_now;
 * read_only_sql_transaction: a server that is no longer the primary.
 */
const PASSING: ReadonlySet<string> = new Set(['53300', '57014', '57P01', '57P02', '57P03', '25006']);
const CONNECTION_EXCEPTIONS = '08';
/** invalid_authorization_specification and invalid_password; invalid_catalog_name: no such database. */
const REFUSED = /^28|^3D000$/;

/** What the driver threw, in the words of the `Sql` port. */
export function translateError(error: unknown): unknown {
  if (!(error instanceof DatabaseError)) {
    // Whatever is no answer of the server: refused, reset, timed out, not found.
    return error instanceof Error
      ? new Unavailable(`the database does not answer: ${describeCause(error)}`, { cause: error })
      : error;
  }
  const { code = '', constraint } = error;
  if (code === UNIQUE_VIOLATION && constraint !== undefined) return new UniqueViolation(constraint);
  if (PASSING.has(code) || code.startsWith(CONNECTION_EXCEPTIONS)) {
    return new Unavailable(`the database cannot do this now: ${error.message}`, { cause: error });
  }
  return error;
}

/** Whether the database undid this for the sake of another transaction. */
export const isConflict = (error: unknown): boolean =>
  error instanceof DatabaseError && CONFLICTS.has(error.code ?? '');

/** Whether the server is there and does not let this one in. */
export const isRefusal = (error: unknown): error is DatabaseError =>
  error instanceof DatabaseError && REFUSED.test(error.code ?? '');

/** Node gives one error for all the addresses of a name, with an empty message. */
function describeCause(error: Error): string {
  if (error instanceof AggregateError) {
    return error.errors.map((each) => (each instanceof Error ? each.message : String(each))).join('; ');
  }
  return error.message;
}
