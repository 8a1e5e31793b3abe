/** `@tenantry/databases/pglite` */

export {}
