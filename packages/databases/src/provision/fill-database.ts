/** The tables and the first user of a database that was just made. */
import { happensWithin } from '../waiting.ts'
import type { FirstUser, ReadProvisioning } from './provisioning.ts'
import type { TenantRecord } from './provisioning-registry.ts'

/** The connection is closed at the end, also of a failure: what was written is there for others to open. */
export async function fillDatabase<Database>(
  provisioning: ReadProvisioning<Database>,
  row: TenantRecord,
  user: FirstUser,
): Promise<void> {
  const database = await open(provisioning, row)
  try {
    await provisioning.migrate(database, row)
    await provisioning.addFirstUser(database, user, row)
  } catch (error) {
    // The failure to tell of is the first one.
    await isClosed(provisioning, database, row, true).catch(() => undefined)
    throw error
  }
  // What was written is there, also where a driver does not come to an end.
  if (await isClosed(provisioning, database, row, false)) return
  await isClosed(provisioning, database, row, true)
}

/** Whether it has closed in time. */
async function isClosed<Database>(
  { disconnect, connectTimeout }: ReadProvisioning<Database>,
  database: Database,
  row: TenantRecord,
  force: boolean,
): Promise<boolean> {
  const closed = disconnect(database, { row, force })
  closed.catch(() => undefined)
  return await happensWithin(closed, connectTimeout * 1000)
}

async function open<Database>(
  { connect, disconnect, connectTimeout }: ReadProvisioning<Database>,
  row: TenantRecord,
): Promise<Database> {
  const timeout = new AbortController()
  const opening = connect(row, { signal: timeout.signal })
  let timer: NodeJS.Timeout | undefined
  const expired = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      timeout.abort()
      reject(new Error('The database of the tenant did not open in time.'))
      // Nobody is there to close what opens now.
      opening.then(
        (late) => disconnect(late, { row, force: true }).catch(() => undefined),
        () => undefined,
      )
    }, connectTimeout * 1000)
  })
  try {
    return await Promise.race([opening, expired])
  } finally {
    clearTimeout(timer)
  }
}
