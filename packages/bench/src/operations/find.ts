/** Documents of one tenant with Mongoose: inside of the tenant, and with a filter that is written by hand. */
import { withTenant } from '@tenantry/core/context'
import { installTenantGuard, tenantScope } from '@tenantry/mongoose'
import { Mongoose, Schema } from 'mongoose'
import { openRows, type Row, tenantId } from '../databases/rows.ts'
import { type Operation, repeatAwaited } from './repeat.ts'

interface Widget extends Row {
  readonly tenantId: string
}

const one = 100

/** `scoped`, `by hand` or `by hand in a tenant`, then `find` or `findOne`. */
export async function finding(name: string, url: string): Promise<Operation> {
  const [way = '', what = ''] = name.split(', ')
  const isScoped = way === 'scoped'
  const mongoose = new Mongoose()
  if (isScoped) installTenantGuard(mongoose)
  const schema = new Schema<Widget>({
    key: Number,
    name: String,
    price: Number,
    status: String,
    tenantId: String,
  })
  if (isScoped) schema.plugin(tenantScope, { field: 'tenantId' })
  const Widgets = mongoose.model('Widget', schema, 'widgets')
  await mongoose.connect(url, { autoCreate: false, autoIndex: false, maxPoolSize: 1 })

  const isOwn = (found: Widget | null) => found?.tenantId === tenantId
  const own = isScoped ? {} : { tenantId }
  const asked: Readonly<Record<string, () => Operation>> = {
    find: () =>
      repeatAwaited(
        [{ status: 'open', ...own }],
        (filter) => Widgets.find(filter).exec(),
        (found) => found.length === openRows && found.every(isOwn),
      ),
    findOne: () =>
      repeatAwaited([{ key: one, ...own }], (filter) => Widgets.findOne(filter).exec(), isOwn),
  }
  const operation = asked[what]?.()
  if (operation === undefined) throw new Error(`There is no way ${name}.`)
  const close = () => mongoose.disconnect()
  if (way === 'by hand') return { ...operation, close }
  // As in a request, whose guard has entered the tenant.
  return { run: (times) => withTenant(tenantId, () => operation.run(times)), close }
}
