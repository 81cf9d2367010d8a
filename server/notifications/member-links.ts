/** Where a member's buttons lead: into LIFF, which decides by how things stand when it is opened. */
export function memberLinks(liffId: string) {
  const shop = `https://liff.line.me/${liffId}`
  return {
    shop,
    orders: `${shop}/orders`,
    join: `${shop}/join`,
    membership: `${shop}/membership`,
    card: `${shop}/membership?do=card`,
    plan: `${shop}/membership?do=plan`,
    cancel: `${shop}/membership?do=cancel`,
    legal: `${shop}/legal`,
  }
}
