/** `@tenantry/databases/fastify` */

export {}
