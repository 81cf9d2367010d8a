export const HELP = `npm run noren -- COMMAND

Looking
  status [--json]                   how the house stands, on one screen; exit code 1 when a person must look
  events [--unhandled]              what rang, newest first; --unhandled: what is open or was given up
  deliveries [--dead] [--late]      messages, newest first; --dead: those that were given up; --late:
                                    orders whose buyers were not written to, because they were too old
  members [--due]                   who holds a role and by what; --due: whose payment is open
                                    these take --limit 50 and --json
  report [--since DAY] [--csv]      orders, items and money of the last 30 days, or --since 2026-11-01 --until
                                    2026-11-30; --by source,product,day or some of them; or as --json
  link-url --offer ID --source S    the link to an offer for a poster or a bio, and its QR code: drawn here, or
                                    --png FILE, --svg FILE; --utm-campaign and its like are kept with the
                                    order; --direct: the Payment Link, for people without LINE
Mending
  reconcile [--since 3d]            ask Stripe for every order of the last days (m, h or d) and for all
                                    members, catch up with what no webhook told, and deliver it
  retry ID [--again]                an event (evt_…) or a message once more; --again where the buyer may
                                    have got it already
  ignore ID                         nothing is left to do about an event or a message: off the list
Members
  grant USER ROLE [--days N]        give somebody (U… or D…) a role by hand, for good or so long; --note TEXT
  revoke USER ROLE                  take back what was given by hand; what is paid for stays
  view USER VIEW                    which portal view somebody sees, such as guest (invoices only); usual: their role's
Other systems
  outbound add URL [--events LIST]  an address that is told of orders and members (order.*,member.left); --format slack or
                                    discord; --id NAME. Shows the secret, once
  outbound list                     who is told what, who fails and who is off
  outbound test ID                  send a test now, and show what was answered
  outbound enable ID                switch it on again; what has waited leaves
  outbound disable ID               switch it off; what comes waits, for 30 days
  outbound remove ID                forget it, and what it was still to be told
  outbound rotate ID                a new secret; the old one is good for 24 hours more
  outbound deliveries [ID] [--dead] what was told, newest first
  outbound replay ID [MESSAGE]      send again under the same ids: a message (msg_…), or all --since 2026-11-20 or 3d
Campaigns
  campaigns [--send]                who would hear of what, and who would not and why; --send: write to them now
Who is whom
  link CUSTOMER USER                a Stripe customer (cus_…) is this user (U… or D…): makes the two one
                                    --find MAIL|USER: lists candidates, here and at Stripe; changes nothing
                                    --invite CUSTOMER: a fresh mail with the link into LINE
  unlink MERGE                      takes two apart again (merge_…, as link and --find name it)
Discord
  doctor discord                    is all set up there? For each fault, what to click; exit code 1 when there is one
  discord register                  put the slash commands in place on your server; changes nothing when they are
                                    both take --json
Keeping
  backup FILE                       a copy of the SQLite database, made while the server runs, and checked
  forget USER --yes                 erase what we hold of a user (U…, D…) or a payer (cus_…, cs_…); keep the books
  copy --from URL --to URL          all rows from file:… to postgres://… or back; may be started again
  help                              this text

All but copy are safe beside a running server. Exit codes: 0 done, 1 it could not (or not all), 2 not understood.`

/** How a command is written: "retry ID [--again]". */
export function usageOf(name: string): string {
  const line = HELP.split('\n').find((each) => each.startsWith(`  ${name} `)) ?? ''
  return line.trim().split(/ {2,}/)[0] ?? name
}
