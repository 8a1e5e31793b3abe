/** Questions to the system catalogs of PostgreSQL 14 to 18, and their answers with types. */

/** Whatever runs a statement: a client or a pool of `pg`, or PGlite. */
export interface AuditClient {
  query(text: string): Promise<{ readonly rows: readonly unknown[] }>
}

/** A row as it came, read by name. */
export class CatalogRow {
  readonly #row: object

  constructor(row: unknown) {
    this.#row = typeof row === 'object' && row !== null ? row : {}
  }

  text(name: string): string {
    const value: unknown = Reflect.get(this.#row, name)
    return typeof value === 'string' ? value : ''
  }

  is(name: string): boolean {
    return this.text(name) === 'yes'
  }

  /** Rows of a column that is a JSON array. */
  list(name: string): readonly CatalogRow[] {
    const all: unknown = JSON.parse(this.text(name) || '[]')
    return Array.isArray(all) ? all.map((row) => new CatalogRow(row)) : []
  }
}

export async function ask(client: AuditClient, text: string): Promise<readonly CatalogRow[]> {
  const { rows } = await client.query(text)
  return rows.map((row) => new CatalogRow(row))
}

/** A condition as text, which no type parser of the program changes. */
export function yes(condition: string): string {
  return `case when ${condition} then 'yes' else 'no' end::text`
}

/** The schema and the name of a relation or function. */
export function named(schema: string, name: string): string {
  return `(${schema}.nspname || '.' || ${name})::text`
}

/** Leaves out what PostgreSQL brings itself, and what an extension owns. */
export function ours(oid: string, catalog: string): string {
  return `n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')
    and n.nspname not like 'pg\\_temp\\_%' and n.nspname not like 'pg\\_toast\\_temp\\_%'
    and not exists (select 1 from pg_catalog.pg_depend e
      where e.classid = 'pg_catalog.${catalog}'::regclass and e.objid = ${oid} and e.deptype = 'e')`
}
