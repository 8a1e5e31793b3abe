/** Both versions of Mongoose that are supported, under the types of the newer one. */
import { createRequire } from 'node:module'
import mongoose9 from 'mongoose'

// The types of an alias are those of `mongoose`, and cannot be had under its name.
const mongoose8 = createRequire(import.meta.url)('mongoose8') as typeof mongoose9

export const versions: readonly { readonly major: 8 | 9; readonly mongoose: typeof mongoose9 }[] = [
  { major: 8, mongoose: mongoose8 },
  { major: 9, mongoose: mongoose9 },
]
