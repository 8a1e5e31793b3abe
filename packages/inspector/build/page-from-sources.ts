/** `@tenantry/inspector` where nothing was built: the page is made when it is imported. */
import { buildPage } from './build-page.ts'

const built = await buildPage()

/** The page. */
export const html: string = built.html

/** Its Content-Security-Policy. */
export const policy: string = built.policy
