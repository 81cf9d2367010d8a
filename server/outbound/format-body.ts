import { discordText } from '../../shared/discord-text.ts'
import type { OutboundLetter } from '../ports.ts'
import { chatLines } from './chat-lines.ts'

/**
 * The request's body. The standard one is the payload itself, byte for byte; Slack and Discord want words
 * for people, in forms of their own. Buyers choose their names, so nothing in those may call anybody.
 */
export function bodyOf(letter: OutboundLetter): string {
  if (letter.format === 'slack') return JSON.stringify(slackBody(letter))
  if (letter.format === 'discord') return JSON.stringify(discordBody(letter))
  return letter.payload
}

/** https://docs.slack.dev/messaging/formatting-message-text: these three are all that Slack reads as more than text. */
const slackText = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

/** https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks */
function slackBody(letter: OutboundLetter) {
  const { title, rows } = chatLines(letter)
  const head = `【${slackText(letter.shop)}】${slackText(title)}`
  const lines = rows.map(([name, value]) => `${slackText(name)}: ${slackText(value)}`)
  const text = [head, ...lines].join('\n')
  return {
    text: head,
    blocks: [{ type: 'section', text: { type: 'mrkdwn', text, verbatim: true } }],
  }
}

/** https://docs.discord.com/developers/resources/webhook#execute-webhook */
function discordBody(letter: OutboundLetter) {
  const { title, rows } = chatLines(letter)
  return {
    content: discordText(`【${letter.shop}】${title}`),
    embeds:
      rows.length === 0
        ? []
        : [
            {
              fields: rows.map(([name, value]) => ({
                name: discordText(name),
                value: discordText(value),
              })),
            },
          ],
    // Neither @everyone nor anybody else, whatever somebody calls themselves.
    allowed_mentions: { parse: [] },
  }
}
