import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { RichMenu } from '../types.ts'
import { type Answer, give, ok, refuse } from './answer.ts'
import type { LineState } from './line-state.ts'
import { changeMenus, linkedMenu, linkMenu, unlinkMenu } from './link-menus.ts'
import {
  createMenu,
  deleteMenu,
  NO_SUCH_MENU,
  setDefaultMenu,
  uploadPicture,
  validateMenu,
} from './rich-menus.ts'

const MENU = '/v2/bot/richmenu/:richMenuId'
const EVERYBODY = '/v2/bot/user/all/richmenu'
const ONE_USER = '/v2/bot/user/:userId/richmenu'
const PICTURES = ['image/png', 'image/jpeg']
/** Above what LINE takes, so that one that is too large gets LINE's own words. */
const PARSED_BYTES = 4 * 1024 * 1024

type Ids = { Params: { userId: string; richMenuId: string } }

/** The rich menus of api.line.me and api-data.line.me, for whatever guard the scope already has. */
export function richMenuRoutes(app: FastifyInstance, line: LineState): void {
  app.post('/v2/bot/richmenu', async ({ body }, reply) => give(reply, createMenu(line, body)))
  app.post('/v2/bot/richmenu/validate', async ({ body }, reply) => give(reply, validateMenu(body)))
  app.get('/v2/bot/richmenu/list', async (_request, reply) =>
    give(reply, ok({ richmenus: [...line.menus.values()].map(withoutBytes) })),
  )
  app.get<Ids>(MENU, async ({ params }, reply) => {
    const menu = line.menus.get(params.richMenuId)
    return give(reply, menu ? ok(withoutBytes(menu)) : NO_SUCH_MENU)
  })
  app.delete<Ids>(MENU, async ({ params }, reply) =>
    give(reply, deleteMenu(line, params.richMenuId)),
  )
  pictureRoutes(app, line)
  defaultRoutes(app, line)
  linkRoutes(app, line)
}

function pictureRoutes(app: FastifyInstance, line: LineState): void {
  const options = { parseAs: 'buffer', bodyLimit: PARSED_BYTES } as const
  app.addContentTypeParser(PICTURES, options, (_request, body, done) => done(null, body))
  app.post<Ids>(`${MENU}/content`, { bodyLimit: PARSED_BYTES }, async (request, reply) => {
    const type = request.headers['content-type'] ?? ''
    const { body } = request
    if (!PICTURES.includes(type) || !Buffer.isBuffer(body))
      return give(reply, refuse(415, 'Unsupported Media Type'))
    return give(reply, uploadPicture(line, request.params.richMenuId, { type, bytes: body }))
  })
  app.get<Ids>(`${MENU}/content`, async ({ params }, reply): Promise<FastifyReply> => {
    const image = line.menus.get(params.richMenuId)?.image
    if (!image) return give(reply, refuse(404, 'Not found'))
    return reply.type(image.type).send(image.bytes)
  })
}

function defaultRoutes(app: FastifyInstance, line: LineState): void {
  app.post<Ids>(`${EVERYBODY}/:richMenuId`, async ({ params }, reply) =>
    give(reply, setDefaultMenu(line, params.richMenuId)),
  )
  app.get(EVERYBODY, async (_request, reply) =>
    give(reply, line.defaultMenu ? ok({ richMenuId: line.defaultMenu }) : noDefault()),
  )
  app.delete(EVERYBODY, async (_request, reply) => {
    line.defaultMenu = null
    return give(reply, ok())
  })
}

function linkRoutes(app: FastifyInstance, line: LineState): void {
  app.post<Ids>(`${ONE_USER}/:richMenuId`, async (request, reply) =>
    tell(request, reply, linkMenu(line, request.params.userId, request.params.richMenuId)),
  )
  app.get<Ids>(ONE_USER, async ({ params }, reply) => give(reply, linkedMenu(line, params.userId)))
  app.delete<Ids>(ONE_USER, async (request, reply) =>
    tell(request, reply, unlinkMenu(line, request.params.userId)),
  )
  for (const how of ['link', 'unlink'] as const)
    app.post(`/v2/bot/richmenu/bulk/${how}`, async (request, reply) =>
      tell(request, reply, changeMenus(line, request.body, how)),
    )
}

type Linking = ReturnType<typeof linkMenu>

function tell(
  request: Pick<FastifyRequest, 'changedMenus'>,
  reply: FastifyReply,
  linking: Linking,
): FastifyReply {
  request.changedMenus = linking.changed ?? []
  return give(reply, linking.answer)
}

function withoutBytes({ image: _, ...menu }: RichMenu): Omit<RichMenu, 'image'> {
  return menu
}

function noDefault(): Answer {
  return refuse(404, 'no default richmenu', { details: [] })
}
