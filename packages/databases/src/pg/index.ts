/** `@tenantry/databases/pg` */

export {}
