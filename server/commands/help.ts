export const HELP = `npm run noren -- COMMAND

Looking
  status [--json]                   how the house stands, on one screen; exit code 1 when a person must look
  events [--unhandled]              what rang, newest first; --unhandled: what is open or was given up
  deliveries [--dead] [--late]      messages, newest first; --dead: those that were given up; --late:
                                    orders whose buyers were not written to, because they were too old
                                    both take --limit 50 and --json
Mending
  reconcile [--since 3d]            ask Stripe for every order of the last days (m, h or d) and catch up
                                    with what no webhook told; delivers what it finds
  retry ID [--again]                an event (evt_…) or a message once more; --again where the buyer may
                                    have got it already
  ignore ID                         nothing is left to do about an event or a message: off the list
Keeping
  backup FILE                       a copy of the SQLite database, made while the server runs, and checked
  forget USER --yes                 erase what we hold of a LINE user (U…); keep the books
  copy --from URL --to URL          all rows from file:… to postgres://… or back; may be started again
  help                              this text

All but copy are safe beside a running server. Exit codes: 0 done, 1 it could not (or not all), 2 not understood.`

/** How a command is written: "retry ID [--again]". */
export function usageOf(name: string): string {
  const line = HELP.split('\n').find((each) => each.startsWith(`  ${name} `)) ?? ''
  return line.trim().split(/ {2,}/)[0] ?? name
}
