/** Whether a path names the tenant, and how often. */
import { unknownMount } from './layers.ts'

/** How often a path has the parameter. */
export function timesNamed(path: string, tenantParam: string): number {
  const name = tenantParam.replace(/[\\^$*+?.()[\]|{}]/g, '\\$&')
  return [...path.matchAll(new RegExp(`[:*]"?${name}(?![\\w$])|\\(\\?<${name}>`, 'g'))].length
}

/** Whether it has the parameter, or is not known. */
export function mayName(path: string, tenantParam: string): boolean {
  return timesNamed(path, tenantParam) > 0 || path.includes(unknownMount)
}
