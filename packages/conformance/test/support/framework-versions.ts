/** The four, side by side. */
import type { Server } from 'node:http'
import { createRequire } from 'node:module'
import express5 from 'express'
import fastify5, { type FastifyHttpOptions, type FastifyInstance } from 'fastify'
import fastify4 from 'fastify4'

/** One of the four. */
export type FrameworkName = 'Express 4' | 'Express 5' | 'Fastify 4' | 'Fastify 5'

export type CreateFastify = (options: FastifyHttpOptions<Server>) => FastifyInstance

// The types are those of the newer version: what is used of it here is the same in the older one.
const express4: typeof express5 = createRequire(import.meta.url)('express4')

export const expressVersions: readonly {
  readonly name: FrameworkName
  readonly express: typeof express5
}[] = [
  { name: 'Express 4', express: express4 },
  { name: 'Express 5', express: express5 },
]

export const fastifyVersions: readonly {
  readonly name: FrameworkName
  readonly fastify: CreateFastify
}[] = [
  { name: 'Fastify 4', fastify: fastify4 as unknown as CreateFastify },
  { name: 'Fastify 5', fastify: (options) => fastify5(options) },
]
