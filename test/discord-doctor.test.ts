import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Finding, judgeSetup, type SetupWanted } from '../server/discord/judge-setup.ts'
import { slashCommands } from '../server/discord/slash-commands.ts'
import { runCommand } from '../server/noren.ts'
import { createDiscordSandbox, type DiscordStandIn } from './sandbox/discord/start.ts'

const SHOP = './test/support/discord-shop.config.ts'
