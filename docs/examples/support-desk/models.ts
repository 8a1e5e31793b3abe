/** The models of Mongoose, each with whose documents they are. */
import { installTenantGuard, tenantGlobal, tenantScope } from '@tenantry/mongoose'
import mongoose, { Schema } from 'mongoose'
import type { NewsfeedItem, Organization, Ticket, User } from './desk.ts'

// Before the connection is opened. A collection without one of the plugins is not reached at all.
installTenantGuard(mongoose)

const ofOrganization = { field: 'organizationId' }

const organizationSchema = new Schema<Organization>({ name: { type: String, required: true } })
organizationSchema.plugin(tenantScope, ofOrganization)

const userSchema = new Schema<User>({ email: { type: String, required: true, unique: true } })
userSchema.plugin(tenantScope, ofOrganization)

const ticketSchema = new Schema<Ticket>({
  // Unique in its organization: the plugin puts the organization first in the index.
  orderNumber: { type: Number, required: true, unique: true },
  subject: { type: String, required: true },
  status: { type: String, enum: ['open', 'closed'], default: 'open' },
})
ticketSchema.plugin(tenantScope, ofOrganization)

const newsfeedSchema = new Schema<NewsfeedItem>({ text: { type: String, required: true } })
newsfeedSchema.plugin(tenantGlobal, { readOnly: true })

export const OrganizationModel = mongoose.model('Organization', organizationSchema)
export const UserModel = mongoose.model('User', userSchema)
export const TicketModel = mongoose.model('Ticket', ticketSchema)
export const NewsfeedModel = mongoose.model('NewsfeedItem', newsfeedSchema)

export const models = [OrganizationModel, UserModel, TicketModel, NewsfeedModel]
