/** On which Mongoose the guard stands. */
const installed = new WeakSet<object>()

export function isInstalled(mongoose: object): boolean {
  return installed.has(mongoose)
}

export function setInstalled(mongoose: object): void {
  installed.add(mongoose)
}
