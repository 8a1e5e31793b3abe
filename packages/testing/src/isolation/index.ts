/** `@tenantry/testing/isolation`: proves that the rows of one tenant never reach another. */

export type {
  FurtherOperation,
  IsolationAdapter,
  Item,
  ItemOperations,
  StoredItem,
  WireCommand,
} from './adapter.ts'
export type { IsolationResult, TestRunner } from './describe-isolation.ts'
export { describeIsolation, isolationVectors, runIsolation } from './describe-isolation.ts'
export type { IsolationVector } from './operation-vectors.ts'
export type { Difference, ProgramOptions, ProgramReport, Step } from './programs.ts'
export { compareWithPrivate } from './programs.ts'
