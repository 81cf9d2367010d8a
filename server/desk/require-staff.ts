import type { FastifyRequest } from 'fastify'
import { Refusal } from '../errors.ts'
import { requireAccount } from '../people/guard.ts'
import { lineAccountId } from '../people/people.store.ts'
import type { Db } from '../ports.ts'
import type { ShopConfig } from '../shop/define-shop.ts'

/**
 * The shop's own people, by the LINE userIds that shop.config.ts names, and only as LINE itself has just
 * told who they are: a one-time link may have been passed on. Throws 401 for nobody, 403 for anybody else.
 */
export async function requireStaff(
  request: FastifyRequest,
  db: Db,
  { staff }: Pick<ShopConfig, 'staff'>,
): Promise<void> {
  const { accountId, via } = await requireAccount(request, db)
  const isStaff = staff?.people?.some((userId) => lineAccountId(userId) === accountId)
  if (isStaff && via !== 'link') return
  throw new Refusal(
    403,
    'not_staff',
    'The desk is for the people of this shop (staff.people in shop.config.ts), logged in with LINE.',
  )
}
