/** What is there at the start, for trying it out: two tenants, each with its first user. */
export const seeds = [
  {
    slug: 'acme',
    email: 'ada@acme.example',
    password: 'gears and springs',
    projects: ['Rocket skates', 'Giant magnet'],
  },
  {
    slug: 'globex',
    email: 'gus@globex.example',
    password: 'weather machine',
    projects: ['Hammock district'],
  },
] as const
