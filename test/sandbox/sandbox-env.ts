import type { DiscordSandbox, LineSandbox, MailSandbox, StripeSandbox } from './types.ts'

/** The environment of a Noren whose vendors are the stand-ins: what a shopkeeper writes into `.env`. */
export function sandboxEnv(
  vendors: {
    stripe: StripeSandbox
    line: LineSandbox
    mail?: MailSandbox | null
    discord?: DiscordSandbox | null
  },
  /** `database` as DATABASE_URL wants it */
  place: { database: string; publicUrl: string; port?: number },
): Record<string, string> {
  const { stripe, line, mail, discord } = vendors
  return {
    PORT: String(place.port ?? 0),
    HOST: '127.0.0.1',
    PUBLIC_URL: place.publicUrl,
    DATABASE_URL: place.database,
    STRIPE_SECRET_KEY: stripe.secretKey,
    STRIPE_WEBHOOK_SECRET: stripe.webhookSecret,
    STRIPE_API_BASE: stripe.url,
    // The stand-in has no limit unless it is given one.
    STRIPE_RATE: '100000/100000',
    LINE_CHANNEL_SECRET: line.channelSecret,
    LINE_CHANNEL_ACCESS_TOKEN: line.channelAccessToken,
    LINE_API_BASE: line.url,
    LIFF_ID: line.liffId,
    ...(mail && { SMTP_URL: mail.url, MAIL_FROM: mail.from }),
    ...(discord && {
      DISCORD_APPLICATION_ID: discord.applicationId,
      DISCORD_PUBLIC_KEY: discord.publicKey,
      DISCORD_BOT_TOKEN: discord.botToken,
      DISCORD_GUILD_ID: discord.guildId,
      DISCORD_API_BASE: discord.url,
    }),
    REFERENCE_SECRET: 'reference-secret-of-the-sandbox-0001',
    SESSION_SECRET: 'session-secret-of-the-sandbox-000001',
  }
}
