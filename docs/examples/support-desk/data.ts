/** What is there at the start: two organizations whose tickets have the same numbers. */
export const organizations = [
  {
    id: 'acme',
    name: 'Acme',
    users: ['ada@acme.example', 'ali@acme.example'],
    tickets: [
      { orderNumber: 1, subject: 'A gear is loose' },
      { orderNumber: 2, subject: 'A spring is missing' },
    ],
  },
  {
    id: 'globex',
    name: 'Globex',
    users: ['gus@globex.example'],
    tickets: [{ orderNumber: 1, subject: 'The invoice is wrong' }],
  },
] as const

export const newsfeed = ['Tickets can be closed.', 'The platform rests on Sunday.'] as const
