/** The desk on MongoDB, by way of Mongoose. */
import { asSystem, withTenant } from '@tenantry/core/context'
import mongoose from 'mongoose'
import { newsfeed, organizations } from './data.ts'
import type { Desk, Ticket } from './desk.ts'
import { models, NewsfeedModel, OrganizationModel, TicketModel, UserModel } from './models.ts'

/** A document has members of the database besides. */
const toTicket = ({ organizationId, orderNumber, subject, status }: Ticket): Ticket => ({
  organizationId,
  orderNumber,
  subject,
  status,
})

/** @param uri - of the server; its database `tenantry_support_desk` is emptied, and filled anew */
export async function openMongooseDesk(uri: string): Promise<Desk> {
  await mongoose.connect(uri, { dbName: 'tenantry_support_desk', autoCreate: false })
  await asSystem({ reason: 'the example starts anew' }, async () => {
    for (const model of models) await model.deleteMany()
    await NewsfeedModel.create(newsfeed.map((text) => ({ text })))
  })
  for (const model of models) await model.init()
  for (const { id, name, users, tickets } of organizations) {
    await withTenant(id, async () => {
      await OrganizationModel.create({ name })
      await UserModel.create(users.map((email) => ({ email })))
      await TicketModel.create([...tickets])
    })
  }

  // No filter has the organization in it: the guard adds it to everything that is sent.
  return {
    async organization() {
      const found = await OrganizationModel.findOne().lean()
      return found === null ? undefined : { organizationId: found.organizationId, name: found.name }
    },
    async users() {
      const found = await UserModel.find().sort('email').lean()
      return found.map(({ organizationId, email }) => ({ organizationId, email }))
    },
    async tickets(where) {
      return (await TicketModel.find(where).sort('orderNumber').lean()).map(toTicket)
    },
    async ticket(orderNumber) {
      const found = await TicketModel.findOne({ orderNumber }).lean()
      return found === null ? undefined : toTicket(found)
    },
    async addTicket(ticket) {
      return toTicket(await TicketModel.create(ticket))
    },
    async changeTicket(orderNumber, changes) {
      const options = { returnDocument: 'after' } as const
      const found = await TicketModel.findOneAndUpdate({ orderNumber }, changes, options).lean()
      return found === null ? undefined : toTicket(found)
    },
    async removeTicket(orderNumber) {
      return (await TicketModel.deleteOne({ orderNumber })).deletedCount > 0
    },
    async newsfeed() {
      // It is declared as everybody's: no tenant is needed, and none is asked for.
      return (await NewsfeedModel.find().sort('_id').lean()).map(({ text }) => ({ text }))
    },
  }
}
