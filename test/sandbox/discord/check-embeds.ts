import type { APIEmbed } from 'discord-api-types/v10'
import {
  collected,
  type FormFault,
  type FormFaults,
  REQUIRED,
  textFault,
  tooLong,
  under,
} from './form-faults.ts'

const MAX_EMBEDS = 10
const MAX_FIELDS = 25
/** Titles, descriptions, fields, footers and authors of all of them together */
const MAX_IN_ALL = 6_000

/** https://docs.discord.com/developers/resources/message#embed-object-embed-limits */
export function embedFaults(embeds: readonly APIEmbed[]): FormFaults {
  if (embeds.length > MAX_EMBEDS) return { embeds: tooLong(MAX_EMBEDS) }
  const each = embeds.map((embed, i) => under(`embeds.${i}`, oneEmbed(embed)))
  const faults: FormFaults = Object.assign({}, ...each)
  const size = embeds.reduce((sum, embed) => sum + sizeOf(embed), 0)
  if (size > MAX_IN_ALL)
    faults['embeds'] = [
      'MAX_EMBED_SIZE_EXCEEDED',
      `Embed size exceeds maximum size of ${MAX_IN_ALL}`,
    ]
  return faults
}

function oneEmbed(embed: APIEmbed): FormFaults {
  const { title, description, fields = [], footer, author, color, timestamp } = embed
  const shows = [
    title?.trim(),
    description?.trim(),
    fields.length,
    footer,
    author,
    embed.image,
    embed.thumbnail,
  ]
  return {
    ...collected({
      description: textFault(description, 4_096) ?? (!shows.some(Boolean) && REQUIRED),
      title: textFault(title, 256),
      color: color !== undefined && !isColour(color) && WRONG_COLOUR,
      'footer.text': footer ? textFault(footer.text, 2_048, { least: 1 }) : null,
      'author.name': author ? textFault(author.name, 256, { least: 1 }) : null,
      timestamp: timestamp !== undefined &&
        Number.isNaN(Date.parse(timestamp)) && [
          'DATE_TIME_TYPE_PARSE',
          `Could not parse ${timestamp}. Should be ISO8601.`,
        ],
      url: addressFault(embed.url),
      'author.url': addressFault(author?.url),
      'thumbnail.url': addressFault(embed.thumbnail?.url),
      'image.url': addressFault(embed.image?.url),
      fields: fields.length > MAX_FIELDS && tooLong(MAX_FIELDS),
    }),
    ...Object.assign(
      {},
      ...fields.map(({ name, value }, i) =>
        under(
          `fields.${i}`,
          collected({
            name: textFault(name, 256, { least: 1 }),
            value: textFault(value, 1_024, { least: 1 }),
          }),
        ),
      ),
    ),
  }
}

const WRONG_COLOUR: FormFault = ['NUMBER_TYPE_MAX', 'int value should be between 0 and 16777215.']

function isColour(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 0xffffff
}

export function addressFault(
  url: unknown,
  schemes: readonly string[] = ['http:', 'https:', 'attachment:'],
): FormFault | null {
  if (url === undefined || url === null) return null
  if (typeof url !== 'string' || !URL.canParse(url))
    return ['URL_TYPE_INVALID_URL', 'Not a well formed URL.']
  const { protocol } = new URL(url)
  if (schemes.includes(protocol)) return null
  return ['URL_TYPE_INVALID_SCHEME', `Scheme "${protocol.slice(0, -1)}" is not supported.`]
}

function sizeOf({ title = '', description = '', fields = [], footer, author }: APIEmbed): number {
  const texts = [title, description, footer?.text ?? '', author?.name ?? '']
  const all = [...texts, ...fields.flatMap(({ name, value }) => [name, value])]
  return all.reduce((sum, text) => sum + String(text).trim().length, 0)
}
