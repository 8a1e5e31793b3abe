/** `@tenantry/databases/mongoose` */

export {}
