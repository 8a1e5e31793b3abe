/** The requests that are sent, as bytes that are made beforehand. */
import { garbage } from '../tokens/garbage.ts'
import { type Material, tenantId } from '../tokens/material.ts'
import { garbageKinds, type Kind } from './job.ts'

/** A request for the widgets of a tenant. */
export function requestFor(jwt: string | undefined, tenant: string = tenantId): Buffer {
  const credentials = jwt === undefined ? '' : `authorization: Bearer ${jwt}\r\n`
  return Buffer.from(
    `GET /tenants/${tenant}/widgets HTTP/1.1\r\nhost: localhost\r\n${credentials}\r\n`,
  )
}

/** The requests of each kind, which connections take in turn. */
export function requestsOf(material: Material): Readonly<Record<Kind, readonly Buffer[]>> {
  const few = { ...material, tokens: material.tokens.slice(0, 32) }
  const bad = few.tokens.flatMap((_, index) =>
    garbageKinds.map((kind) => garbage(kind, few)[index] ?? ''),
  )
  return {
    same: few.tokens.map((jwt) => requestFor(jwt)),
    new: material.tokens.map((jwt) => requestFor(jwt)),
    garbage: bad.map((jwt) => requestFor(jwt)),
  }
}
