/** What the registry says of tenants, kept for a short time, and what was suspended here. */
import { LRUCache } from 'lru-cache'
import { tell } from './events.ts'
import type { Settings } from './options.ts'
import { checkRow, requireActive, suspended, unavailable } from './refusals.ts'
import type { TenantRow } from './registry.ts'
import { happensWithin, now } from './waiting.ts'

/** An answer of the registry. It is as old as the question. */
export interface Answer<Row> {
  readonly row: Row | undefined
  readonly askedAt: number
  /** Whether somebody has said since that it changed. */
  isVoid: boolean
}

/** A tenant that was suspended here. The version is that of the suspended row, once it is written. */
interface Block {
  version: number | undefined
}

interface Question<Row> {
  readonly tenantId: string
  readonly askedAt: number
  readonly answer: Promise<Answer<Row>>
  isVoid: boolean
}

/** How many tenants the answers are kept of. */
const kept = 10_000

export class TenantRows<Database, Row extends TenantRow> {
  readonly #settings: Settings<Database, Row>
  readonly #outside: <Result>(run: () => Result) => Result
  readonly #answers = new LRUCache<string, Answer<Row>>({ max: kept })
  /** Those that nobody has answered yet: of one tenant there may be several. */
  readonly #questions = new Set<Question<Row>>()
  readonly #latest = new Map<string, Question<Row>>()
  readonly #blocks = new Map<string, Block>()
  /** One write after the other for each tenant: the registry must end as the last caller said. */
  readonly #writes = new Map<string, Promise<unknown>>()

  constructor(settings: Settings<Database, Row>, outside: <Result>(run: () => Result) => Result) {
    this.#settings = settings
    this.#outside = outside
  }

  /** An answer that is young enough to be used without asking. */
  fresh(tenantId: string): Answer<Row> | undefined {
    const answer = this.#answers.get(tenantId)
    if (answer === undefined || answer.isVoid) return undefined
    return now() - answer.askedAt < this.#settings.registryTtl ? answer : undefined
  }

  /**
   * Asks the registry, together with whoever is asking already. The answer may be void by the time
   * that the caller goes on: `admit` says so.
   *
   * @throws {AccessError} `tenant_suspended` before it is asked
   * @throws {UnavailableError} `database_unavailable` when it does not answer
   */
  async ask(tenantId: string): Promise<Answer<Row>> {
    const block = this.#blocks.get(tenantId)
    if (block !== undefined && block.version === undefined) throw suspended()
    const running = this.#latest.get(tenantId)
    // One that was put too long ago may be answered with what is no longer so.
    const isYoung = running !== undefined && now() - running.askedAt < this.#settings.registryTtl
    return await (isYoung ? running : this.#put(tenantId)).answer
  }

  /**
   * Whether this answer may be acted on now, without another wait in between.
   *
   * @throws {AccessError} `tenant_suspended`, `tenant_forbidden`
   * @throws {UnavailableError} `database_unavailable` for a tenant that is not ready
   */
  admit(tenantId: string, answer: Answer<Row>): Row | undefined {
    const block = this.#blocks.get(tenantId)
    if (block !== undefined) {
      if (block.version === undefined) throw suspended()
      if (answer.isVoid) return undefined
      const { row } = answer
      // Only a row that was written after the suspension can have ended it.
      const isLater = row?.status !== 'active' || row.version > block.version
      if (!isLater) throw suspended()
      if (row?.status === 'active') this.#blocks.delete(tenantId)
    }
    if (answer.isVoid) return undefined
    requireActive(answer.row)
    return answer.row
  }

  forget(tenantId: string): void {
    const answer = this.#answers.peek(tenantId)
    if (answer !== undefined) answer.isVoid = true
    this.#latest.delete(tenantId)
    for (const question of this.#questions) {
      if (question.tenantId === tenantId) question.isVoid = true
    }
  }

  /** Refuses the tenant from now on; what is returned writes that to the registry. */
  block(tenantId: string): () => Promise<void> {
    const block: Block = { version: undefined }
    this.#blocks.set(tenantId, block)
    this.forget(tenantId)
    return async () => {
      if (this.#settings.registry.setStatus === undefined) return
      await this.#write(tenantId, 'suspended')
      // The registry knows now: a later version of its row may end the suspension. If it cannot be
      // read, the tenant stays refused until it is resumed here.
      const { row } = await this.#put(tenantId).answer.catch(() => ({ row: undefined }))
      if (row?.status === 'suspended') block.version = row.version
    }
  }

  async unblock(tenantId: string): Promise<void> {
    const block = this.#blocks.get(tenantId)
    await this.#write(tenantId, 'active')
    // Somebody may have suspended it anew.
    if (this.#blocks.get(tenantId) === block) this.#blocks.delete(tenantId)
    this.forget(tenantId)
  }

  async #write(tenantId: string, status: 'active' | 'suspended'): Promise<void> {
    const before = this.#writes.get(tenantId) ?? Promise.resolve()
    const { registry, connectTimeout } = this.#settings
    const write = before
      .catch(() => undefined)
      .then(async () => {
        await this.#outside(() => registry.setStatus?.(tenantId, status))
      })
    this.#writes.set(tenantId, write)
    const ended = write.finally(() => {
      if (this.#writes.get(tenantId) === write) this.#writes.delete(tenantId)
    })
    ended.catch(() => undefined)
    // The next write waits for this one however long it takes: it may still happen.
    if (await happensWithin(ended, connectTimeout)) return
    throw unavailable(new Error('The registry was not written in time.'))
  }

  #put(tenantId: string): Question<Row> {
    const askedAt = now()
    const question: Question<Row> = {
      tenantId,
      askedAt,
      isVoid: false,
      answer: this.#find(tenantId).then(
        (found) => {
          this.#end(question)
          return this.#keep(tenantId, { row: found, askedAt, isVoid: question.isVoid })
        },
        (error: unknown) => {
          this.#end(question)
          throw error
        },
      ),
    }
    this.#questions.add(question)
    this.#latest.set(tenantId, question)
    // Who asks waits for it; nobody may be left when it rejects.
    question.answer.catch(() => undefined)
    return question
  }

  /** Keeps an answer for those who come next, and the newest row also when it is to be asked for again. */
  #keep(tenantId: string, { row: found, askedAt, isVoid }: Answer<Row>): Answer<Row> {
    const known = this.#answers.peek(tenantId)
    const row = newer(found, known?.row)
    const answer = { row, askedAt, isVoid }
    // Who is not there begins anew, if ever.
    if (row === undefined) {
      this.#answers.delete(tenantId)
      return answer
    }
    // A tenant that is being made is asked for again, so that it is served once it is there.
    const isLasting = row.status === 'active' || row.status === 'suspended'
    const isNews = known?.row === undefined || row.version > known.row.version
    if (known === undefined || known.askedAt <= askedAt || isNews) {
      this.#answers.set(tenantId, isLasting ? answer : { ...answer, isVoid: true })
    }
    return answer
  }

  #end(question: Question<Row>): void {
    this.#questions.delete(question)
    const { tenantId } = question
    if (this.#latest.get(tenantId) === question) this.#latest.delete(tenantId)
  }

  async #find(tenantId: string): Promise<Row | undefined> {
    const { registry, connectTimeout } = this.#settings
    let row: Row | null | undefined
    try {
      const found = this.#outside(async () => await registry.find(tenantId))
      found.catch(() => undefined)
      if (!(await happensWithin(found, connectTimeout))) {
        throw new Error('The registry did not answer in time.')
      }
      row = await found
    } catch (error) {
      tell('registry_failed', tenantId, error)
      throw unavailable(error)
    }
    return checkRow(row, tenantId)
  }
}

/**
 * A copy of the registry that is behind cannot bring back what was: neither the database that a tenant
 * has moved from, nor a tenant that was suspended since. It can always refuse.
 */
function newer<Row extends TenantRow>(
  found: Row | undefined,
  known: Row | undefined,
): Row | undefined {
  if (found?.status !== 'active' || known === undefined) return found
  return known.version > found.version ? known : found
}
