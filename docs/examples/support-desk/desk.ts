/** What the API asks of a database. No question names an organization: it is the current tenant's. */
import { z } from 'zod'

export interface Organization {
  readonly organizationId: string
  readonly name: string
}

export interface User {
  readonly organizationId: string
  readonly email: string
}

export interface Ticket {
  readonly organizationId: string
  /** Counts within its organization: every organization has a number 1. */
  readonly orderNumber: number
  readonly subject: string
  readonly status: 'open' | 'closed'
}

export interface NewsfeedItem {
  readonly text: string
}

export interface Desk {
  organization(): Promise<Organization | undefined>
  users(): Promise<readonly User[]>
  tickets(where: TicketWhere): Promise<readonly Ticket[]>
  ticket(orderNumber: number): Promise<Ticket | undefined>
  /** @throws {ConflictError} `duplicate_key` when the organization has this number already */
  addTicket(ticket: NewTicket): Promise<Ticket>
  changeTicket(orderNumber: number, changes: TicketChanges): Promise<Ticket | undefined>
  /** Whether there was one. */
  removeTicket(orderNumber: number): Promise<boolean>
  /** Of the platform, for everybody. */
  newsfeed(): Promise<readonly NewsfeedItem[]>
}

// What a client sends is read once, here; members that are not named are dropped.
const status = z.enum(['open', 'closed'])
/** PostgreSQL holds no NUL, and a client that sends one has made a mistake. */
const text = z.string().refine((sent) => !sent.includes('\0'))
const subject = text.min(1).max(200)

export const orderNumber = z.coerce.number().int().min(1).max(2_147_483_647)
export const newTicket = z.object({ orderNumber: z.int().min(1).max(2_147_483_647), subject })
export const ticketChanges = z.object({
  subject: subject.exactOptional(),
  status: status.exactOptional(),
})
// A client may well ask for the tickets of another organization. It gets none.
export const ticketWhere = ticketChanges.extend({ organizationId: text.exactOptional() })

export type NewTicket = z.infer<typeof newTicket>
export type TicketChanges = z.infer<typeof ticketChanges>
export type TicketWhere = z.infer<typeof ticketWhere>
