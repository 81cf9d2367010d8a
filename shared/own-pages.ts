/** Stripe's ids are letters, digits and underscores. */
const PAGES =
  /^\/(orders(\/cs_\w{1,200})?|join|membership(\?do=(card|plan|cancel|pause))?|checkout\/plink_\w{1,100}|plans(\/[\w-]{1,64})?|legal)?$/

/** Is this a page of ours that a link from a chat may open? `/` is the shop itself. */
export function isOwnPage(path: string): boolean {
  return PAGES.test(path)
}
