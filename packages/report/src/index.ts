/**
 * The public surface of `@tenantry/report`: what a token says, as plain data and in plain words, the
 * same in a terminal and on a page. It never prints, and knows neither Node nor a browser.
 */

// Access: what is held, and why something is not
export type { AccessAnswer, AccessQuestion } from './access/answer.ts'
export { answerQuestion, requirementOf } from './access/answer.ts'
export type { Holdings } from './access/holdings.ts'
export { unverifiedHoldings, verifiedHoldings } from './access/holdings.ts'
export type { AccessMatrix, MatrixOptions, MatrixRow, RowState } from './access/matrix.ts'
export { matrixOf } from './access/matrix.ts'
// Two tokens
export type { ChangeKind, MemberChange, TenantChange, TokenChanges } from './changes.ts'
export { compareTokens } from './changes.ts'
// Times
export type { Life, LifeState, Moment } from './life.ts'
export { lifeInWords, lifeOf } from './life.ts'
// Notes
export type { Note, NoteId, NoteLevel, NoteMeaning } from './notes/note.ts'
export { noteMeanings } from './notes/note.ts'
export type { NotedToken } from './notes/noted-token.ts'
export { notesOf } from './notes/notes-of.ts'
export { userfrontRoles } from './notes/role-notes.ts'
// The whole
export type { ReportInput, TokenReport } from './report.ts'
export { createReport } from './report.ts'
// Text that is safe to show
export { closest, slipOf } from './text/closest.ts'
export { shapeHint } from './text/shape.ts'
export { count, formatBytes } from './text/size.ts'
export { formatDistance, formatInstant, formatLength, readTimeClaim } from './text/time.ts'
export {
  clip,
  escapeText,
  hidesSomething,
  listNames,
  plainName,
  printableJson,
  printableValue,
  quote,
} from './text/visible.ts'
// A token as it is pasted
export type { CleanToken } from './token/clean-token.ts'
export { cleanToken, holdsToken, looksLikeCredential, looksLikeToken } from './token/clean-token.ts'
// Members of a token
export type { TokenKind } from './token/kind.ts'
export { kindInWords, kindOf } from './token/kind.ts'
export { meaningOfClaim, meaningOfHeader } from './token/meanings.ts'
export type { Reading } from './token/readings.ts'
export { readClaims, readHeader } from './token/readings.ts'
export { subjectInWords } from './token/subject.ts'
