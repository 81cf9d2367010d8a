/** One thing that was looked at. `mend`: the click, where it is not as it should be. */
export type Finding = { check: Check; ok: boolean; says: string; mend?: string }
export type Check =
  | 'token'
  | 'application'
  | 'public_key'
  | 'endpoint'
  | 'server'
  | 'manage_roles'
  | 'role'
  | 'members'
  | 'commands'
  | 'invite'

export function good(check: Check, says: string): Finding {
  return { check, ok: true, says }
}

export function bad(check: Check, says: string, mend: string): Finding {
  return { check, ok: false, says, mend }
}
