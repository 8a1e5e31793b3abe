/** Which hosts are this machine. */

/** Whether a host, as it stands in a URL, can be nothing but this machine. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host)
}
