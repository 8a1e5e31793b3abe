/** An organization has many users, products, catalogs and orders. Each of them belongs to one organization. */
import { installTenantGuard, tenantScope } from '@tenantry/mongoose'
import mongoose, { Schema, type Types } from 'mongoose'

// Before the connection is opened.
installTenantGuard(mongoose)

export interface User {
  readonly email: string
  readonly organizationId: string
}

export interface Product {
  readonly name: string
  readonly desc: string
  readonly organizationId: string
}

export interface Catalog {
  readonly title: string
  readonly products: readonly Types.ObjectId[]
  readonly organizationId: string
}

export interface Order {
  readonly product: Types.ObjectId
  readonly quantity: number
  readonly organizationId: string
}

const text = { type: String, required: true } as const
const product = { type: Schema.Types.ObjectId, ref: 'Product', required: true } as const

/** Checked references: nobody orders a product of another organization. */
const ofOrganization = { field: 'organizationId', refs: 'check' } as const

const userSchema = new Schema<User>({ email: { ...text, unique: true } })
userSchema.plugin(tenantScope, ofOrganization)

// Unique in its organization: the plugin puts the organization first in the index.
const productSchema = new Schema<Product>({ name: { ...text, unique: true }, desc: text })
productSchema.plugin(tenantScope, ofOrganization)

const catalogSchema = new Schema<Catalog>({ title: text, products: [product] })
catalogSchema.plugin(tenantScope, ofOrganization)

const orderSchema = new Schema<Order>({ product, quantity: { type: Number, min: 1 } })
orderSchema.plugin(tenantScope, ofOrganization)

/** Nothing is asked of them directly: see server.ts for what comes of it. */
export const models = {
  users: mongoose.model('User', userSchema),
  products: mongoose.model('Product', productSchema),
  catalogs: mongoose.model('Catalog', catalogSchema),
  orders: mongoose.model('Order', orderSchema),
}
