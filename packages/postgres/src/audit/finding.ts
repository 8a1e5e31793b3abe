/** What an audit can find. An id never changes its meaning. */

const meanings = {
  role_superuser: 'The role is a superuser: no policy holds for it. Connect as another role.',
  role_bypassrls: 'The role has BYPASSRLS: no policy holds for it. Take it away with ALTER ROLE.',
  role_replication: 'The role has REPLICATION: a replication stream knows no policies.',
  role_member_of_superuser: 'The role can become this superuser. Revoke the membership.',
  role_member_of_bypassrls:
    'The role can become this one, which has BYPASSRLS. Revoke the membership.',
  role_createrole:
    'The role can make roles and grant them to itself, also those that no policy holds for. Take CREATEROLE away.',
  role_reaches_files:
    'The role can become one that reads or writes files of the server, or runs programs there. Revoke it.',
  role_owns_table:
    'The role owns the table, or can become its owner, and so can turn the policies off. Let another role own it.',
  login_superuser:
    'The connection logged in as a superuser, and RESET ROLE leads back to it. Log in as the role itself.',
  table_without_rls: 'The role can use the table, and it has no row-level security.',
  table_without_force: 'Row-level security is not forced, so that it does not hold for the owner.',
  table_without_policy: 'Row-level security is on without any policy, so that no row is ever seen.',
  partition_without_rls:
    'A partition or child table can be used by its own name, and has no row-level security of its own.',
  foreign_table: 'A foreign table cannot have row-level security.',
  materialized_view: 'A materialized view holds rows of all tenants, and cannot have policies.',
  policy_open: 'A policy lets rows through without a look at the tenant.',
  policy_not_restrictive:
    'The policies on the tenant are permissive only: one more permissive policy would open the table.',
  view_definer:
    'A view reads as its owner and not as the role. Set security_invoker (PostgreSQL 15 or later).',
  function_security_definer: 'A function runs as its owner and not as the role.',
  function_leakproof:
    'A function is marked LEAKPROOF, and so may see rows before the policies have judged them.',
  foreign_key_without_tenant:
    'A foreign key leads to rows of any tenant, and tells whether they exist. Let it begin with the tenant.',
  unique_without_tenant:
    'A unique index counts across tenants, so that a conflict tells what another one has. Add the tenant.',
  grant_truncate: 'TRUNCATE empties the table of every tenant, and knows no policies.',
  grant_references: 'REFERENCES lets the role probe the table with foreign keys of its own.',
  grant_trigger: 'TRIGGER lets the role run its code in the statements of others.',
  large_object_readable:
    'There are large objects that the role can use, and they know no policies. Keep what tenants have in tables.',
  sequence_readable: 'A sequence tells how many rows all tenants have. Grant USAGE without SELECT.',
  server_outdated:
    'The server lacks fixes of row-level security: 14.19, 15.14, 16.10, 17.6 or later has them.',
} as const

/** The stable name of a finding. */
export type FindingId = keyof typeof meanings

/** Something by which one tenant could reach another. */
export interface Finding {
  readonly id: FindingId
  /** What it was found on: a table, a view, a role. Names are as they are, without quotes. */
  readonly object: string
  /** What it means, and what to do. */
  readonly message: string
}

/** Whether there is such a finding. */
export function isFindingId(id: string): id is FindingId {
  return Object.hasOwn(meanings, id)
}

export function finding(id: FindingId, object: string): Finding {
  return { id, object, message: meanings[id] }
}

/** Every one there is. */
export const findingIds: readonly string[] = Object.keys(meanings)
