/** The rows of two tenants, with the same keys. */

/** The tenant that is asked about. */
export const tenantId = 'tnt00001'

export interface Row {
  readonly key: number
  readonly name: string
  readonly price: number
  readonly status: string
}

/** Five hundred, of which a page of twenty is open. */
export const rows: readonly Row[] = Array.from({ length: 500 }, (_, key) => ({
  key,
  name: `widget ${key}`,
  price: key * 3,
  status: key % 25 === 0 ? 'open' : 'closed',
}))

export const openRows = 20

export const tenants: readonly string[] = [tenantId, 'tnt00002']
