/** The codes that this program answers with and that are not those of core. */

/** What a code means, and what to do. */
export interface CommandCode {
  readonly exitCode: string
  readonly meaning: string
  readonly advice: string
}

export const commandCodes: Readonly<Record<string, CommandCode>> = {
  decoded: {
    exitCode: '0',
    meaning: 'The token was read. Nobody has checked its signature.',
    advice: 'To check it: tenantry verify.',
  },
  inspected: {
    exitCode: '0',
    meaning: 'The token was read and nothing was to be checked.',
    advice: 'To check the signature as well, name the keys: --jwks URL|FILE.',
  },
  verified: {
    exitCode: '0',
    meaning: 'The signature matches, and every check that was asked for has passed.',
    advice: 'Nothing to do.',
  },
  granted: {
    exitCode: '0',
    meaning: 'The token grants what was asked about.',
    advice: 'Nothing to do.',
  },
  listed: {
    exitCode: '0',
    meaning: 'Everything that the token holds was listed.',
    advice: 'Nothing to do.',
  },
  same: {
    exitCode: '0',
    meaning: 'The two tokens are equal to the last character.',
    advice: 'Nothing to do.',
  },
  different: {
    exitCode: '1',
    meaning: 'The two tokens are not equal.',
    advice: 'What they say can be the same all the same: look at the differences.',
  },
  minted: {
    exitCode: '0',
    meaning: 'A token was made and signed.',
    advice: 'Use it for development and tests only.',
  },
  key_made: {
    exitCode: '0',
    meaning: 'A key was made.',
    advice: 'Keep its file to yourself, and publish its public half only.',
  },
  jwks_printed: {
    exitCode: '0',
    meaning: 'The public half of the keys was printed.',
    advice: 'Nothing to do.',
  },
  jwks_fetched: {
    exitCode: '0',
    meaning: 'The JWK Set of an address was printed.',
    advice: 'To check it: tenantry doctor URL.',
  },
  serving: {
    exitCode: '0',
    meaning: 'The keys are served, until Ctrl-C.',
    advice: 'Name the address to your application, while developing.',
  },
  healthy: {
    exitCode: '0',
    meaning: 'No check of doctor has failed.',
    advice: 'Look at the warnings, if there are any.',
  },
  checks_failed: {
    exitCode: '1',
    meaning: 'A check of doctor has failed, or with --strict there was a warning.',
    advice: 'Begin with the check that is named first, and look it up: tenantry explain ID.',
  },
  page_served: {
    exitCode: '0',
    meaning: 'The inspector is served on this machine, until Ctrl-C.',
    advice: 'Open the link in your browser. It works once.',
  },
  page_exported: {
    exitCode: '0',
    meaning: 'The inspector was written to a file.',
    advice: 'Open the file in your browser.',
  },
  explained: {
    exitCode: '0',
    meaning: 'The code was explained.',
    advice: 'Nothing to do.',
  },
  completion: {
    exitCode: '0',
    meaning: 'The script for a shell was printed.',
    advice: 'Have the shell read it when it starts.',
  },
  help: { exitCode: '0', meaning: 'Help was printed.', advice: 'Nothing to do.' },
  version: { exitCode: '0', meaning: 'The version was printed.', advice: 'Nothing to do.' },
  usage_invalid: {
    exitCode: '2',
    meaning:
      'The command line cannot be understood: a flag or command that does not exist, a missing value, no token. Nothing was done.',
    advice: 'Read what the message suggests, or ask: tenantry help COMMAND.',
  },
  keys_missing: {
    exitCode: '3',
    meaning: 'A check was asked for, and there are no keys to make it with.',
    advice: 'Name the keys: --jwks URL|FILE, --key FILE, or --workspace and --mode.',
  },
  file_unreadable: {
    exitCode: '3',
    meaning: 'A file that was named does not exist or cannot be read, or standard input cannot.',
    advice: 'Look at the path, and at who may read it.',
  },
  file_exists: {
    exitCode: '1',
    meaning: 'A file of that name is there already. Nothing was written.',
    advice: 'Give another name, or replace it with --force.',
  },
  file_unwritable: {
    exitCode: '3',
    meaning: 'A file cannot be written there. Nothing was written.',
    advice: 'Look at the path, and at who may write to its folder.',
  },
  key_unsuitable: {
    exitCode: '3',
    meaning: 'What was named as a key is none, or is not one for this.',
    advice: 'A private key signs, a public one is published, a secret is never published.',
  },
  claims_unusable: {
    exitCode: '3',
    meaning: 'What was named with --claims is not a JSON object.',
    advice: 'Write an object, such as { "name": "Ann" }.',
  },
  config_unusable: {
    exitCode: '3',
    meaning: 'The file tenantry.config.json is not one of settings.',
    advice: 'Look at its members: jwks, issuer, audience, workspace, mode, algorithms.',
  },
  port_unavailable: {
    exitCode: '3',
    meaning: 'The port or the address cannot be had.',
    advice: 'Leave out --port to get a free one.',
  },
  internal_error: {
    exitCode: '3',
    meaning: 'The program itself failed. That is a defect.',
    advice: 'Please report it, with the output of: tenantry --version --json. Leave the token out.',
  },
}
