/** `@tenantry/databases/fastify`: the plugin for Fastify 4 and 5. */

export type { TenantDatabasesPluginOptions } from './plugin.ts'
// biome-ignore lint/style/noDefaultExport: Fastify's way of sharing a plugin
export { tenantDatabases, tenantDatabases as default } from './plugin.ts'
