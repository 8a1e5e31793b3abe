/** Whatever an application is built of: to a route that the audit calls guarded, nobody gets by. */
import { auditRoutes, createGuard, getOptionalAuth } from '@tenantry/express'
import type { ErrorRequestHandler, RequestHandler, Router } from 'express'
import fc from 'fast-check'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { versions } from './support/express-versions.ts'
import { serve } from './support/serve.ts'
import { tokenOf, verifier } from './support/tokens.ts'

/** One thing after another on a router. */
type Part =
  | { readonly kind: 'guard'; readonly how: 'use' | 'all'; readonly path: string }
  | { readonly kind: 'route'; readonly path: string; readonly own: 'none' | 'first' }
  | { readonly kind: 'leave' }
  | { readonly kind: 'fail' }
  | { readonly kind: 'error' }
  | { readonly kind: 'param' }
  | { readonly kind: 'router'; readonly path: string; readonly parts: readonly Part[] }

/** Many guards and routes begin alike, so that there is something to be found. */
const beginnings = ['/:tenantId', '/a/:tenantId', '/a/:tenantId', '/:x/:tenantId']
const ends = ['', '/', '/a', '/B', '/:y', '/:y/b']
const odd = {
  'Express 4': {
    beginnings: [
      '/*/:tenantId',
      '/:x+/:tenantId',
      '/:tenantId(\\w+)',
      '/:tenantId+',
      '/A/:tenantId?',
    ],
    ends: ['/*', '/:y?', '/:y+', '/:y*', '/?', '*', '+', '?', '(\\w+)'],
  },
  'Express 5': {
    beginnings: ['/*w/:tenantId', '{/:x}/:tenantId', '/:tenantId-:z', '{/a}/:tenantId'],
    ends: ['/*w', '{/:y}', '{/:y}/a', '-:z', '{/*w}'],
  },
}

function pathOf(name: keyof typeof odd): fc.Arbitrary<string> {
  const part = (weight: number, usual: readonly string[], unusual: readonly string[]) =>
    fc.oneof(
      { weight, arbitrary: fc.constantFrom(...usual) },
      { weight: 1, arbitrary: fc.constantFrom(...unusual) },
    )
  return (
    fc
      .tuple(part(8, beginnings, odd[name].beginnings), part(2, ends, odd[name].ends))
      .map(([beginning, end]) => `${beginning}${end}`)
      // What Express 4 makes no regular expression of.
      .filter((path) => !/[+*?)][+*?(]/.test(path))
  )
}

function partsOf(name: keyof typeof odd): fc.Arbitrary<readonly Part[]> {
  const path = pathOf(name)
  return fc.letrec<{ parts: readonly Part[]; part: Part }>((tie) => ({
    parts: fc.array(tie('part'), { minLength: 1, maxLength: 5, depthIdentifier: 'routers' }),
    part: fc.oneof(
      { depthIdentifier: 'routers', maxDepth: 2 },
      {
        weight: 4,
        arbitrary: fc.record({
          kind: fc.constant('guard' as const),
          how: fc.constantFrom('use' as const, 'all' as const),
          path: fc.oneof({ weight: 4, arbitrary: path }, fc.constant('/')),
        }),
      },
      {
        weight: 5,
        arbitrary: fc.record({
          kind: fc.constant('route' as const),
          path,
          own: fc.constantFrom('none' as const, 'none' as const, 'none' as const, 'first' as const),
        }),
      },
      {
        weight: 1,
        arbitrary: fc.constantFrom<Part>(
          { kind: 'leave' },
          { kind: 'fail' },
          { kind: 'error' },
          { kind: 'param' },
        ),
      },
      {
        weight: 2,
        arbitrary: fc.record({
          kind: fc.constant('router' as const),
          path: fc.oneof(path, fc.constantFrom('/', '/a')),
          parts: tie('parts'),
        }),
      },
    ),
  })).parts
}

const leave: RequestHandler = (_req, _res, next) => next('router')
const fail: RequestHandler = (_req, _res, next) => next(new Error('any'))
const goOn: ErrorRequestHandler = (_error, _req, _res, next) => next()

/** Requests to a path: a value or two for each parameter, up to three segments for what repeats. */
function requestsTo(path: string): readonly string[] {
  const values = ['acme', 'evil', 'a:b', 'ev%69l']
  return values.flatMap((value, index) => {
    const fill = (repeated: string) =>
      path
        .replace(/\/:\w+\?/g, index % 2 === 0 ? '' : '/o')
        .replace(/\{([^{}]*)\}/g, index % 2 === 0 ? '' : '$1')
        .replace(/:\w+(?:\([^()]*\))?[+*]|\*\w*/g, repeated)
        .replace(/:\w+(?:\([^()]*\))?/g, value) || '/'
    const one = fill('r')
    return [one, fill(''), fill('r/s'), fill('r/acme/t'), one.toUpperCase(), `${one}/`]
  })
}

describe.each(versions)('$name', ({ name, express }) => {
  test('the audit calls guarded only what is', { timeout: 120_000 }, async () => {
    let app = express()
    const { get } = await serve((req, res) => app(req, res))
    const token = await tokenOf({ acme: [], r: [], o: [] })
    let guardedRoutes = 0
    const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => {})
    onTestFinished(() => warn.mockRestore())

    await fc.assert(
      fc.asyncProperty(partsOf(name as keyof typeof odd), async (parts) => {
        app = express()
        const guard = createGuard({ verifier })
        const paths: string[] = []

        function add(on: Router, outer: string, list: readonly Part[]): void {
          for (const part of list) {
            if (part.kind === 'leave') on.use(leave)
            else if (part.kind === 'fail') on.use(fail)
            else if (part.kind === 'error') on.use(goOn)
            else if (part.kind === 'param') on.param('y', (_req, _res, next) => next('route'))
            else if (part.kind === 'guard') on[part.how](part.path, guard.requireTenant())
            else if (part.kind === 'router') {
              const inner = express.Router({ mergeParams: true })
              add(inner, `${outer}${part.path}`, part.parts)
              on.use(part.path, inner)
            } else {
              const path = `${outer}${part.path}`
              const handler: RequestHandler = (req, res) => {
                const checked = getOptionalAuthOf(req)
                res.json({ path, named: req.params['tenantId'] ?? null, checked })
              }
              const own = guard.requireTenant()
              if (part.own === 'first') on.get(part.path, own, handler)
              else on.get(part.path, handler)
              paths.push(path)
            }
          }
        }
        add(app, '', parts)
        guard.errorHandler()
        app.use(((_error, _req, res, _next) => res.status(401).end()) as ErrorRequestHandler)

        // Two routes at one path are told apart by neither; one open is enough for it to be called so.
        const findings = auditRoutes(app).filter(({ method }) => method === 'GET')
        const open = new Set(findings.filter(({ guarded }) => !guarded).map(({ path }) => path))
        const guarded = new Set(findings.map(({ path }) => path).filter((path) => !open.has(path)))
        guardedRoutes += guarded.size
        if (guarded.size === 0) return
        const targets = paths.filter((path) => guarded.has(path)).flatMap(requestsTo)
        for (const target of new Set(targets)) {
          for (const sent of [undefined, token]) {
            const answer = await get(target, sent)
            if (answer.status !== 200) continue
            const { path, named, checked } = JSON.parse(answer.text)
            if (!guarded.has(path)) continue
            expect({ target, path, checked }).toEqual({ target, path, checked: named })
          }
        }
      }),
      { numRuns: 600 },
    )
    expect(guardedRoutes).toBeGreaterThan(50)
  })
})

/** The tenant that was checked; a word of its own where no guard has run. */
function getOptionalAuthOf(request: object): string {
  try {
    return getOptionalAuth(request)?.tenantId ?? 'no tenant'
  } catch {
    return 'no guard'
  }
}
