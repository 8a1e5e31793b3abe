/** The two versions of Express that every test runs on. */
import { createRequire } from 'node:module'
import express5 from 'express'

// The types are those of 5: what the tests use of it is the same in 4.
const express4: typeof express5 = createRequire(import.meta.url)('express4')

export const versions: readonly { readonly name: string; readonly express: typeof express5 }[] = [
  { name: 'Express 4', express: express4 },
  { name: 'Express 5', express: express5 },
]
