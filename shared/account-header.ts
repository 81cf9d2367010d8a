/** Says for which account a page speaks, by the word that `/api/me` gave it: the browser's cookie may be another tab's by now. */
export const ACCOUNT_HEADER = 'x-noren-account'
