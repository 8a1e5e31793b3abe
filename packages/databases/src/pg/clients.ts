/** The clients of a pool, also those that are connecting still, of which the pool tells nobody. */
import type pg from 'pg'
import { createOccasion } from '../waiting.ts'

type ClientClass = new (config?: pg.ClientConfig) => pg.ClientBase

/** Every client until its socket is closed. */
export class Clients {
  readonly #clients = new Set<pg.ClientBase>()
  readonly #none = createOccasion()
  #isAwaited = false

  /** The class of clients, for a pool that makes them. */
  tracked(Client: ClientClass): ClientClass {
    const clients = this.#clients
    const note = () => this.#note()
    return class Tracked extends Client {
      constructor(config?: pg.ClientConfig) {
        super(config)
        clients.add(this)
        this.once('end', () => {
          clients.delete(this)
          note()
        })
      }
    }
  }

  /** Resolves when no socket is there. The pool has to be ending: it makes no new ones then. */
  gone(): Promise<void> {
    this.#isAwaited = true
    this.#note()
    return this.#none.happened
  }

  #note(): void {
    if (this.#isAwaited && this.#clients.size === 0) this.#none.happen()
  }

  /** Lets go of every socket, whether or not somebody answers at its other end. */
  destroy(): void {
    for (const client of this.#clients) {
      // Whoever waits for an answer on it, or for its connection, hears of that. Its own `end` would
      // first say goodbye to the server, and tells nobody who waits for the connection.
      client.on('error', () => undefined)
      // The types of a client in a pool have neither.
      Reflect.get(Object(Reflect.get(client, 'connection')), 'stream')?.destroy()
    }
  }
}
